import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { NewReferral, RecordedReferral } from '../referrals/referral-requests.ts';
import { newId } from '../ids.ts';
import { insertEntries, type NewEntry } from './entries-store.ts';
import { firstReason } from './first-reason.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { advocateByCode, type Advocate } from '../referrals/advocates-store.ts';
import { emailIdentity, normaliseEmail } from '../referrals/email.ts';
import { fillBlanks, findOrAddPerson, peopleByEmail } from '../referrals/people-store.ts';
import { requirePublishedProgram } from '../referrals/published-program-store.ts';
import { normaliseReferralCode } from '../referrals/referral-code.ts';
import {
  AdvocatePaused,
  AlreadyReferred,
  EmailMalformed,
  ExternalIdTaken,
  ReferralCodeUnknown,
  SelfReferral,
} from '../referrals/referral-errors.ts';
import type { Alongside, Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';

type Actor = string;

/** Either a referral, or the refusal with everything its entry has to say. */
export type ReferralOutcome =
  | { readonly ok: true; readonly recorded: RecordedReferral; readonly connectionIds: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

export type Refusal = {
  readonly state: 'failed' | 'ignored';
  readonly error: (entryId: string) => Error;
  readonly reasonCode: string;
  readonly reason: string;
  readonly programVersion: number;
  readonly referralId: string | null;
};

/**
 * A friend signed up under an advocate's code. What a person could mend (an unknown code, a mistyped address) and what
 * somebody should see (a second advocate, a self-referral) is kept as an entry before the error is raised.
 */
export async function recordReferral(
  deps: UseCaseDeps,
  { workspaceId, actor, alongside }: Caller & Alongside<RecordedReferral>,
  input: NewReferral,
): Promise<RecordedReferral> {
  const entryId = newId('ent');
  const outcome = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const tried = await tryReferral(tx, { deps, workspaceId, actor, input, entryId });
    await insertEntries(tx, {
      workspaceId,
      now: new Date(deps.clock.now()),
      entries: [toEntry(tried, { entryId, actor, input })],
    });
    if (tried.ok) await alongside?.(tx, tried.recorded);
    return tried;
  });
  if (!outcome.ok) throw outcome.refusal.error(entryId);
  deps.wake(workspaceId, outcome.connectionIds);
  return outcome.recorded;
}

export type TryReferralInput = {
  readonly deps: Pick<UseCaseDeps, 'clock' | 'publicUrl' | 'settle'>;
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly input: NewReferral;
  readonly entryId: string;
  /** The friend, where a record of the CRM says who it is: then they need no e-mail address. */
  readonly friendId?: string;
};

/** The attempt itself, inside a transaction of its caller; writes no entry, so that a retry can update its own. */
export async function tryReferral(tx: TenantTransaction, attempt: TryReferralInput): Promise<ReferralOutcome> {
  const { workspaceId, input, deps } = attempt;
  const program = await requirePublishedProgram(tx, workspaceId, input.programId);
  const email = normaliseEmail(input.email);
  if (email === null && (attempt.friendId === undefined || input.email.trim() !== ''))
    return refuse(program, EmailMalformed, {
      state: 'failed',
      field: 'email',
      reasonCode: 'email_malformed',
      reason: 'The email address is not valid',
    });
  const code = normaliseReferralCode(input.code);
  const advocate = code === null ? null : await advocateByCode(tx, program.id, code);
  if (!advocate) {
    return refuse(program, ReferralCodeUnknown, {
      state: 'failed',
      field: 'code',
      reasonCode: 'referral_code_unknown',
      reason: 'No advocate of this program has that code',
    });
  }
  if (advocate.pausedAt !== null) {
    return refuse(program, AdvocatePaused, {
      state: 'failed',
      field: 'code',
      reasonCode: 'advocate_paused',
      reason: 'The advocate’s link rests: they left the list they were enrolled from',
    });
  }
  const isSameMailbox =
    advocate.email !== null && email !== null && emailIdentity(advocate.email) === emailIdentity(email);
  if (isSameMailbox) return selfReferral(program);
  if (await isTaken(tx, attempt, email)) {
    return refuse(program, ExternalIdTaken, {
      state: 'failed',
      field: 'externalId',
      reasonCode: 'external_id_taken',
      reason: 'Another referral of this program has that external id',
    });
  }
  const now = new Date(deps.clock.now());
  const personId = attempt.friendId ?? (await ensureFriend(tx, { workspaceId, now, input, email }));
  if (personId === advocate.personId) return selfReferral(program);
  return addReferral(tx, attempt, { program, advocate, personId, now });
}

