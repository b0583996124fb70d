import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSeal } from '../../backend/src/workspaces/seal.ts';
import { createTokenVault } from '../../backend/src/workspaces/token-vault.ts';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { APP_ID, CLIENT_ID, openStage, SECRET_KEY, type Stage, type Tenant } from './stage.ts';

const PORTAL = 811;
const MINUTE_MS = 60_000;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let friend: { readonly friendId: string; readonly dealId: string };

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  await referFriend(tenant, launched, { email: 'finn@example.org', firstName: 'Finn' });
  await stage.settle();
  const friendId = portal().find('contacts', 'email', 'finn@example.org')[0]!.id;
  const deal = { dealname: 'Finn', pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '500' };
  friend = { friendId, dealId: portal().createDeal(deal, [friendId]) };
  await stage.settle();
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const calls = () => stage.hubspot.control.log.calls();

/** From here on HubSpot itself refuses, by the token's own scopes, what the admin took away. */
async function takeAway(scope: string): Promise<void> {
  const [app] = stage.hubspot.control.apps();
  const left = app!.requiredScopes.filter((granted) => granted !== scope);
  expect(left).toHaveLength(app!.requiredScopes.length - 1);
  const issued = portal().install(APP_ID, left);
  const nowMs = stage.clock.now();
  const vault = createTokenVault({
    database: stage.service.database,
    seal: createSeal([SECRET_KEY]),
    clock: stage.clock,
  });
  const account = { ...tenant, crm: 'hubspot', externalAccountId: String(PORTAL) } as const;
  await vault.store(account, {
    ...issued,
    clientId: CLIENT_ID,
    obtainedAtMs: nowMs,
    expiresAtMs: nowMs + 30 * MINUTE_MS,
  });
  stage.hubspot.control.log.clear();
  // The service looks at the stored tokens again every half minute.
  await stage.pass(MINUTE_MS);
}

async function connection(): Promise<{ status: string; statusReason: string | null }> {
  const { status, statusReason } = (await tenant.api('GET', '/connections')).body.items[0];
  return { status, statusReason };
}

test.each([
  { scope: 'crm.objects.deals.read', what: 'deals cannot be read' },
  { scope: 'crm.objects.contacts.write', what: 'contacts cannot be written' },
])(
  'where $what any more the connection is called broken once and left alone, and connecting again loses nothing (E24)',
  async ({ scope }) => {
    await takeAway(scope);
    portal().moveDeal(friend.dealId, 'closedwon');
    await stage.pass(MINUTE_MS);
    expect(await connection()).toEqual({
      status: 'needs_reauthorization',
      statusReason: expect.stringContaining('permission'),
    });
    expect(calls().filter(({ status }) => status === 403)).toHaveLength(1);
    expect(await stage.rows("select subject from audit_log where action = 'connection.broken'")).toEqual([
      { subject: tenant.connectionId },
    ]);

    stage.hubspot.control.log.clear();
    portal().setProperties('deals', friend.dealId, { amount: '700' });
    await referFriend(tenant, launched, { email: 'later@example.org' });
    await stage.pass(60 * MINUTE_MS);
    expect(calls()).toEqual([]);
    const deliveries = stage.hubspot.control.log.deliveries();
    expect(deliveries.length).toBeGreaterThan(0);
    expect(deliveries.every(({ status }) => status === 200)).toBe(true);

    expect((await stage.install(PORTAL)).connectionId).toBe(tenant.connectionId);
    await stage.settle();
    expect(await connection()).toEqual({ status: 'connected', statusReason: null });
    expect(ownProperties(stage, PORTAL, friend.friendId)['passalong_referral_status']).toBe('approved');
    expect(ownProperties(stage, PORTAL, launched.advocateContactId)).toMatchObject({
      passalong_referred_count: '2',
      passalong_approved_count: '1',
    });
    expect(await stage.rows('select count(*)::int from rewards')).toEqual([{ count: 1 }]);
    expect((await tenant.api('GET', '/dead-letters')).body.items).toEqual([]);
  },
  60_000,
);

test('where deals cannot be written any more a deal that a program asks for waits, and is made once after connecting again (E24)', async () => {
  const deal = { policy: 'create', pipelineId: 'default', stageId: 'appointmentscheduled', name: 'Deal of {friend}' };
  const definition = { ...DEAL_PROGRAM, name: 'With deals', capture: { deal } };
  const { body: program } = await tenant.api('POST', '/programs', definition);
  expect((await tenant.api('POST', `/programs/${program.id}/publish`)).status).toBe(200);
  const advocate = await tenant.api('POST', `/programs/${program.id}/advocates`, { email: 'ada.advocate@example.com' });
  const withDeals = { ...launched, programId: program.id, code: advocate.body.code };
  await stage.settle();
  await takeAway('crm.objects.deals.write');
  const referralId = await referFriend(tenant, withDeals, { email: 'dora@example.org', firstName: 'Dora' });
  await stage.pass(MINUTE_MS);
  expect((await connection()).status).toBe('needs_reauthorization');
  expect(calls().filter(({ status }) => status === 403)).toHaveLength(1);
  const made = () => portal().find('deals', 'passalong_referral_id', referralId);
  expect(made()).toEqual([]);

  await stage.install(PORTAL);
  await stage.settle();
  const [dora] = portal().find('contacts', 'email', 'dora@example.org');
  expect(made()).toMatchObject([{ properties: { dealname: 'Deal of Dora' } }]);
  expect(portal().get('contacts', dora!.id)?.associations).toMatchObject({ deals: [made()[0]!.id] });
}, 60_000);
