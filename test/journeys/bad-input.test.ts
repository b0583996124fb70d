import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { CLIENT_SECRET, openStage, type ApiAnswer, type Stage, type Tenant } from './stage.ts';

const PORTAL = 501;
const STRANGER = 999_999;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
});

afterAll(() => stage.close());

let stored: number;
beforeEach(async () => {
  stored = await inboxRows();
});

async function inboxRows(): Promise<number> {
  const [row] = await stage.rows<{ n: number }>('select count(*)::int as n from inbox');
  return row?.n ?? 0;
}

function expectError(answer: ApiAnswer, status: number, code: string): void {
  expect([answer.status, answer.body?.error?.code]).toEqual([status, code]);
  expect(answer.body.error).toMatchObject({
    message: expect.stringMatching(/\S/),
    remedy: expect.stringMatching(/\S/),
    requestId: expect.stringMatching(/^req_/),
  });
}

function refer(body: object): Promise<ApiAnswer> {
  return tenant.api('POST', `/programs/${launched.programId}/referrals`, body);
}

async function entry(answer: ApiAnswer): Promise<any> {
  return (await tenant.api('GET', `/entries/${answer.body.error.entryId}`)).body;
}

/** Signed by hand, from HubSpot's published description, not with the service's or the sandbox's code. */
async function post(body: string, change: Partial<Signing> = {}): Promise<ApiAnswer> {
  const signing = {
    secret: CLIENT_SECRET,
    path: '/hubspot/webhooks',
    timestamp: String(stage.clock.now()),
    sent: body,
    ...change,
  };
  const text = `POST${stage.publicUrl}${signing.path}${body}${signing.timestamp}`;
  const answer = await fetch(`${stage.publicUrl}/hubspot/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-v3': createHmac('sha256', signing.secret).update(text).digest('base64'),
      'x-hubspot-request-timestamp': signing.timestamp,
    },
    body: signing.sent,
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

type Signing = { secret: string; path: string; timestamp: string; sent: string };

let nextEvent = 1;
function event(portalId: unknown, objectId = 77): object {
  nextEvent += 1;
  return {
    eventId: nextEvent,
    subscriptionId: 1,
    portalId,
    appId: 1,
    occurredAt: stage.clock.now(),
    attemptNumber: 0,
    objectId,
    subscriptionType: 'object.propertyChange',
    objectTypeId: '0-1',
    propertyName: 'lifecyclestage',
    propertyValue: 'customer',
  };
}

test('an unknown code is refused and kept; corrected and retried it becomes one referral, and no second one (RF-20, RR-29, SG-17)', async () => {
  const refused = await refer({ code: 'bcdfghjkmnp', email: 'typo@example.org', firstName: 'Ty' });
  expectError(refused, 422, 'referral_code_unknown');
  expect(await entry(refused)).toMatchObject({ state: 'failed', reasonCode: 'referral_code_unknown' });
  const retry = `/entries/${refused.body.error.entryId}/retry`;
  expect((await tenant.api('POST', retry, { edits: { code: 'stillwrong2' } })).body.state).toBe('failed');
  expectError(await tenant.api('POST', retry, { edits: { status: 'approved' } }), 422, 'entry_edit_invalid');
  expect((await tenant.api('POST', retry, { edits: { code: launched.code.toUpperCase() } })).body.state).toBe(
    'processed',
  );
  expectError(await tenant.api('POST', retry, { edits: {} }), 409, 'entry_not_retryable');
  await stage.settle();
  const [contact] = stage.hubspot.control.portal(PORTAL).find('contacts', 'email', 'typo@example.org');
  expect(ownProperties(stage, PORTAL, contact?.id ?? '')['passalong_referral_status']).toBe('pending');
  expect((await entry(refused)).edits).toHaveLength(2);
});

test('a malformed email is refused and kept, and its entry can be mended', async () => {
  const refused = await refer({ code: launched.code, email: 'anna@@example' });
  expectError(refused, 422, 'email_malformed');
  const { entryId } = refused.body.error;
  const mended = await tenant.api('POST', `/entries/${entryId}/retry`, { edits: { email: 'anna@example.org' } });
  expect(mended.body.state).toBe('processed');
});

test('a self-referral, also by plus-alias, and a second advocate are refused and stay visible', async () => {
  expectError(await refer({ code: launched.code, email: 'Ada.Advocate+me@example.com' }), 422, 'self_referral');
  await referFriend(tenant, launched, { email: 'taken@example.org' });
  const other = await tenant.api('POST', `/programs/${launched.programId}/advocates`, {
    email: 'other.advocate@example.com',
  });
  const refused = await refer({ code: other.body.code, email: 'TAKEN@example.org' });
  expectError(refused, 409, 'already_referred');
  expect(await entry(refused)).toMatchObject({ state: 'ignored', reasonCode: 'already_referred' });
  const again = await refer({ code: launched.code, email: 'taken@example.org' });
  expect([again.status, again.body.created]).toEqual([200, false]);
});

test('a percent reward without a sale value, or with the wrong one, cannot be saved and the answer says why (RF-44, RF-45)', async () => {
  const [reward] = DEAL_PROGRAM.rewardRules;
  const { saleValue: _left, ...without } = reward!;
  expectError(
    await tenant.api('POST', '/programs', { ...DEAL_PROGRAM, rewardRules: [without] }),
    422,
    'request_invalid',
  );
  const wrong = {
    ...DEAL_PROGRAM,
    rewardRules: [{ ...reward, saleValue: { object: 'contact', field: 'total_revenue' } }],
  };
  const refused = await tenant.api('POST', '/programs', wrong);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body.error)).toContain('rewardRules.0.saleValue');
});

test('a draft takes no referrals, and a program of nobody is not found', async () => {
  const draft = await tenant.api('POST', '/programs', { ...DEAL_PROGRAM, name: 'Draft only' });
  const body = { code: launched.code, email: 'd@example.org' };
  expectError(await tenant.api('POST', `/programs/${draft.body.id}/referrals`, body), 409, 'program_not_published');
  expectError(await tenant.api('POST', '/programs/prg_00000000000000000000/referrals', body), 404, 'program_not_found');
});

test('broken JSON is 400 and two megabytes are 413, signed or not, and nothing is kept', async () => {
  const headers = { authorization: `Bearer ${tenant.apiKey}`, 'content-type': 'application/json' };
  const url = `${stage.publicUrl}/api/v1/programs/${launched.programId}/referrals`;
  const broken = await fetch(url, { method: 'POST', headers, body: '{"code": ' });
  expectError({ status: broken.status, body: await broken.json() }, 400, 'body_not_json');
  const large = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ code: 'x'.repeat(2_000_000) }) });
  expectError({ status: large.status, body: await large.json() }, 413, 'body_too_large');
  expectError(await post('[{"portalId": '), 400, 'body_not_json');
  expectError(await post(JSON.stringify([event(PORTAL), 'x'.repeat(2_000_000)])), 413, 'body_too_large');
  expect(await inboxRows()).toBe(stored);
});

test('a webhook that is forged, stale, early, oddly dated or for another path is 401, and nothing of it is kept (SG-07)', async () => {
  const body = JSON.stringify([event(PORTAL)]);
  const at = stage.clock.now();
  const wrongs: Partial<Signing>[] = [
    { secret: 'somebody-else' },
    { sent: JSON.stringify([event(PORTAL, 78)]) },
    { timestamp: String(at - 300_001) },
    { timestamp: String(at + 300_001) },
    { timestamp: 'NaN' },
    { timestamp: `${at}.0` },
    { path: '/hubspot/webhooks/' },
  ];
  for (const wrong of wrongs) expectError(await post(body, wrong), 401, 'signature_refused');
  const unsigned = await fetch(`${stage.publicUrl}/hubspot/webhooks`, { method: 'POST', body });
  expectError({ status: unsigned.status, body: await unsigned.json() }, 401, 'signature_refused');
  expect(await inboxRows()).toBe(stored);
  expect((await post(body, { timestamp: String(at - 299_000) })).status).toBe(200);
  expect(await inboxRows()).toBe(stored + 1);
});

test('events of portals nobody connected are answered 200 and dropped, and their batch-mates are kept', async () => {
  const mixed = [event(STRANGER), event(PORTAL, 91), event(undefined), event('12x'), event(PORTAL, 92), null, 7];
  expect((await post(JSON.stringify(mixed))).status).toBe(200);
  const rows = await stage.rows('select record_id from inbox where record_id in ($1, $2, $3) order by 1', [
    '77',
    '91',
    '92',
  ]);
  expect(rows.map((row) => row['record_id'])).toEqual(expect.arrayContaining(['91', '92']));
  expect(await inboxRows()).toBe(stored + 2);
});

test('an event that names two portals is refused with its whole delivery', async () => {
  const twice = JSON.stringify(event(PORTAL)).replace(
    `"portalId":${PORTAL}`,
    `"portalId":${STRANGER},"portalId":${PORTAL}`,
  );
  expectError(await post(`[${twice}]`), 400, 'body_ambiguous');
  expect(await inboxRows()).toBe(stored);
});