function ensureFriend(
  tx: TenantTransaction,
  {
    workspaceId,
    now,
    input,
    email,
  }: {
    readonly workspaceId: string;
    readonly now: Date;
    readonly input: NewReferral;
    readonly email: string | null;
  },
): Promise<string> {
  const { firstName, lastName, phone } = input;
  const address = { email: email === null ? null : input.email.trim(), normalisedEmail: email };
  return findOrAddPerson(tx, { workspaceId, now, person: { ...address, firstName, lastName, phone } });
}

/** Emptied by a person's edit, it is none. */
function externalIdOf({ externalId }: NewReferral): string | null {
  const given = externalId?.trim() ?? '';
  return given === '' ? null : given;
}

/** Whether somebody else's referral has the external id: it names one referral of a program. */
async function isTaken(
  tx: TenantTransaction,
  { workspaceId, input, friendId }: TryReferralInput,
  email: string | null,
): Promise<boolean> {
  const externalId = externalIdOf(input);
  if (externalId === null) return false;
  const owner = await tx<{ workspace_id: string; program_id: string; external_id: string; person_id: string }>(
    'referrals',
  )
    .where({ workspace_id: workspaceId, program_id: input.programId, external_id: externalId })
    .whereNull('merged_into')
    .first('person_id');
  if (!owner || owner.person_id === friendId) return false;
  return email === null || (await peopleByEmail(tx, workspaceId, [email])).get(email) !== owner.person_id;
}

async function addReferral(
  tx: TenantTransaction,
  attempt: TryReferralInput,
  match: {
    readonly program: PublishedProgram;
    readonly advocate: Advocate;
    readonly personId: string;
    readonly now: Date;
  },
): Promise<ReferralOutcome> {
  const { deps, workspaceId, actor, input, entryId } = attempt;
  const { program, advocate, personId, now } = match;
  const reason = await firstReason(tx, workspaceId, program);
  const inserted = await tx.raw<{ rows: { id: string }[] }>(
    `insert into referrals (id, workspace_id, program_id, advocate_id, person_id, status, status_reason, status_at,
                            program_version, rules_version, source, answers, consent, held_for,
                            external_id, referred_at, created_at)
     values (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (program_id, person_id) do nothing returning id`,
    [
      newId('ref'),
      workspaceId,
      program.id,
      advocate.id,
      personId,
      reason,
      now,
      program.version,
      program.version,
      input.source,
      JSON.stringify(input.answers),
      input.consent === null ? null : JSON.stringify(input.consent),
      holdsForCapture(program) ? 'capture' : null,
      externalIdOf(input),
      now,
      now,
    ],
  );
  const referralId = inserted.rows[0]?.id;
  if (!referralId) return existingReferral(tx, attempt, match);
  await learnOfFriend(tx, attempt, personId);
  await tx('referral_events').insert({
    workspace_id: workspaceId,
    referral_id: referralId,
    at: now,
    from_status: null,
    to_status: 'pending',
    cause: 'referred',
    actor,
    reason,
    program_version: program.version,
    entry_id: entryId,
  });
  const connectionIds = await deps.settle(tx, {
    workspaceId,
    now,
    publicUrl: deps.publicUrl,
    advocateIds: [advocate.id],
    personIds: [advocate.personId, personId],
    captureIds: [],
    newReferralIds: [referralId],
  });
  const recorded = { referralId, advocateId: advocate.id, status: 'pending' as const, created: true };
  return { ok: true, recorded, connectionIds };
}

