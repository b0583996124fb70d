import { describe, expect, it } from 'vitest';
import type { ReferralStatus, RewardState } from '../../../shared/referral-status.ts';
import type { EarnedReward } from '../../../backend/src/rewards/earned-rewards.ts';
import {
  settleRewards,
  type LedgerReward,
  type RewardMove,
  type SettleRewardsInput,
} from '../../../backend/src/rewards/settle-rewards.ts';

const ADVOCATE = 'per_advocate';

function earned(amountMinor: bigint, more: Partial<EarnedReward> = {}): EarnedReward {
  const basis = { kind: 'fixed', amount: String(amountMinor), currency: 'EUR' } as const;
  const rule = { rewardRuleId: 'rwr_1', recipient: 'advocate', milestone: 'approved', approval: 'manual' } as const;
  return { ...rule, amountMinor, currency: 'EUR', basis, ...more };
}

function row(more: Partial<LedgerReward> = {}): LedgerReward {
  return {
    id: 'rwd_1',
    rewardRuleId: 'rwr_1',
    recipientPersonId: ADVOCATE,
    milestone: 'approved',
    state: 'pending',
    amountMinor: 100n,
    currency: 'EUR',
    programVersion: 1,
    approvedBy: null,
    voidCause: null,
    ...more,
  };
}

function settle(given: Partial<SettleRewardsInput>): string[] {
  const input = { ledger: [], earned: [], waiting: [], status: 'approved' as const, ruleVersions: new Map() };
  return settleRewards({ ...input, recipientPersonId: ADVOCATE, ...given }).map(told);
}

function told(move: RewardMove): string {
  if (move.do === 'grant') return `grant ${move.earned.rewardRuleId} ${String(move.earned.amountMinor)}`;
  const what = 'cause' in move ? move.cause : String(move.earned.amountMinor);
  return `${move.do} ${move.id} ${what}`;
}

type Now = 'earned same' | 'earned other' | 'lost' | 'denied' | 'waiting';

const NOW: Readonly<Record<Now, Partial<SettleRewardsInput>>> = {
  'earned same': { earned: [earned(100n)] },
  'earned other': { earned: [earned(250n)] },
  lost: { status: 'pending' },
  denied: { status: 'denied' },
  waiting: { waiting: [{ rewardRuleId: 'rwr_1', milestone: 'approved', because: 'sale_value_missing' }] },
};

const NOTHING: readonly string[] = [];
const VOIDED = (cause: string): string[] => [`void rwd_1 ${cause}`];
const CLAWED = (cause: string): string[] => [`propose_clawback rwd_1 ${cause}`];

/** What becomes of a row: as earned the same, earned another sum, lost, denied, waiting for its value. */
const OPEN = [NOTHING, ['amend rwd_1 250'], VOIDED('left_stage'), VOIDED('referral_denied'), VOIDED('sale_value_gone')];
const SAID_YES = [NOTHING, NOTHING, VOIDED('left_stage'), VOIDED('referral_denied'), NOTHING];
const PAID = [NOTHING, NOTHING, CLAWED('left_stage'), CLAWED('referral_denied'), NOTHING];
const BACK = [['reinstate rwd_1 100'], ['reinstate rwd_1 250'], NOTHING, NOTHING, NOTHING];
const GONE = [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING];

