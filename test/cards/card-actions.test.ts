import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch, type Launched } from '../journeys/program.ts';
import { openStage, type Stage, type Tenant } from '../journeys/stage.ts';
import { cardClient, newRequestKey, type CardClient } from './card-client.ts';

const PORTAL = 1_001;
const OTHER_PORTAL = 1_002;

let stage: Stage;
let tenant: Tenant;
let other: Tenant;
let launched: Launched;
let rep: CardClient;
let friends = 0;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL });
  stage.hubspot.control.createPortal({ portalId: OTHER_PORTAL });
  tenant = await stage.install(PORTAL);
  other = await stage.install(OTHER_PORTAL);
  launched = await launch(stage, tenant);
  rep = cardClient(stage, tenant);
});
afterAll(() => stage.close());

let email = '';
beforeEach(() => {
  friends += 1;
  email = `friend${String(friends)}@example.com`;
});

const contact = (path: string, id = launched.advocateContactId): string => `/hubspot/contacts/${id}/${path}`;
const spoken = (more: object = {}): object => ({
  requestKey: newRequestKey(),
  programId: launched.programId,
  email,
  firstName: 'Dana',
  lastName: 'Friend',
  note: 'We met at the fair.',
  ...more,
});

async function auditOf(subject: string): Promise<{ actor: string; action: string; detail: { userEmail: string } }[]> {
  return stage.rows('select actor, action, detail from audit_log where subject = $1 order by id', [subject]);
}

async function referralsOf(address: string): Promise<{ id: string; source: string; actor: string }[]> {
  return stage.rows(
    `select r.id, r.source, e.actor from referrals r join people p on p.id = r.person_id
       join referral_events e on e.referral_id = r.id and e.from_status is null where p.email = $1`,
    [address],
  );
}

test('a spoken referral is recorded once, reaches the CRM, and says which HubSpot user added it (G10)', async () => {
  const answer = await rep.post(contact('referrals'), spoken());
  expect([answer.status, answer.body.result]).toEqual([201, 'added']);
  const { referralId } = answer.body as { referralId: string };
  expect(await referralsOf(email)).toEqual([{ id: referralId, source: 'rep', actor: 'hubspot_user:77' }]);
  expect(await auditOf(referralId)).toEqual([
    {
      actor: 'hubspot_user:77',
      action: 'card.referral_added',
      detail: expect.objectContaining({ userEmail: 'robin.rep+eu@example.com' }),
    },
  ]);
  await stage.settle();
  const [friend] = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', email);
  expect(friend?.properties).toMatchObject({ passalong_referral_id: referralId, passalong_source: 'rep' });
});

test('the same friend again, from another form, is no second referral and no second audit line (G10)', async () => {
  const first = await rep.post(contact('referrals'), spoken());
  const second = await rep.post(contact('referrals'), spoken({ email: email.toUpperCase() }));
  expect([second.status, second.body]).toEqual([200, { result: 'already_there', referralId: first.body.referralId }]);
  expect(await referralsOf(email)).toHaveLength(1);
  expect(await auditOf(first.body.referralId as string)).toHaveLength(1);
});

test('twenty reps at once add one friend: one referral (G10)', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      cardClient(stage, tenant, { userId: String(100 + index) }).post(contact('referrals'), spoken()),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
  expect(await referralsOf(email)).toHaveLength(1);
});

test.each([
  ['a mistyped address', { email: 'dana@' }, 422, 'email_malformed', 'email'],
  ['the advocate’s own address', { email: 'ada.advocate@example.com' }, 422, 'self_referral', 'email'],
])('%s is said at the field, and nothing is recorded', async (_, wrong, status, code, field) => {
  const answer = await rep.post(contact('referrals'), spoken(wrong));
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  expect(answer.body.error.fields.map(({ path }: { path: string }) => path)).toEqual([field]);
  expect(await referralsOf(wrong.email)).toEqual([]);
});

test('a contact who does not refer yet is to be enrolled first', async () => {
  const id = stage.hubspot.control.portal(PORTAL).createContact({ email: `new-${email}` });
  const refused = await rep.post(contact('referrals', id), spoken());
  expect([refused.status, refused.body.error.code]).toEqual([409, 'contact_not_enrolled']);
  expect(refused.body.error.remedy).toContain('Enrol');
});

test('a contact is enrolled from the card with what HubSpot holds, once, and the link is written to it (G10, RF-09)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const id = portal.createContact({ email, firstname: 'Nia', lastname: 'Newcomer' });
  const enrol = (): ReturnType<CardClient['post']> =>
    rep.post(contact('advocate', id), { requestKey: newRequestKey(), programId: launched.programId });
  const [first, second] = [await enrol(), await enrol()];
  expect([first.status, first.body.result]).toEqual([201, 'enrolled']);
  expect([second.status, second.body]).toEqual([200, { ...first.body, result: 'already_enrolled' }]);
  expect(await auditOf(first.body.advocateId as string)).toEqual([
    expect.objectContaining({ actor: 'hubspot_user:77', action: 'card.contact_enrolled' }),
  ]);
  await stage.settle();
  expect(portal.get('contacts', id)?.properties['passalong_referral_link']).toBe(first.body.link);
  const [person] = await stage.rows<{ first_name: string }>('select first_name from people where email = $1', [email]);
  expect(person?.first_name).toBe('Nia');
});

