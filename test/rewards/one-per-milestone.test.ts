import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EarnedReward } from '../../backend/src/rewards/earned-rewards.ts';
import { grantRewards } from '../../backend/src/rewards/rewards-store.ts';
import { openStage, type Stage, type Tenant } from '../journeys/stage.ts';

const PORTAL = 7_301;
const RULE = { id: 'rul_won', object: 'deal', pipelineId: 'default', values: ['closedwon'], status: 'approved' };
const REWARD = { id: 'rwr_five', kind: 'fixed', amount: '5.00', currency: 'EUR', onStatus: 'approved' };

let stage: Stage;
let tenant: Tenant;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
});
afterAll(() => stage.close());

test('the database holds one reward for a milestone, whichever version grants it and whoever comes at once (E1, E29)', async () => {
  const created = await tenant.api('POST', '/programs', { name: 'Friends', rules: [RULE], rewardRules: [REWARD] });
  const programId = String(created.body.id);
  await tenant.api('POST', `/programs/${programId}/publish`);
  const advocate = await tenant.api('POST', `/programs/${programId}/advocates`, { email: 'ada@example.com' });
  const friend = { code: advocate.body.code, email: 'bo@example.org' };
  const referral = await tenant.api('POST', `/programs/${programId}/referrals`, friend);
  const referralId = String(referral.body.referralId);
  const [{ person_id: recipientPersonId = '' } = {}] = await stage.rows<{ person_id: string }>(
    'select person_id from advocates where code = $1',
    [advocate.body.code],
  );
  const earned: EarnedReward = {
    rewardRuleId: REWARD.id,
    recipient: 'advocate',
    milestone: 'approved',
    amountMinor: 500n,
    currency: 'EUR',
    approval: 'manual',
    basis: { kind: 'fixed', amount: '5.00', currency: 'EUR' },
  };
  const grant = (programVersion: number): Promise<Set<string>> =>
    stage.service.database.inWorkspace(tenant.workspaceId, (tx) =>
      grantRewards(tx, {
        workspaceId: tenant.workspaceId,
        now: new Date(stage.clock.now()),
        rewards: [{ referralId, programId, programVersion, recipientPersonId, earned }],
      }),
    );
  const granted = await Promise.all([grant(1), grant(2), grant(1)]);
  expect(granted.flatMap((ids) => [...ids])).toEqual([referralId]);
  const rows = await stage.rows('select milestone, amount_minor from rewards where referral_id = $1', [referralId]);
  expect(rows).toEqual([{ milestone: 'approved', amount_minor: '500' }]);
  const events = await stage.rows(
    'select to_state from reward_events e join rewards w on w.id = e.reward_id where w.referral_id = $1',
    [referralId],
  );
  expect(events).toEqual([{ to_state: 'pending' }]);
});
