import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const HOURS_MS = 3_600_000;
const PORTAL = 7001;
const RENEWALS = { id: '75030411', won: '181022703' };

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
const referralIds = new Map<string, string>();

const PROGRAM = {
  name: 'Several rules',
  rules: [
    { object: 'deal', pipelineId: 'default', values: ['closedwon'], status: 'approved' },
    { object: 'contact', field: 'plan', values: ['pro'], status: 'qualified' },
  ],
  rewardRules: [],
};

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  portal().createProperty('contacts', {
    name: 'plan',
    label: 'Plan',
    groupName: 'contactinformation',
    type: 'enumeration',
    fieldType: 'select',
    options: options('basic', 'pro'),
  });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, PROGRAM);
});
afterAll(() => stage.close());

function portal() {
  return stage.hubspot.control.portal(PORTAL);
}
function options(...values: string[]): object[] {
  return values.map((value, displayOrder) => ({ value, label: `The ${value} plan`, displayOrder, hidden: false }));
}
async function alarms(): Promise<{ path: string; code: string; remedy: string }[]> {
  const [program] = (await tenant.api('GET', '/connections')).body.items;
  const own = (await tenant.api('GET', `/programs/${launched.programId}`)).body.alarms;
  expect(program.alarms).toEqual(own);
  return own;
}
async function entries(): Promise<{ reasonCode: string; state: string; reason: string }[]> {
  const { items } = (await tenant.api('GET', `/entries?programId=${launched.programId}`)).body;
  return items.filter((entry: { reasonCode: string }) => entry.reasonCode === 'rule_value_gone');
}
async function approvedDeal(email: string, deal: object): Promise<string> {
  const referralId = await referFriend(tenant, launched, { email });
  referralIds.set(email, referralId);
  await stage.settle();
  const friendId = portal().find('contacts', 'email', email)[0]!.id;
  portal().createDeal({ dealname: email, ...deal }, [friendId]);
  await stage.settle();
  return (await tenant.api('GET', `/referrals/${referralId}`)).body.status;
}
async function movedOn(email: string, stageId: string): Promise<string> {
  stage.clock.advance(HOURS_MS);
  portal().moveDeal(portal().find('deals', 'dealname', email)[0]!.id, stageId);
  await stage.settle();
  return (await tenant.api('GET', `/referrals/${referralIds.get(email) ?? ''}`)).body.status;
}
/** Until the account was read again by itself. */
const laterRead = (): Promise<void> => stage.settle(6 * HOURS_MS + 60_000);

describe('an account whose values go away', () => {
  test('is noticed within six hours, told once, and the other rules go on working (E11)', async () => {
    expect(await alarms()).toEqual([]);
    portal().changeProperty('contacts', 'plan', { options: options('basic') });
    await laterRead();
    expect(await alarms()).toMatchObject([
      { path: 'rules.1.values.0', code: 'option_unknown', programId: launched.programId, version: 1 },
    ]);
    await laterRead();
    expect(await entries()).toMatchObject([{ state: 'failed', reason: 'pro is not an option of Plan.' }]);
    expect(await approvedDeal('won@example.org', { pipeline: 'default', dealstage: 'closedwon' })).toBe('approved');
  });

  test('is quiet again when the value is back, and says nothing about new names (E11)', async () => {
    portal().changeProperty('contacts', 'plan', { label: 'Tariff', options: options('pro', 'basic') });
    await laterRead();
    expect(await alarms()).toEqual([]);
    expect(await entries()).toHaveLength(1);
  });

  test('is told of a pipeline in another order, and publishing again takes it over (E11, E29)', async () => {
    const [sales] = (await tenant.api('GET', `/connections/${tenant.connectionId}/pipelines`)).body.items;
    const stages = sales.stages.map((one: { id: string; label: string; won: boolean; lost: boolean }, at: number) => ({
      id: one.id,
      label: one.label,
      displayOrder: at,
      isClosed: String(one.won || one.lost),
      probability: one.won ? '1.0' : one.lost ? '0.0' : '0.5',
    }));
    stages.push({ id: 'onboarded', label: 'Onboarded', displayOrder: 99, isClosed: 'true', probability: '1.0' });
    portal().savePipeline({ id: 'default', label: 'Sales Pipeline', displayOrder: 0, stages });
    await laterRead();
    expect(await alarms()).toMatchObject([{ path: 'rules.0.stages', code: 'stages_outdated' }]);
    expect(await movedOn('won@example.org', 'onboarded')).toBe('approved');
    expect(await movedOn('won@example.org', 'contractsent')).toBe('pending');
    const published = await tenant.api('POST', `/programs/${launched.programId}/publish`);
    expect(published.body.published.version).toBe(2);
    expect(published.body.published.definition.rules[0].stages.kept).toEqual(['closedwon', 'onboarded']);
    await stage.settle();
    // Referrals of before are decided as before, so that the alarm of their version stands until they are re-evaluated.
    expect((await alarms()).map((alarm) => [alarm.code, (alarm as unknown as { version: number }).version])).toEqual([
      ['stages_outdated', 1],
    ]);
  });
});

test('two pipelines that both have a Closed Won are never confused (E11)', async () => {
  const other = await approvedDeal('renewed@example.org', { pipeline: RENEWALS.id, dealstage: RENEWALS.won });
  expect(other).toBe('pending');
  expect(await approvedDeal('bought@example.org', { pipeline: 'default', dealstage: 'closedwon' })).toBe('approved');
});

test('a label instead of an id is refused with the id (E11, RR-46)', async () => {
  const refused = await tenant.api('POST', '/programs', {
    ...PROGRAM,
    rules: [{ object: 'deal', pipelineId: RENEWALS.id, values: ['Closed Won'], status: 'approved' }],
  });
  expect([refused.status, refused.body.error.fields[0].path]).toEqual([422, 'rules.0.values.0']);
  expect(refused.body.error.fields[0].remedy).toContain(`Send the internal value ${RENEWALS.won} instead`);
});

test('the account is read again with a handful of calls, and our own fields are left alone', async () => {
  await stage.settle();
  stage.hubspot.control.log.clear();
  await laterRead();
  const asked = stage.hubspot.control.log.calls().map(({ method, path }) => `${method} ${path}`);
  expect(asked.filter((line) => /pipelines|properties/.test(line)).sort()).toEqual([
    'GET /crm/pipelines/2026-09/deals',
    'GET /crm/properties/2026-09/contacts',
  ]);
});
