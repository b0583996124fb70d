import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTwoCrms, ORG_APP, type Tied, type TwoCrms } from './two-crms.ts';

const TOKEN_PATH = '/services/oauth2/token';
const HOUR_MS = 3_600_000;
const INSTALL = '/salesforce/oauth/install';

let crms: TwoCrms;
let orgId: string;
let tied: Tied;

beforeEach(async () => {
  crms = await openTwoCrms();
  orgId = (await crms.salesforce.control.createOrg()).orgId;
  await crms.install(INSTALL, orgId);
  tied = (await crms.tied('salesforce', orgId))!;
  await crms.sweep();
  crms.salesforce.control.log.clear();
});

afterEach(() => crms.close());

const org = () => crms.salesforce.control.org(orgId);
const renewals = () => crms.salesforce.control.log.calls({ path: TOKEN_PATH }).map(({ status }) => status);

/** Work goes on for a day as in production, however little of it succeeds. */
async function aDay(): Promise<void> {
  for (let hour = 0; hour < 24; hour += 1) {
    crms.clock.advance(HOUR_MS);
    await crms.sweep();
    // Wake-ups come whether there is something due or not.
    await crms.service.process(tied);
  }
}

async function expectAskedOnce(reason: string): Promise<void> {
  const { body } = await crms.api(tied.workspaceId, 'GET', '/connections');
  expect(body.items).toMatchObject([
    { status: 'needs_reauthorization', statusReason: expect.stringContaining(reason) },
  ]);
  const broken = await crms.rows("select 1 from audit_log where action = 'connection.broken'");
  expect(broken).toHaveLength(1);
}

test('a new token lost on its way costs one more try and one question, and then nothing is asked of Salesforce (E24)', async () => {
  org().revokeAccessTokens();
  crms.salesforce.control.faults.add({ kind: 'down', when: 'after', path: TOKEN_PATH, times: 1 });
  await aDay();
  expect(renewals()).toEqual([0, 400]);
  await expectAskedOnce('has ended the authorisation');
  crms.salesforce.control.log.clear();
  await aDay();
  expect(crms.salesforce.control.log.calls()).toEqual([]);
  expect((await crms.install(INSTALL, orgId)).status).toBe(200);
  crms.salesforce.control.log.clear();
  await aDay();
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ ...tied, status: 'connected' });
  const answered = crms.salesforce.control.log.calls({ status: 200 }).filter(({ counted }) => counted);
  expect(answered.length).toBeGreaterThan(20);
});

test('an authorisation that an administrator takes back is noticed at the next call, and told once (E24)', async () => {
  org().revokeGrant(ORG_APP);
  await aDay();
  expect(renewals()).toEqual([400]);
  await expectAskedOnce('revoked');
});

test('an access token that dies before anybody expects it costs one refused call and one renewal', async () => {
  org().revokeAccessTokens();
  crms.clock.advance(5 * 60_000);
  await crms.sweep();
  expect(renewals()).toEqual([200]);
  expect(crms.salesforce.control.log.calls({ status: 401 })).toHaveLength(1);
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'connected' });
});

test('a consumer secret of ours that Salesforce does not know is not taken for a revocation', async () => {
  const [app] = crms.salesforce.control.apps();
  crms.salesforce.control.registerApp({ ...app!, certificate: undefined, clientSecret: 'rotated' });
  org().revokeAccessTokens();
  await aDay();
  expect(new Set(renewals())).toEqual(new Set([400]));
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'connected' });
  crms.salesforce.control.registerApp({ ...app!, certificate: undefined });
  await aDay();
  expect(renewals()).toContain(200);
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ status: 'connected' });
});
