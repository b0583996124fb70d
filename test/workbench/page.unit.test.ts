import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addAdvocate, API_KEY, openBench, PORTAL_ID, referralOf, serve, type OpenBench } from './bench.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

let open: OpenBench;

beforeEach(async () => {
  open = await openBench();
});
afterEach(() => open.close());

const pageText = async (path = '/'): Promise<string> => (await fetch(open.url + path)).text();

describe('what the page shows', () => {
  test('the program in plain words, with the names this HubSpot account uses', async () => {
    serve(open.service, {});
    const text = await pageText();
    expect(text).toContain('when the friend’s Lifecycle Stage becomes Customer');
    expect(text).toContain('when a deal of the friend reaches Closed Won in the Sales Pipeline');
    expect(text).toContain('10 % of the deal’s Amount for the advocate once the referral is approved');
  });

  test('a contact’s properties exactly as HubSpot holds them, the empty ones shown as empty', async () => {
    const id = addAdvocate(open.control, { firstname: 'Ada', email: 'ada@example.com', code: 'ada1' });
    const { regions } = await open.view(`?shown=${id}`);
    expect(regions.contact).toMatch(/passalong_referral_code<\/code>[^]*?<span class="value">ada1<\/span>/);
    expect(regions.contact).toMatch(/passalong_referral_status<\/code>[^]*?<span class="none">empty<\/span>/);
    open.control.portal(PORTAL_ID).setProperties('contacts', id, { passalong_referral_code: 'ada2' });
    expect((await open.view(`?shown=${id}`)).regions.contact).toContain('ada2');
  });

  test('a friend without a contact is said to have none yet', async () => {
    serve(open.service, { referrals: [referralOf('ref_1', { firstName: 'Finn', email: 'finn@example.com' })] });
    const { regions, shown } = await open.view('?shown=ref_1');
    expect(shown).toBe('ref_1');
    expect(regions.contact).toContain('HubSpot has no contact with this address yet');
  });

  test('the form carries the code it is opened with', async () => {
    addAdvocate(open.control, { firstname: 'Ada', email: 'ada@example.com', code: 'ada1' });
    addAdvocate(open.control, { firstname: 'Bea', email: 'bea@example.com', code: 'bea1' });
    expect(await pageText('/?ref=bea1')).toMatch(/<option value="bea1"\s+selected>/);
  });
});

describe('what strangers wrote stays text', () => {
  test('in every part of the page', async () => {
    const portal = open.control.portal(PORTAL_ID);
    addAdvocate(open.control, { firstname: HOSTILE, email: 'ada@example.com', code: 'ada1' });
    const contactId = portal.createContact({ firstname: HOSTILE, email: 'finn@example.com' });
    portal.createDeal({ dealname: HOSTILE, pipeline: 'default', dealstage: 'qualifiedtobuy' }, [contactId]);
    serve(open.service, {
      referrals: [referralOf('ref_1', { firstName: HOSTILE, email: 'finn@example.com' })],
      rewards: [reward({ recipient: { name: HOSTILE, email: null } })],
      entries: [
        { id: 'ent_1', state: 'review', reason: HOSTILE, referralId: 'ref_1', createdAt: '2026-11-20T10:15:00Z' },
      ],
    });
    const text = await pageText('/?shown=ref_1');
    expect(text).not.toContain('<img');
    expect(text.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)?.length).toBeGreaterThan(8);
    expect(JSON.stringify(await open.view('?shown=%3Cimg%3E'))).not.toContain('<img');
  });

  test('the key is in no answer, and the policy lets nothing foreign in', async () => {
    const answer = await fetch(open.url);
    expect((await answer.text()) + JSON.stringify(await open.view())).not.toContain(API_KEY);
    expect(open.service.asked[0]?.authorization).toBe(`Bearer ${API_KEY}`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  });
});

describe('lists are bounded', () => {
  test('the timeline holds sixty lines however much happened', async () => {
    const entries = Array.from({ length: 100 }, (_, index) => ({
      id: `ent_${index}`,
      state: 'processed',
      reason: `reason ${index}`,
      referralId: null,
      objectType: null,
      createdAt: new Date(Date.UTC(2026, 10, 20, 10, 0, index)).toISOString(),
    }));
    serve(open.service, { entries });
    const { regions } = await open.view();
    expect(regions.timeline.match(/<li class="item/g)).toHaveLength(60);
    expect(regions.timeline).toContain('reason 99');
    expect(regions.timeline).not.toContain('reason 39<');
  });

  test('ten rewards have a button, the others are counted', async () => {
    serve(open.service, { rewards: Array.from({ length: 23 }, (_, index) => reward({ id: `rwd_${index}` })) });
    const { regions } = await open.view();
    expect(regions.rewards.match(/<form/g)).toHaveLength(10);
    expect(regions.rewards).toContain('and 13 more');
  });
});

describe('a view', () => {
  test('is not sent again while nothing changed', async () => {
    const { version } = await open.view();
    expect(await open.view(`?known=${version}`)).toEqual({ version });
    open.control.portal(PORTAL_ID).createContact({ email: 'x@example.com', passalong_referral_code: 'x1' });
    expect((await open.view(`?known=${version}`)).regions.program).toBeDefined();
  });

  test('says what it could not read, and goes on showing what it had', async () => {
    serve(open.service, { referrals: [referralOf('ref_1', { firstName: 'Finn', email: 'finn@example.com' })] });
    await open.bench.viewer.view(0);
    await open.service.close();
    await open.bench.viewer.view(0);
    const { regions } = await open.view();
    expect(regions.banner).toContain('Passalong does not answer.');
    expect(regions.lights).toContain('does not answer');
    expect(regions['shown-person']).toContain('Finn Friend');
  });

  test('before the sample account is there the page says so', async () => {
    const starting = await openBench({ started: false });
    try {
      expect(await (await fetch(starting.url)).text()).toContain('Setting up the sample account');
      expect(await starting.view()).toEqual({ version: 'starting' });
      expect((await starting.act('sign-up', {})).status).toBe(503);
    } finally {
      await starting.close();
    }
  });
});

function reward(over: object): object {
  return {
    id: 'rwd_1',
    referralId: 'ref_1',
    recipient: { name: 'Ada Advocate', email: null },
    milestone: 'approved',
    state: 'pending',
    amount: '12.50',
    currency: 'EUR',
    basis: {},
    createdAt: '2026-11-20T10:15:00.000Z',
    stateAt: '2026-11-20T10:15:00.000Z',
    ...over,
  };
}