test('a review is asked for once, stands in the card and among the entries, and a colleague closes it (G10, G1)', async () => {
  const added = await rep.post(contact('referrals'), spoken());
  const { referralId } = added.body as { referralId: string };
  const ask = (note: string): ReturnType<CardClient['post']> =>
    rep.post(contact(`referrals/${referralId}/review`), { requestKey: newRequestKey(), note });
  const answers = await Promise.all([ask('She signed.'), ask('He signed.')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  const line = async (): Promise<{ reviewAskedAt: string | null } | undefined> =>
    (await rep.get(contact('card'))).body.referrals.items.find(({ id }: { id: string }) => id === referralId);
  expect((await line())?.reviewAskedAt).toBe(answers[0]?.body.askedAt);
  const open = await stage.rows<{ id: string; reason: string }>(
    `select id, reason from entries where referral_id = $1 and state = 'review'`,
    [referralId],
  );
  expect(open).toHaveLength(1);
  expect(open[0]?.reason).toMatch(/^A rep asked for a review: “(She|He) signed.”$/);
  expect(await auditOf(referralId)).toHaveLength(2);
  const closed = await tenant.api('POST', `/entries/${String(open[0]?.id)}/retry`, { edits: {} });
  expect([closed.status, closed.body.state]).toEqual([200, 'processed']);
  expect((await line())?.reviewAskedAt).toBeNull();
  expect((await ask('Again.')).status).toBe(201);
});

test('a referral that moves answers the question: the request for review is closed with it', async () => {
  const added = await rep.post(contact('referrals'), spoken());
  const { referralId } = added.body as { referralId: string };
  await rep.post(contact(`referrals/${referralId}/review`), { requestKey: newRequestKey(), note: null });
  await stage.settle();
  const portal = stage.hubspot.control.portal(PORTAL);
  const [friend] = portal.find('contacts', 'email', email);
  portal.createDeal(
    { dealname: 'Won', pipeline: 'default', dealstage: 'closedwon', amount: '100' },
    friend ? [friend.id] : [],
  );
  await stage.settle();
  const states = await stage.rows(
    `select state, reason_code from entries where referral_id = $1 and trigger->>'kind' = 'review_request'`,
    [referralId],
  );
  expect(states).toEqual([{ state: 'processed', reason_code: 'review_overtaken' }]);
});

test('a referral of another contact, and of another account, is not there', async () => {
  const added = await rep.post(contact('referrals'), spoken());
  const body = { requestKey: newRequestKey(), note: null };
  // Somebody known, who refers too: only whose referral it is makes the difference.
  const stranger = stage.hubspot.control.portal(PORTAL).createContact({ email: `stranger-${email}` });
  const enrolled = await rep.post(contact('advocate', stranger), {
    requestKey: newRequestKey(),
    programId: launched.programId,
  });
  expect(enrolled.status).toBe(201);
  const path = `referrals/${String(added.body.referralId)}/review`;
  const answer = await rep.post(contact(path, stranger), body);
  expect([answer.status, answer.body.error.code]).toEqual([404, 'card_referral_not_found']);
  const foreign = stage.hubspot.control.portal(OTHER_PORTAL).createContact({ email: `foreign-${email}` });
  const theirs = await cardClient(stage, other).post(contact(path, foreign), { ...body, requestKey: newRequestKey() });
  expect([theirs.status, theirs.body.error.code]).toEqual([404, 'card_referral_not_found']);
  expect(await auditOf(added.body.referralId as string)).toHaveLength(1);
});

async function tablesThatSay(word: string): Promise<string[]> {
  const tables = await stage.rows<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [hit] = await stage.rows(`select 1 from ${name} t where t::text like $1 limit 1`, [`%${word}%`]);
    if (hit) found.push(name);
  }
  return found.sort();
}

test.each(['friend', 'advocate'] as const)(
  'what a rep wrote goes with the %s who is erased: the note of the referral and of the review (E32)',
  async (side) => {
    const note = `They told me about the ${side}illness.`;
    const portal = stage.hubspot.control.portal(PORTAL);
    const id = portal.createContact({ email: `by-${email}`, firstname: 'Noa' });
    const { programId } = launched;
    expect((await rep.post(contact('advocate', id), { requestKey: newRequestKey(), programId })).status).toBe(201);
    const added = await rep.post(contact('referrals', id), spoken({ note }));
    expect(added.status).toBe(201);
    const review = contact(`referrals/${String(added.body.referralId)}/review`, id);
    expect((await rep.post(review, { requestKey: newRequestKey(), note })).status).toBe(201);
    await stage.settle();
    expect(await tablesThatSay(`${side}illness`)).toEqual(['entries', 'referrals']);
    const [friend] = portal.find('contacts', 'email', email);
    portal.privacyDelete(side === 'friend' ? (friend?.id ?? '') : id);
    await stage.settle();
    expect(await tablesThatSay(`${side}illness`)).toEqual([]);
  },
);

test('a note of a submission that came to nothing goes with the advocate who is erased (E32)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  const id = portal.createContact({ email: `by-${email}` });
  const { programId } = launched;
  const enrolled = await rep.post(contact('advocate', id), { requestKey: newRequestKey(), programId });
  await stage.rows('update advocates set paused_at = now() where id = $1', [enrolled.body.advocateId]);
  const refused = await rep.post(contact('referrals', id), spoken({ note: 'He rests: restillness.' }));
  expect([refused.status, refused.body.error.code]).toEqual([422, 'advocate_paused']);
  expect(await tablesThatSay('restillness')).toEqual(['entries']);
  portal.privacyDelete(id);
  await stage.settle();
  expect(await tablesThatSay('restillness')).toEqual([]);
});