/** What the CRM knows of the friend may end this referral: nothing is decided until it was asked. */
function holdsForCapture({ definition: { capture, integrity } }: PublishedProgram): boolean {
  const policies = [capture.duplicates.policy, ...Object.values(integrity)];
  return policies.includes('deny') || policies.includes('review');
}

type ExistingRow = { id: string; program_id: string; person_id: string; advocate_id: string; status: ReferralStatus };

/** Only once the referral is theirs: who is refused writes nothing onto somebody else's friend. */
async function learnOfFriend(
  tx: TenantTransaction,
  { input, friendId }: TryReferralInput,
  personId: string,
): Promise<void> {
  if (friendId === undefined) await fillBlanks(tx, personId, input);
}

async function existingReferral(
  tx: TenantTransaction,
  attempt: TryReferralInput,
  match: { readonly program: PublishedProgram; readonly advocate: Advocate; readonly personId: string },
): Promise<ReferralOutcome> {
  const existing = await tx<ExistingRow>('referrals')
    .where({ program_id: match.program.id, person_id: match.personId })
    .first('id', 'advocate_id', 'status');
  if (!existing) throw new Error('a referral that conflicts with a new one must exist');
  if (existing.advocate_id === match.advocate.id) {
    // Said later, it is as good as said at once; what is there stays.
    await learnOfFriend(tx, attempt, match.personId);
    const externalId = externalIdOf(attempt.input);
    if (externalId !== null)
      await tx('referrals').where({ id: existing.id }).whereNull('external_id').update({ external_id: externalId });
    const recorded = {
      referralId: existing.id,
      advocateId: existing.advocate_id,
      status: existing.status,
      created: false,
    };
    return { ok: true, recorded, connectionIds: [] };
  }
  return {
    ok: false,
    refusal: {
      state: 'ignored',
      reasonCode: 'already_referred',
      reason: 'Another advocate referred this person before; the first referral stands',
      programVersion: match.program.version,
      referralId: existing.id,
      error: (entryId) => new AlreadyReferred('This person was referred before by somebody else.', { entryId }),
    },
  };
}

type RefusalError = new (message: string, facts: Readonly<Record<string, unknown>>) => Error;

function refuse(
  program: PublishedProgram,
  Raised: RefusalError,
  because: Pick<Refusal, 'state' | 'reasonCode' | 'reason'> & { readonly field: 'code' | 'email' | 'externalId' },
): ReferralOutcome {
  const fields = [{ path: because.field, message: `${because.reason}.`, code: because.reasonCode }];
  const error = (entryId: string): Error => new Raised(`${because.reason}.`, { entryId, fields });
  return { ok: false, refusal: { ...because, error, programVersion: program.version, referralId: null } };
}

function selfReferral(program: PublishedProgram): ReferralOutcome {
  return refuse(program, SelfReferral, {
    state: 'ignored',
    field: 'email',
    reasonCode: 'self_referral',
    reason: 'Advocates cannot refer themselves',
  });
}

function toEntry(
  outcome: ReferralOutcome,
  { entryId, actor, input }: { readonly entryId: string; readonly actor: Actor; readonly input: NewReferral },
): NewEntry {
  const common = {
    id: entryId,
    trigger: { kind: 'referral_request', source: input.source, actor },
    programId: input.programId,
    input,
  };
  if (!outcome.ok) {
    const { state, reasonCode, reason, programVersion, referralId } = outcome.refusal;
    return { ...common, state, reasonCode, reason, programVersion, referralId };
  }
  const { created, referralId } = outcome.recorded;
  return {
    ...common,
    referralId,
    state: created ? 'processed' : 'ignored',
    reasonCode: created ? 'referral_recorded' : 'referral_repeated',
    reason: created
      ? 'A new referral was recorded'
      : 'This advocate had referred this person already; nothing was added',
  };
}
