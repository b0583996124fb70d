import type { DealCardView, DealReferral, ReferralLine } from '../../../shared/card-view.ts';
import { DECISION_DEFAULTS, type DecisionSettings } from '../../../shared/decision-settings.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import { labelsOf } from '../qualification/labels.ts';
import { definitionOf, type PublishedProgram } from '../qualification/published-programs.ts';
import { loadSubjects, type SubjectFrame } from '../qualification/subjects-store.ts';
import type { Subject } from '../qualification/subject.ts';
import { expectedRewards } from '../rewards/expected-reward.ts';
import { rewardsOf } from '../rewards/reward-reports-store.ts';
import { readCardAccount, toCardProgram } from './card-account-store.ts';
import type { CardInput } from './card-input.ts';
import { dealProgress } from './deal-progress.ts';
import { dealRewards } from './deal-rewards.ts';
import { readReferralLines } from './referral-line-store.ts';

/** More referred people on one deal are shown by nobody's card; they need a person's decision all the same. */
const MAX_REFERRALS = 10;

/** What the card shows of a deal, from our tables only. A deal that is gone or concerns nobody shows an empty list. */
export async function readDealCard(tx: TenantTransaction, input: CardInput): Promise<DealCardView> {
  const account = await readCardAccount(tx, input);
  const programs = new Map(account.programs.map((program) => [program.id, program]));
  const found = await referralsOfDeal(tx, input, [...programs.keys()]);
  const subjects = await loadSubjects(tx, {
    frames: found.map((referral): SubjectFrame => {
      const { severalContacts, primaryRole, authority } = settingsOf(referral, programs);
      // How far the deal is does not depend on when it got there.
      return { ...referral, since: null, authority, primaryRole: severalContacts === 'primary' ? primaryRole : null };
    }),
    withCompanies: false,
  });
  const sql = 'select t.id, t.id as tag from json_to_recordset(?) as t(id text)';
  const chosen = { sql, bindings: [JSON.stringify(found.map(({ id }) => ({ id })))] };
  const lines = found.length === 0 ? [] : await readReferralLines(tx, { ...input, chosen, account });
  const words = await readWords(tx, input);
  const seen = lines.flatMap(({ line }): SeenReferral[] => {
    const referral = found.find(({ id }) => id === line.id);
    const program = referral && programs.get(referral.programId);
    if (!referral || !program) return [];
    const subject = subjects.subjectOf(referral.personId, program.id);
    return [
      {
        referral,
        program,
        line,
        subject,
        shared: isShared(referral, subject, { input, policy: settingsOf(referral, programs) }),
      },
    ];
  });
  const referrals: DealReferral[] = [];
  for (const one of seen) referrals.push(await toDealReferral(tx, { ...words, seen: one, input }));
  return {
    kind: 'deal',
    asOf: input.now.toISOString(),
    account: account.account,
    programs: account.programs.map(toCardProgram),
    referrals,
    needsReview: seen.some(({ shared }) => shared),
  };
}

type ReferralOfDeal = {
  readonly id: string;
  readonly programId: string;
  readonly personId: string;
  readonly status: ReferralStatus;
  readonly heldFor: 'capture' | 'review' | null;
  readonly referredAt: Date;
  readonly rulesVersion: number;
};

