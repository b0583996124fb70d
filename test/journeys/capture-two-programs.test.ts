import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSite, RICH_MAP, type Site } from './capture.ts';
import { openStage, type Stage } from './stage.ts';

const DEAL = { pipelineId: 'default', stageId: 'qualifiedtobuy', name: '{program}' };
const BLANK = { onExisting: 'fill_blank' };

let stage: Stage;
let site: Site;
let second: { programId: string; code: string };

beforeAll(async () => {
  stage = await openStage();
  const map = RICH_MAP.map((line) => ({ ...line, ...BLANK }));
  site = await openSite(stage, 2301, { map, deal: { ...DEAL, policy: 'attach' } });
  // The older program is the primary one.
  stage.clock.advance(1_000);
  second = await site.program({
    name: 'Second program',
    capture: {
      map: [
        { field: 'email', from: 'friend.email' },
        { field: 'firstname', from: 'friend.firstName' },
        { field: 'campaign', from: 'program.name', ...BLANK },
        { field: 'jobtitle', value: 'Guest', ...BLANK },
      ],
      deal: { ...DEAL, policy: 'attach' },
    },
  });
});

afterAll(() => stage.close());

/** Both at once, and in either order. */
function referTwice(email: string): Promise<[string, string]> {
  return Promise.all([site.refer(email), site.refer(email, second)]);
}

function dealsOf(email: string) {
  const { id } = site.contact(email);
  return site
    .deals()
    .filter(({ associations }) => associations['contacts']?.includes(id))
    .map(({ properties }) => [properties['dealname'], properties['passalong_referral_id']]);
}

test('a friend referred to two programs at once is one contact with a deal for each, the primary program having the first word (C9)', async () => {
  for (let round = 0; round < 5; round += 1) {
    const email = `both${round}@example.org`;
    stage.hubspot.control.log.clear();
    const [primary, other] = await referTwice(email);
    await stage.settle(120_000);
    expect(site.contact(email).createdWith.properties).toMatchObject({
      campaign: 'Customer referrals',
      jobtitle: 'Guest',
      lead_source: 'Referral',
      passalong_referral_id: primary,
    });
    expect(dealsOf(email).sort()).toEqual([
      ['Customer referrals', primary],
      ['Second program', other],
    ]);
    expect([await site.entries(primary), await site.entries(other)]).toEqual([[], []]);
    // Looked for, compared with the advocate, made, each once: what came of both was recorded in one go.
    const paths = stage.hubspot.control.log.calls({ portalId: 2301, method: 'POST' }).map(({ path }) => path);
    const untilDeals = paths.slice(
      0,
      paths.findIndex((path) => path.includes('/contacts/deals/')),
    );
    expect(untilDeals.map((path) => path.split('/').slice(-3).join('/'))).toEqual([
      'contacts/batch/read',
      'contacts/batch/read',
      'contacts/batch/create',
    ]);
  }
});

test('of one open deal two referrals at once take one, and the other gets its own (C9)', async () => {
  for (let round = 0; round < 5; round += 1) {
    const email = `one${round}@example.org`;
    const contactId = site.portal.createContact({ email });
    site.portal.createDeal({ dealname: 'Open', pipeline: 'default', dealstage: 'qualifiedtobuy' }, [contactId]);
    const [primary, other] = await referTwice(email);
    await stage.settle(120_000);
    expect(dealsOf(email).sort()).toEqual([
      ['Open', primary],
      ['Second program', other],
    ]);
    expect(site.contact(email).properties).toMatchObject({ campaign: 'Customer referrals', jobtitle: 'Guest' });
  }
});

test('two workers taking up two referrals of one friend make one contact and two deals', async () => {
  const email = 'workers@example.org';
  const [primary, other] = await referTwice(email);
  const claim = (until: Date | null) =>
    stage.rows('update outbox set claimed_until = $2 where key = $1', [other, until]);
  await claim(new Date(stage.clock.now() + 60_000));
  const realFetch = globalThis.fetch;
  let overtaken = false;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    if (!overtaken && new Request(input).url.endsWith('/contacts/batch/create')) {
      overtaken = true;
      await claim(null);
      await stage.service.process(site.tenant);
    }
    return realFetch(input, init);
  });
  await stage.service.process(site.tenant);
  vi.restoreAllMocks();
  expect(overtaken).toBe(true);
  await stage.settle(600_000);
  expect(dealsOf(email).sort()).toEqual([
    ['Customer referrals', primary],
    ['Second program', other],
  ]);
  const open = 'select kind, last_error from outbox where key = any($1) and done_at is null';
  expect(await stage.rows(open, [[primary, other]])).toEqual([]);
});
