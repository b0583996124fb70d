import type { TenantTransaction } from '../db/database.ts';
import { advocateByCode } from '../referrals/advocates-store.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { ensurePerson } from '../referrals/people-store.ts';
import { normaliseReferralCode } from '../referrals/referral-code.ts';
import type { NewReferral } from '../referrals/referral-requests.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { tryReferral, type ReferralOutcome } from './record-referral.ts';

/** A referral that a record of the CRM asked for. */
export const CRM_SOURCE = 'crm';

/** What an entry of a match keeps: what a person edits before it is run again. */
export type MatchInput = Omit<NewReferral, 'programId' | 'code' | 'email'> & {
  readonly programId: string | null;
  readonly code: string | null;
  readonly email: string | null;
  readonly referralId: string | null;
};

export type AddMemberInput = {
  readonly deps: Pick<UseCaseDeps, 'clock' | 'publicUrl' | 'settle'>;
  readonly workspaceId: string;
  readonly actor: string;
  readonly now: Date;
  readonly entryId: string;
  readonly input: MatchInput & { readonly programId: string; readonly code: string };
  /** Whose contact it is, where that is known. */
  readonly personId: string | null;
};

const NOBODY = '';

export type AddedMember = {
  readonly outcome: ReferralOutcome;
  /** The friend; null when nothing was added. */
  readonly personId: string | null;
};

/**
 * Adds the friend under the advocate a record names (RR-36), as a request would: a friend has one advocate, nobody refers
 * themselves, and asked again nothing is added. A contact without an address is a friend by its record alone (E15).
 */
export async function addMember(tx: TenantTransaction, attempt: AddMemberInput): Promise<AddedMember> {
  const { deps, workspaceId, actor, entryId, now } = attempt;
  const { referralId: _, ...request } = attempt.input;
  const email = request.email ?? '';
  const friendId = attempt.personId ?? (email.trim() === '' ? await strangerOf(tx, attempt) : undefined);
  const outcome = await tryReferral(tx, {
    deps: { ...deps, clock: { now: () => now.getTime() } },
    workspaceId,
    actor,
    entryId,
    // An address that is none is a mistake of the record's, not of whoever is known by it.
    input: { ...request, email: friendId !== undefined && normaliseEmail(email) === null ? '' : email },
    ...(friendId === undefined ? {} : { friendId }),
  });
  return { outcome, personId: outcome.ok ? await friendOf(tx, outcome.recorded.referralId) : null };
}

/** Nobody is made for a record that leads nowhere: where the advocate is unknown or rests, the attempt ends before. */
async function strangerOf(tx: TenantTransaction, { workspaceId, now, input }: AddMemberInput): Promise<string> {
  const code = normaliseReferralCode(input.code);
  const advocate = code === null ? null : await advocateByCode(tx, input.programId, code);
  if (!advocate || advocate.pausedAt !== null) return NOBODY;
  const { firstName, lastName, phone } = input;
  const person = { email: null, normalisedEmail: null, firstName, lastName, phone };
  return ensurePerson(tx, { workspaceId, now, person });
}

async function friendOf(tx: TenantTransaction, referralId: string): Promise<string | null> {
  const row = await tx<{ id: string; person_id: string }>('referrals').where({ id: referralId }).first('person_id');
  return row?.person_id ?? null;
}