/** Those of the live referrals of the deal's contacts, as the deal was last read, that published programs hold. */
async function referralsOfDeal(
  tx: TenantTransaction,
  { workspaceId, connectionId, recordId }: CardInput,
  programIds: readonly string[],
): Promise<readonly ReferralOfDeal[]> {
  const answer = await tx.raw<{ rows: ReferralOfDeal[] }>(
    // Fenced: by key from the deal to its contacts, their people and their few referrals.
    `select distinct r.id, r.program_id as "programId", r.person_id as "personId", r.status, r.held_for as "heldFor",
            r.referred_at as "referredAt", r.rules_version as "rulesVersion"
       from (select connection_id, record_id from crm_records
              where connection_id = :connectionId and object_type = 'deal' and record_id = :recordId
                and deleted_at is null and merged_into is null offset 0) d
       cross join lateral (
         select contact_id from record_links where connection_id = d.connection_id and deal_id = d.record_id offset 0) l
       cross join lateral (
         select person_id from crm_records
          where connection_id = d.connection_id and object_type = 'contact' and record_id = l.contact_id
            and deleted_at is null and merged_into is null and person_id is not null offset 0) k
       cross join lateral (
         select id, program_id, person_id, status, held_for, referred_at, rules_version from referrals
          where workspace_id = :workspaceId and person_id = k.person_id and merged_into is null offset 0) r
      where r.program_id = any(:programIds)
      order by r.referred_at desc, r.id desc limit ${String(MAX_REFERRALS)}`,
    { workspaceId, connectionId, recordId, programIds: [...programIds] },
  );
  return answer.rows;
}

type CrmSchema = Parameters<typeof labelsOf>[0];

/** What the account calls its stages and fields, and the currency of amounts that name none. */
async function readWords(tx: TenantTransaction, { connectionId }: CardInput) {
  const answer = await tx.raw<{ rows: { crm_schema: CrmSchema; currency: string }[] }>(
    'select c.crm_schema, w.currency from connections c join workspaces w on w.id = c.workspace_id where c.id = ?',
    [connectionId],
  );
  const { crm_schema: schema, currency } = answer.rows[0] ?? { crm_schema: {}, currency: 'USD' };
  return { pipelines: schema.pipelines ?? [], labels: labelsOf(schema), workspaceCurrency: currency };
}

type SeenReferral = {
  readonly referral: ReferralOfDeal;
  readonly program: PublishedProgram;
  readonly line: ReferralLine;
  readonly subject: Subject;
  readonly shared: boolean;
};

type DealOnCard = { readonly input: CardInput; readonly policy: DecisionSettings };

/** Several referred people are on it, and the program's policy does not say whose it is. */
function isShared({ status }: ReferralOfDeal, { deals }: Subject, { input, policy }: DealOnCard): boolean {
  const deal = deals.find((other) => other.recordId === input.recordId);
  if (!deal || status === 'denied' || deal.otherReferredContactIds.length === 0) return false;
  if (policy.severalContacts === 'primary') return typeof deal.isPrimary !== 'boolean';
  return policy.severalContacts !== 'first_attribution';
}

function settingsOf(
  { programId, rulesVersion }: ReferralOfDeal,
  programs: ReadonlyMap<string, PublishedProgram>,
): DecisionSettings {
  const program = programs.get(programId);
  return program ? definitionOf(program, rulesVersion).decisions : DECISION_DEFAULTS;
}

type ToDealReferralInput = Awaited<ReturnType<typeof readWords>> & {
  readonly seen: SeenReferral;
  readonly input: CardInput;
};

async function toDealReferral(
  tx: TenantTransaction,
  { seen, input, pipelines, labels, workspaceCurrency }: ToDealReferralInput,
): Promise<DealReferral> {
  const { referral, program, line, subject, shared } = seen;
  const definition = definitionOf(program, referral.rulesVersion);
  const { status } = referral;
  const deal = subject.deals.find(({ recordId }) => recordId === input.recordId);
  // Nobody is promised what a person still has to decide.
  const undecidable = shared || status === 'denied' || referral.heldFor === 'review';
  const progress = deal ? dealProgress({ deal, pipelines, labels, rules: definition.rules, status, shared }) : null;
  const expected =
    undecidable || !deal
      ? []
      : expectedRewards({ definition, status, subject, dealId: deal.recordId, workspaceCurrency, now: input.now });
  const ledger = await rewardsOf(tx, referral.id);
  return {
    referral: line,
    progress,
    rewards: dealRewards({ ledger, expected, advocateName: line.advocate.name, labels }),
  };
}
