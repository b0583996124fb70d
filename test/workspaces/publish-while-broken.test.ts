import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTwoCrms, ORG_APP, type Answer, type TwoCrms } from './two-crms.ts';

let crms: TwoCrms;
let workspaceId: string;
let orgId: string;

const PORTAL = 640;
const HUBSPOT_STAGE = {
  object: 'deal',
  field: 'dealstage',
  pipelineId: 'default',
  values: ['closedwon'],
  status: 'approved',
};
const ORG_STAGE = { ...HUBSPOT_STAGE, field: 'StageName', pipelineId: '012000000000000AAA', values: ['Closed Won'] };
const ORG_FIELD = { object: 'contact', field: 'LeadSource', values: ['Web'], status: 'approved' };

/** Both CRMs in one workspace, and Salesforce's administrator has taken the app's authorisation back. */
beforeAll(async () => {
  crms = await openTwoCrms();
  crms.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  await crms.install('/hubspot/oauth/install', String(PORTAL));
  ({ workspaceId } = (await crms.tied('hubspot', String(PORTAL)))!);
  ({ orgId } = await crms.salesforce.control.createOrg({ currency: 'EUR' }));
  const link = await crms.api(workspaceId, 'POST', '/connections/join-links', { crm: 'salesforce' });
  await crms.install(link.body.url, orgId);
  await crms.sweep();
  crms.salesforce.control.org(orgId).revokeGrant(ORG_APP);
  crms.clock.advance(600_000);
  await crms.sweep();
  expect(await crms.tied('salesforce', orgId)).toMatchObject({ workspaceId, status: 'needs_reauthorization' });
});

afterAll(() => crms.close());

async function publish(rules: readonly object[]): Promise<Answer> {
  const draft = { name: 'Friends', landingUrl: 'https://example.com/', rules };
  const made = await crms.api(workspaceId, 'POST', '/programs', draft);
  expect(made.status).toBe(201);
  return crms.api(workspaceId, 'POST', `/programs/${made.body.id}/publish`);
}

test('a program that names nothing of the CRM that is broken is published and warns of nothing', async () => {
  expect(await publish([HUBSPOT_STAGE])).toMatchObject({ status: 200, body: { warnings: [] } });
});

test('stages as last read will do while their CRM is broken, and the answer says so', async () => {
  const published = await publish([HUBSPOT_STAGE, ORG_STAGE]);
  expect(published).toMatchObject({ status: 200, body: { warnings: [{ code: 'crm_not_checked' }] } });
});

test('a field that cannot be looked up is refused with the account that needs to be connected again', async () => {
  const refused = await publish([HUBSPOT_STAGE, ORG_FIELD]);
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'crm_authorization_revoked' } } });
  expect(refused.body.error.message).toContain(`Salesforce account ${orgId} needs to be connected again`);
});