describe('one row of the ledger', () => {
  it.each<[RewardState, string | null, string | null, readonly (readonly string[])[]]>([
    ['pending', null, null, OPEN],
    ['approved', 'system', null, OPEN],
    ['approved', 'usr_1', null, SAID_YES],
    ['approved', null, null, SAID_YES],
    ['issued', 'system', null, PAID],
    ['issued', 'usr_1', null, PAID],
    ['issued', null, null, PAID],
    ['clawback_proposed', 'system', null, GONE],
    ['clawback_proposed', 'usr_1', null, GONE],
    ['voided', null, 'left_stage', BACK],
    ['voided', 'system', 'left_stage', BACK],
    ['voided', 'usr_1', 'left_stage', BACK],
    ['voided', null, 'referral_denied', BACK],
    ['voided', null, 'sale_value_gone', BACK],
    ['voided', null, 'voided_by_person', GONE],
    ['voided', 'usr_1', 'voided_by_person', GONE],
    ['voided', null, 'merged', GONE],
    ['voided', null, 'erased', GONE],
    ['voided', null, null, GONE],
  ])('%s, approved by %s, voided by %s (E8, E4, E28)', (state, approvedBy, voidCause, moves) => {
    const ledger = [row({ state, approvedBy, voidCause })];
    for (const [index, now] of (Object.keys(NOW) as Now[]).entries()) {
      expect([now, settle({ ledger, ...NOW[now] })]).toEqual([now, moves[index]]);
    }
  });

  it('is amended for another currency alone, and not for another way to the same sum (E19)', () => {
    expect(settle({ ledger: [row()], earned: [earned(100n, { currency: 'USD' })] })).toEqual(['amend rwd_1 100']);
    const basis = { kind: 'fixed', amount: '1.00', currency: 'EUR' } as const;
    expect(settle({ ledger: [row()], earned: [earned(100n, { basis })] })).toEqual([]);
  });

  it('keeps its sum while a person or an open question keeps the status (E8, E28)', () => {
    expect(settle({ ledger: [row()], ...NOW.waiting, byRules: false })).toEqual([]);
    expect(settle({ ledger: [row()], ...NOW.lost, byRules: false })).toEqual(['void rwd_1 left_stage']);
  });

  it('of a rule the version does not have keeps what it promised, while the milestone stands (E29)', () => {
    expect(settle({ ledger: [row({ rewardRuleId: 'rwr_old' })] })).toEqual([]);
    expect(settle({ ledger: [row({ rewardRuleId: 'rwr_old' })], status: 'qualified' })).toEqual([
      'void rwd_1 left_stage',
    ]);
  });

  it.each<[ReferralStatus, string[]]>([
    ['approved', []],
    ['qualified', []],
    ['pending', ['void rwd_1 left_stage']],
    ['denied', ['void rwd_1 referral_denied']],
  ])('of the lower milestone, when the referral is %s (E8, C18)', (status, moves) => {
    const ledger = [row({ milestone: 'qualified' })];
    expect(settle({ ledger, status, earned: [] })).toEqual(moves);
  });
});

