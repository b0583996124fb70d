import type { TenantTransaction } from '../db/database.ts';
import { codeOfLink } from '../matching/match-claims.ts';
import { referralsById } from '../matching/match-look-ups-store.ts';
import { knownContacts, linkRecords, peopleByReferral } from '../referrals/people-store.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { addMember, type MatchInput } from './add-member.ts';
import { markDirty } from './dirty-store.ts';
import type { EntryState } from './entries-store.ts';

/** What of an entry of a match says how it is run again. */
export type MatchToRetry = {
  readonly id: string;
  readonly programId: string | null;
  readonly connectionId: string | null;
  readonly recordId: string | null;
  /** What it asks, while it is open: `match:<person>`, `match:several:<people>`, `member:<program>` or `unmatched`. */
  readonly reviewKey: string | null;
  /** With a person's edits laid over it; null once it was erased. */
  readonly input: unknown;
};

export type AnswerMatchInput = {
  readonly deps: Pick<UseCaseDeps, 'clock' | 'publicUrl' | 'settle'>;
  readonly workspaceId: string;
  readonly actor: string;
  readonly now: Date;
  readonly entry: MatchToRetry;
};

export type MatchAnswered = {
  readonly state: EntryState;
  readonly connectionIds: readonly string[];
  /** What else the entry says now. */
  readonly columns: Readonly<Record<string, string | null>>;
};

/**
 * Runs an entry of a match with a person's edits: by the id of a referral the contact becomes that friend's, by the code
 * of an advocate the friend is added (RR-29, RR-30). Run again it adds nothing: a friend has one referral in a program.
 */
export function retryUnmatched(tx: TenantTransaction, input: AnswerMatchInput): Promise<MatchAnswered> {
  const request = readInput(input.entry.input);
  if (request.referralId !== null) return linkToReferral(tx, input, request.referralId);
  return addUnder(tx, input, request);
}

/** A person says yes: this contact is the friend, or that advocate is meant. */
export async function approveMatch(tx: TenantTransaction, input: AnswerMatchInput): Promise<MatchAnswered> {
  const [about, personId = ''] = (input.entry.reviewKey ?? '').split(':');
  if (about !== 'match' || personId === 'several') return retryUnmatched(tx, input);
  return linkTo(tx, input, { personId: await livePerson(tx, personId), referralId: null });
}

/** A person who names an advocate has dropped the referral that was proposed, unless they name that, too. */
export function layEdits(input: unknown, edits: Readonly<Record<string, string>>): object {
  const dropped = edits['code'] !== undefined && edits['referralId'] === undefined;
  return { ...readInput(input), ...(dropped ? { referralId: null } : {}), ...edits };
}

async function linkToReferral(tx: TenantTransaction, input: AnswerMatchInput, named: string): Promise<MatchAnswered> {
  const id = named.trim();
  const [referral] = (await referralsById(tx, [id])).get(id) ?? [];
  if (referral) {
    const { personId, referralId } = referral;
    return linkTo(tx, input, { personId: await livePerson(tx, personId), referralId });
  }
  if ((await peopleByReferral(tx, [id])).has(id)) return linkTo(tx, input, { personId: null, referralId: null });
  return failed('referral_unknown', 'There is no referral with this id');
}

/** The contact is read anew once it is known whose it is, with the deals it brings, and decided from that. */
async function linkTo(
  tx: TenantTransaction,
  { workspaceId, now, entry }: AnswerMatchInput,
  to: { readonly personId: string | null; readonly referralId: string | null },
): Promise<MatchAnswered> {
  const { connectionId, recordId } = entry;
  if (connectionId === null || recordId === null) throw new Error('an entry of a match names account and contact');
  if (to.personId === null) return failed('person_erased', 'Everything about this person was erased');
  const known = (await knownContacts(tx, connectionId, [recordId])).get(recordId);
  if (known?.personId && known.personId !== to.personId) {
    return failed('contact_taken', 'This contact stands for somebody else by now');
  }
  await linkContact(tx, { workspaceId, connectionId, recordId, now, personId: to.personId });
  const columns = {
    reason_code: 'match_confirmed',
    reason: 'A person said whose contact this is',
    ...(to.referralId === null ? {} : { referral_id: to.referralId }),
  };
  return { state: 'processed', connectionIds: [connectionId], columns };
}

async function addUnder(tx: TenantTransaction, input: AnswerMatchInput, request: MatchInput): Promise<MatchAnswered> {
  const { deps, workspaceId, actor, now, entry } = input;
  const { connectionId, recordId } = entry;
  const programId = request.programId ?? entry.programId;
  if (connectionId === null || recordId === null) throw new Error('an entry of a match names account and contact');
  if (programId === null || request.code === null) {
    return failed(
      'match_unclear',
      'Nothing says whose contact this is: give the id of a referral or the code of an advocate',
    );
  }
  const known = (await knownContacts(tx, connectionId, [recordId])).get(recordId);
  const { outcome, personId } = await addMember(tx, {
    deps,
    workspaceId,
    actor,
    now,
    entryId: entry.id,
    input: { ...request, programId, code: codeOfLink(request.code) ?? request.code },
    personId: known?.personId ?? null,
  });
  if (!outcome.ok) {
    const { state, reasonCode, reason, referralId } = outcome.refusal;
    return { state, connectionIds: [], columns: { reason_code: reasonCode, reason, referral_id: referralId } };
  }
  if (personId !== null && !known?.personId)
    await linkContact(tx, { workspaceId, connectionId, recordId, now, personId });
  const reason = 'Corrected by a person and recorded';
  const columns = { reason_code: 'referral_recorded', reason, referral_id: outcome.recorded.referralId };
  return { state: 'processed', connectionIds: [...new Set([connectionId, ...outcome.connectionIds])], columns };
}

async function linkContact(
  tx: TenantTransaction,
  contact: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly recordId: string;
    readonly now: Date;
    readonly personId: string;
  },
): Promise<void> {
  const { recordId, personId } = contact;
  await linkRecords(tx, { ...contact, links: [{ objectType: 'contact', recordId, personId }] });
  await markDirty(tx, { ...contact, kind: 'captured', hints: [{ objectType: 'contact', recordId }] });
}

/** Who it is today: people turn out to be one, and some are erased. */
async function livePerson(tx: TenantTransaction, personId: string): Promise<string | null> {
  const answer = await tx.raw<{ rows: { id: string }[] }>(
    `with recursive line as (
       select id, merged_into, erased_at from people where id = ?
       union select p.id, p.merged_into, p.erased_at from people p join line on p.id = line.merged_into
     ) select id from line where merged_into is null and erased_at is null`,
    [personId],
  );
  return answer.rows[0]?.id ?? null;
}

function failed(reasonCode: string, reason: string): MatchAnswered {
  return { state: 'failed', connectionIds: [], columns: { reason_code: reasonCode, reason } };
}

const EMPTY: MatchInput = {
  programId: null,
  code: null,
  email: null,
  firstName: null,
  lastName: null,
  phone: null,
  referralId: null,
  source: 'crm',
  answers: {},
  consent: null,
};

function readInput(input: unknown): MatchInput {
  return typeof input === 'object' && input !== null ? { ...EMPTY, ...(input as Partial<MatchInput>) } : EMPTY;
}
