import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Launched } from '../journeys/program.ts';
import { openStage, type ApiAnswer, type Stage, type Tenant } from '../journeys/stage.ts';
import { cardClient, newRequestKey, type CardClient } from './card-client.ts';

const PORTAL = 3_001;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let rep: CardClient;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  rep = cardClient(stage, tenant);
});
afterAll(() => stage.close());

const newContact = (email: string): string => stage.hubspot.control.portal(PORTAL).createContact({ email });
const enrol = (contactId: string, requestKey = newRequestKey()): Promise<ApiAnswer> =>
  rep.post(`/hubspot/contacts/${contactId}/advocate`, { requestKey, programId: launched.programId });
const refer = (contactId: string, more: object): Promise<ApiAnswer> =>
  rep.post(`/hubspot/contacts/${contactId}/referrals`, {
    requestKey: newRequestKey(),
    programId: launched.programId,
    ...more,
  });

test('a submission that was refused and then mended is done under the same key (G10)', async () => {
  const id = newContact('mended@example.com');
  const body = { requestKey: newRequestKey(), email: 'friend.of.mended@example.com' };
  const refused = await refer(id, body);
  expect([refused.status, refused.body.error.code]).toEqual([409, 'contact_not_enrolled']);
  expect((await enrol(id)).status).toBe(201);
  const mended = await refer(id, body);
  expect([mended.status, mended.body.result]).toEqual([201, 'added']);
  expect(await refer(id, body)).toEqual(mended);
});

test('enrolling somebody whose link rests opens it, and the audit says who did', async () => {
  const id = newContact('resting@example.com');
  const { advocateId } = (await enrol(id)).body as { advocateId: string };
  await stage.rows('update advocates set paused_at = now() where id = $1', [advocateId]);
  const again = await enrol(id);
  expect([again.status, again.body.result]).toEqual([200, 'already_enrolled']);
  expect((await enrol(id)).status).toBe(200);
  expect(await stage.rows('select actor, action from audit_log where subject = $1 order by id', [advocateId])).toEqual([
    { actor: 'hubspot_user:77', action: 'card.contact_enrolled' },
    { actor: 'hubspot_user:77', action: 'card.link_reopened' },
  ]);
  expect(await stage.rows('select paused_at from advocates where id = $1', [advocateId])).toEqual([
    { paused_at: null },
  ]);
});

test.each(['an advocate', 'a friend'])(
  '%s who was erased is not enrolled, and no dead link is given out (E32)',
  async (who) => {
    const email = who === 'a friend' ? 'erased.friend@example.com' : 'erased@example.com';
    const [id, other] = [newContact(email), newContact(`other.${email}`)];
    const done = who === 'a friend' ? await refer(launched.advocateContactId, { email }) : await enrol(id);
    expect(done.status).toBe(201);
    await stage.settle();
    // Another contact of the same person, as a second account may hold one.
    expect((await rep.get(`/hubspot/contacts/${other}/card`)).status).toBe(200);
    await stage.rows(
      `update crm_records o set person_id = k.person_id from crm_records k
      where k.record_id = $1 and o.record_id = $2 and k.object_type = 'contact' and o.object_type = 'contact'`,
      [id, other],
    );
    stage.hubspot.control.portal(PORTAL).privacyDelete(id);
    await stage.settle();
    const answer = await enrol(other);
    expect([answer.status, answer.body.error?.code]).toEqual([409, 'person_erased']);
    expect(answer.body.error.remedy).toContain('new contact');
  },
);

test('a link that a privacy deletion closed is not given out, though its person was merged since (E32, E5)', async () => {
  const id = newContact('closed@example.com');
  const { advocateId } = (await enrol(id)).body as { advocateId: string };
  await stage.rows('update advocates set closed_at = now() where id = $1', [advocateId]);
  const answer = await enrol(id);
  expect([answer.status, answer.body.error?.code]).toEqual([409, 'person_erased']);
});

test('a contact that is not in the account is not enrolled (E33)', async () => {
  const answer = await enrol('99999999');
  expect([answer.status, answer.body.error.code]).toEqual([403, 'card_record_refused']);
  expect(await stage.rows(`select 1 from crm_records where record_id = '99999999'`)).toEqual([]);
});

test('a note of spaces is no note', async () => {
  const { referralId } = (await refer(launched.advocateContactId, { email: 'no.note@example.com', note: '  ' }))
    .body as { referralId: string };
  expect(await stage.rows('select answers from referrals where id = $1', [referralId])).toEqual([{ answers: {} }]);
});

test.each([
  ['a draft', 409, 'program_not_published'],
  ['a program of somebody else', 404, 'program_not_found'],
])('nobody is referred in %s', async (kind, status, code) => {
  const draft = await tenant.api('POST', '/programs', { name: 'Draft', landingUrl: null, rules: [], rewardRules: [] });
  const programId = kind === 'a draft' ? (draft.body.id as string) : 'prg_4k7w0q9zt1m3x8c2v5b6';
  const answer = await refer(launched.advocateContactId, { programId, email: 'nobody@example.com' });
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});