describe('a reward that has no row', () => {
  it('is granted, once for each rule, and not to another recipient’s credit (RF-37, E1)', () => {
    const two = [earned(100n), earned(7n, { rewardRuleId: 'rwr_2' })];
    expect(settle({ earned: two })).toEqual(['grant rwr_1 100', 'grant rwr_2 7']);
    expect(settle({ earned: two, ledger: [row()] })).toEqual(['grant rwr_2 7']);
    expect(settle({ earned: [earned(100n)], ledger: [row({ recipientPersonId: 'per_other' })] })).toEqual([
      'grant rwr_1 100',
    ]);
  });

  const later = { earned: [earned(100n, { rewardRuleId: 'rwr_2' })], ruleVersions: new Map([['rwr_2', [2]]]) };
  const both = { ...later, earned: [earned(100n), ...later.earned] };

  it.each<[string, Partial<LedgerReward>, string[]]>([
    ['waits for approval', {}, []],
    ['was approved', { state: 'approved', approvedBy: 'usr_1' }, []],
    ['was paid', { state: 'issued' }, []],
    ['is asked back', { state: 'clawback_proposed' }, []],
    ['was refused by a person', { state: 'voided', voidCause: 'voided_by_person' }, []],
    ['was taken back and its rule is gone', { state: 'voided', voidCause: 'left_stage' }, ['grant rwr_2 100']],
    ['is of another milestone', { milestone: 'qualified' }, ['grant rwr_2 100']],
    ['is somebody else’s', { recipientPersonId: 'per_other' }, ['grant rwr_2 100']],
  ])('of a rule that came in later, is not granted where the milestone’s own %s (E29)', (_what, given, moves) => {
    expect(settle({ ...later, ledger: [row(given)] })).toEqual(moves);
  });

  it('of two rules of one version is granted, though the other was so before (E4)', () => {
    expect(settle({ ...both, ledger: [row({ programVersion: 2 })] })).toEqual(['grant rwr_2 100']);
  });

  it('of a rule that took the place of another is not granted, nor brought back, beside it (E29)', () => {
    const ruleVersions = new Map([['rwr_2', [1]]]);
    expect(settle({ ...later, ruleVersions, ledger: [row({ programVersion: 2 })] })).toEqual([]);
    const taken = row({ id: 'rwd_2', rewardRuleId: 'rwr_2', state: 'voided', voidCause: 'left_stage' });
    expect(settle({ ...later, ruleVersions, ledger: [row({ programVersion: 2 }), taken] })).toEqual([]);
    expect(settle({ ...later, ruleVersions, ledger: [taken] })).toEqual(['reinstate rwd_2 100']);
  });

  it('of a later rule is not granted beside the one the milestone was rewarded by, which stays (E29)', () => {
    expect(settle({ ...both, ledger: [row()] })).toEqual([]);
    expect(settle({ ...both, ledger: [row({ state: 'issued' })] })).toEqual([]);
  });

  it('of a later rule is not granted while the earlier one comes back, or may come back (E29, E4)', () => {
    const ledger = [row({ state: 'voided', voidCause: 'left_stage' })];
    expect(settle({ ...both, ledger })).toEqual(['reinstate rwd_1 100']);
    expect(settle({ ...later, ...NOW.waiting, ledger })).toEqual([]);
  });

  it('of two that were taken back and never offered together, one comes back: by its amount, then the last (E29, E8)', () => {
    const voided = { state: 'voided', voidCause: 'left_stage' } as const;
    const first = row(voided);
    const second = row({ ...voided, id: 'rwd_2', rewardRuleId: 'rwr_2', programVersion: 2 });
    const ruleVersions = new Map([
      ['rwr_1', [1, 3]],
      ['rwr_2', [2, 3]],
    ]);
    expect(settle({ ...both, ruleVersions, ledger: [first, second] })).toEqual(['reinstate rwd_2 100']);
    const hasNoValue = { rewardRuleId: 'rwr_2', milestone: 'approved', because: 'sale_value_missing' } as const;
    const onlyFirst = { earned: [earned(100n)], waiting: [hasNoValue], ruleVersions };
    expect(settle({ ...onlyFirst, ledger: [first, second] })).toEqual(['reinstate rwd_1 100']);
  });

  it('of a rule that was promised then and waited for its amount is granted (E29, E4)', () => {
    expect(settle({ ...both, ruleVersions: new Map([['rwr_2', [1]]]), ledger: [row()] })).toEqual(['grant rwr_2 100']);
  });

  it('is granted at once where what stood in its way is taken back by the same decision (E29, E8)', () => {
    // The rule now pays for another milestone, and the one it was promised for is lost.
    const moved = { earned: [earned(100n, { milestone: 'qualified' })], ruleVersions: new Map([['rwr_1', [1, 2]]]) };
    const once = settle({ ...moved, status: 'qualified', ledger: [row()] });
    expect(once).toEqual(['grant rwr_1 100', 'void rwd_1 left_stage']);
    const settled = [row({ state: 'voided', voidCause: 'left_stage' }), row({ id: 'rwd_2', milestone: 'qualified' })];
    expect(settle({ ...moved, status: 'qualified', ledger: settled })).toEqual([]);
  });

  it('of a rule that moved to another milestone is not granted again (E29)', () => {
    const moved = { earned: [earned(100n, { milestone: 'qualified' })], ruleVersions: new Map([['rwr_1', [1]]]) };
    expect(settle({ ...moved, ledger: [row()] })).toEqual([]);
    expect(settle({ ...moved, ledger: [row({ state: 'voided', voidCause: 'left_stage' })] })).toEqual([
      'grant rwr_1 100',
    ]);
  });
});
