import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 842;
const LABEL = 'Decision maker';
const FINN = 'finn@example.org';
const GRETA = 'greta@example.org';

let stage: Stage;
let tenant: Tenant;
let role: string;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  role = `USER_DEFINED:${String(portal().createAssociationLabel('deals', 'contacts', LABEL))}`;
  tenant = await stage.install(PORTAL);
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const contactOf = (email: string): string => portal().find('contacts', 'email', email)[0]!.id;
const statusOf = (email: string) => ownProperties(stage, PORTAL, contactOf(email))['passalong_referral_status'];
const rolesKept = () =>
  stage.rows(`select contact_roles as roles from snapshots where object_type = 'deal' order by id`);

/** A won deal with two friends on it, of whom the one with the role is to count. */
async function winForTwo(): Promise<string> {
  const decisions = { severalContacts: 'primary', primaryRole: role };
  const launched = await launch(stage, tenant, { ...DEAL_PROGRAM, decisions });
  for (const email of [FINN, GRETA]) await referFriend(tenant, launched, { email });
  await stage.settle();
  const deal = { dealname: 'Two', pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '100' };
  const dealId = portal().createDeal(deal, [contactOf(FINN), contactOf(GRETA)]);
  await stage.settle();
  portal().moveDeal(dealId, 'closedwon');
  await stage.settle();
  return dealId;
}

test('a role given to one of two contacts after the win reaches us by itself and decides whose deal it is (G12, E3)', async () => {
  const dealId = await winForTwo();
  expect([statusOf(FINN), statusOf(GRETA)]).toEqual(['pending', 'pending']);
  portal().addLabel(['deals', dealId], ['contacts', contactOf(GRETA)], LABEL);
  await stage.settle();
  expect([statusOf(FINN), statusOf(GRETA)]).toEqual(['pending', 'approved']);
  expect((await rolesKept()).at(-1)).toEqual({ roles: { [contactOf(GRETA)]: [role] } });
});

test('roles come with the call that reads the contacts of the deal, and reading them again is no change', async () => {
  const dealId = await winForTwo();
  portal().addLabel(['deals', dealId], ['contacts', contactOf(GRETA)], LABEL);
  stage.hubspot.control.log.clear();
  await stage.settle();
  const calls = stage.hubspot.control.log.calls({ path: '/crm/associations/' }).map(({ path }) => path);
  expect(calls).toEqual(['/crm/associations/2026-09/deals/contacts/batch/read']);
  const kept = await rolesKept();
  const entries = await stage.rows('select count(*)::int from entries');
  portal().setProperties('deals', dealId, { dealname: 'Two, renamed' });
  portal().setProperties('deals', dealId, { amount: '100' });
  await stage.pass(6 * 60_000);
  expect(await rolesKept()).toEqual(kept);
  expect(await stage.rows('select count(*)::int from entries')).toEqual(entries);
});

test('what is kept of records says when they were made and whose company a contact is in', async () => {
  const dealId = await winForTwo();
  const alder = portal().createCompany({ name: 'Alder' });
  portal().associate(['contacts', contactOf(FINN)], ['companies', alder]);
  await stage.settle();
  const latest = await stage.rows(
    `select distinct on (object_type, record_id) object_type, record_id, company_id, record_created_at is not null as dated
       from snapshots where record_id = any($1) order by object_type, record_id, modified_at desc, id desc`,
    [[contactOf(FINN), contactOf(GRETA), dealId]],
  );
  expect(latest).toContainEqual({ object_type: 'contact', record_id: contactOf(FINN), company_id: alder, dated: true });
  expect(latest).toContainEqual({ object_type: 'contact', record_id: contactOf(GRETA), company_id: null, dated: true });
  expect(latest).toContainEqual({ object_type: 'deal', record_id: dealId, company_id: null, dated: true });
});
