import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { decideReferral, type Decision } from '../../../backend/src/ingest/decide-referral.ts';
import type { Labels } from '../../../backend/src/qualification/explain.ts';
import type { PublishedProgram } from '../../../backend/src/qualification/published-programs.ts';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { NO_ANSWERS, type Answers } from '../../../backend/src/qualification/trace.ts';
import type { Referral } from '../../../backend/src/referrals/referrals-store.ts';
import type { LedgerReward, RewardMove } from '../../../backend/src/rewards/settle-rewards.ts';
import { dayText, SINCE_DAY } from './world.ts';

/** One referral and its rewards, kept as the database keeps them. */
export type Kept = { readonly referral: Referral; readonly ledger: readonly LedgerReward[] };

export const ADVOCATE = 'per_advocate';
const LABELS: Labels = { stage: () => null, field: () => null, option: () => null };

export function newReferral(more: Partial<Referral> = {}): Kept {
  const since = new Date(dayText(SINCE_DAY));
  return {
    ledger: [],
    referral: {
      id: 'ref_1',
      programId: 'prg_1',
      advocateId: 'adv_1',
      advocatePersonId: ADVOCATE,
      personId: 'per_friend',
      status: 'pending',
      statusReason: 'Referred',
      statusAt: since,
      heldFor: null,
      referredAt: since,
      rulesVersion: 1,
      rulesSince: since,
      personFloor: null,
      decidedBy: 'rules',
      deciding: null,
      details: {},
      rowVersion: 1,
      ...more,
    },
  };
}

/** The versions of one program, the first being version 1. */
export function programOf(...definitions: readonly ProgramDefinition[]): PublishedProgram {
  const versions = definitions.map((definition, index) => ({ version: index + 1, definition }));
  const last = versions.at(-1);
  if (!last) throw new Error('A program has at least one version.');
  const offered = versions.flatMap(({ version, definition }) =>
    definition.rewardRules.map(({ id }) => ({ id, version })),
  );
  const ruleVersions = [...Map.groupBy(offered, ({ id }) => id)].map(
    ([id, rows]) => [id, rows.map(({ version }) => version)] as const,
  );
  return { id: 'prg_1', key: 'friends', ...last, versions, rewardRuleVersions: new Map(ruleVersions) };
}

export type Deciding = { readonly program: PublishedProgram; readonly subject: Subject; readonly answers?: Answers };

export function decide({ referral, ledger }: Kept, { program, subject, answers = NO_ANSWERS }: Deciding): Decision {
  const trigger = {
    connectionId: null,
    objectType: null,
    recordId: null,
    kind: 'replay',
    occurredAt: '',
    sourceKey: null,
  };
  const input = { workspaceCurrency: 'EUR', labels: LABELS, now: new Date(dayText(40)), replay: false };
  return decideReferral({ referral, ledger, program, subject, answers, trigger, input });
}

/** What is kept after a decision was carried out. */
export function keep({ referral, ledger }: Kept, { change, rewards }: Decision): Kept {
  const next: Referral = change
    ? {
        ...referral,
        status: change.toStatus,
        statusReason: change.reason,
        decidedBy: change.decidedBy ?? referral.decidedBy,
        personFloor: change.personFloor === undefined ? referral.personFloor : change.personFloor,
        deciding: change.deciding === undefined ? referral.deciding : asStored(change.deciding),
        details: change.details ?? referral.details,
        rowVersion: referral.rowVersion + 1,
      }
    : referral;
  return { referral: next, ledger: rewards.reduce((rows, { move }) => moved(rows, move, referral), ledger) };
}

/** A JSON column gives its keys back in an order of its own. */
function asStored<T extends object | null>(value: T): T {
  return value && (Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.length - b.length)) as T);
}

function moved(rows: readonly LedgerReward[], move: RewardMove, referral: Referral): LedgerReward[] {
  if (move.do === 'grant') return [...rows, granted(move, rows.length, referral)];
  return rows.map((row) => (row.id === move.id ? { ...row, ...moveOf(move) } : row));
}

function granted({ earned }: Extract<RewardMove, { do: 'grant' }>, index: number, referral: Referral): LedgerReward {
  const { rewardRuleId, milestone, amountMinor, currency } = earned;
  const of = { rewardRuleId, milestone, amountMinor, currency, recipientPersonId: referral.advocatePersonId };
  const state = born(earned.approval);
  return { id: `rwd_${String(index)}`, programVersion: referral.rulesVersion, voidCause: null, ...of, ...state };
}

function born(approval: 'manual' | 'automatic'): Pick<LedgerReward, 'state' | 'approvedBy'> {
  return approval === 'automatic'
    ? { state: 'approved', approvedBy: 'system' }
    : { state: 'pending', approvedBy: null };
}

function moveOf(move: Exclude<RewardMove, { do: 'grant' }>): Partial<LedgerReward> {
  if (move.do === 'void') return { state: 'voided', voidCause: move.cause };
  if (move.do === 'propose_clawback') return { state: 'clawback_proposed' };
  const { amountMinor, currency, approval } = move.earned;
  return { amountMinor, currency, ...(move.do === 'reinstate' ? { ...born(approval), voidCause: null } : {}) };
}

/** What is owed: rows that are not void, without ids of their own. */
export function owed({ ledger }: Kept): string[] {
  return ledger
    .filter(({ state }) => state !== 'voided')
    .map(({ rewardRuleId, milestone, state, amountMinor, currency, approvedBy }) =>
      [rewardRuleId, milestone, state, amountMinor, currency, approvedBy].join(' '),
    )
    .sort();
}
