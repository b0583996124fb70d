import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** E8: what a reopened deal takes back, what it does not, and that both are said. */
const PORTAL = 4_102;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  const [won] = DEAL_PROGRAM.rules;
  const rules = [{ ...won, status: 'qualified', values: ['qualifiedtobuy'], operator: 'at_or_after' }, won];
  launched = await launch(stage, tenant, { ...DEAL_PROGRAM, rules });
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

type Won = { readonly referralId: string; readonly contactId: string; readonly dealId: string };

async function winDeal(name: string): Promise<Won> {
  const email = `${name}@example.com`;
  const referralId = await referFriend(tenant, launched, { email });
  await stage.settle();
  const contactId = portal().find('contacts', 'email', email)[0]?.id ?? '';
  const dealId = portal().createDeal({ dealname: name, pipeline: 'default', dealstage: 'closedwon', amount: '1000' }, [
    contactId,
  ]);
  await stage.settle();
  expect(await rewardOf(referralId)).toMatchObject({ state: 'pending', amount: '10000' });
  return { referralId, contactId, dealId };
}

async function rewardOf(referralId: string) {
  const rows = await stage.rows(
    'select id, state, amount_minor::text as amount, void_cause from rewards where referral_id = $1',
    [referralId],
  );
  expect(rows).toHaveLength(1);
  return rows[0];
}

async function move(dealId: string, stageId: string): Promise<void> {
  stage.clock.advance(3_600_000);
  portal().moveDeal(dealId, stageId);
  await stage.settle();
}

function numbers(): Record<string, string> {
  const { passalong_qualified_count: qualified, passalong_approved_count: approved } = ownProperties(
    stage,
    PORTAL,
    launched.advocateContactId,
  );
  return { qualified: qualified ?? '', approved: approved ?? '' };
}

test('a deal reopened before the reward is issued voids it, lowers the counts and says so; won again it is the same reward (E8, D6)', async () => {
  const { referralId, contactId, dealId } = await winDeal('reopened');
  expect(numbers()).toEqual({ qualified: '1', approved: '1' });

  await move(dealId, 'contractsent');
  expect(await rewardOf(referralId)).toMatchObject({ state: 'voided', void_cause: 'left_stage' });
  expect(numbers()).toEqual({ qualified: '1', approved: '0' });
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_status: 'qualified' });
  const [entry] = (await tenant.api('GET', `/entries?referralId=${referralId}`)).body.items;
  expect(entry).toMatchObject({
    state: 'processed',
    reasonCode: 'left_stage',
    reason: 'Not met any more: deal left Closed Won and is now in Contract Sent',
  });
  expect(
    await stage.rows(
      'select from_status, to_status, cause, actor from referral_events where referral_id = $1 order by id desc limit 1',
      [referralId],
    ),
  ).toEqual([{ from_status: 'approved', to_status: 'qualified', cause: 'left_stage', actor: 'system' }]);

  await move(dealId, 'closedlost');
  expect(numbers()).toEqual({ qualified: '0', approved: '0' });
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_status: 'pending' });

  portal().setProperties('deals', dealId, { amount: '1500' });
  await move(dealId, 'closedwon');
  expect(await rewardOf(referralId)).toMatchObject({ state: 'pending', amount: '15000', void_cause: null });
  expect(numbers()).toEqual({ qualified: '1', approved: '1' });
  const { id } = (await rewardOf(referralId)) ?? {};
  const history = await stage.rows(
    'select from_state, to_state, cause from reward_events where reward_id = $1 order by id',
    [id],
  );
  expect(history).toEqual([
    { from_state: null, to_state: 'pending', cause: 'earned' },
    { from_state: 'pending', to_state: 'voided', cause: 'left_stage' },
    { from_state: 'voided', to_state: 'pending', cause: 'earned_again' },
  ]);
  await move(dealId, 'closedlost');
});

test('a deal reopened after the reward was issued goes to review, and only a person takes it back (E8)', async () => {
  const { referralId, dealId } = await winDeal('paid');
  await stage.rows(`update rewards set state = 'issued', approved_by = 'finance' where referral_id = $1`, [referralId]);
  await move(dealId, 'closedlost');
  expect(await rewardOf(referralId)).toMatchObject({ state: 'issued' });
  expect(numbers()).toEqual({ qualified: '1', approved: '1' });
  const open = (await tenant.api('GET', `/entries?referralId=${referralId}&state=review`)).body.items;
  expect(open).toMatchObject([
    { reasonCode: 'left_after_issue', reason: 'The rule is not met any more, and the reward was paid: needs review' },
  ]);
  // The same again asks nothing new.
  portal().setProperties('deals', dealId, { amount: '1001' });
  await stage.settle();
  expect((await tenant.api('GET', `/entries?referralId=${referralId}&state=review`)).body.items).toHaveLength(1);

  const rejected = await tenant.api('POST', `/entries/${open[0].id}/reject`, {
    note: 'The customer got the money back',
  });
  expect(rejected.status).toBe(200);
  await stage.settle();
  expect(await rewardOf(referralId)).toMatchObject({ state: 'clawback_proposed' });
  expect(numbers()).toEqual({ qualified: '0', approved: '0' });
});

test('a deal that goes on to a later stage has not left the stage that qualified it (E8, RL-22)', async () => {
  const { contactId, dealId } = await winDeal('onward');
  await move(dealId, 'qualifiedtobuy');
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_status: 'qualified' });
  await move(dealId, 'contractsent');
  expect(ownProperties(stage, PORTAL, contactId)).toMatchObject({ passalong_referral_status: 'qualified' });
});
