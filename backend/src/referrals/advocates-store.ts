import type { TenantTransaction } from '../db/database.ts';
import { newId, randomText } from '../ids.ts';
import { newReferralCode } from './referral-code.ts';
import { ExternalIdTaken, PersonErased } from './referral-errors.ts';

export type Advocate = {
  readonly id: string;
  readonly personId: string;
  readonly code: string;
  readonly email: string | null;
  readonly pausedAt: Date | null;
};

type AdvocateRow = { id: string; person_id: string; code: string; email: string | null; paused_at: Date | null };

function fromRow(row: AdvocateRow): Advocate {
  return { id: row.id, personId: row.person_id, code: row.code, email: row.email, pausedAt: row.paused_at };
}

/** The live advocate behind a code; the code of one who was merged away leads to the survivor. */
export async function advocateByCode(tx: TenantTransaction, programId: string, code: string): Promise<Advocate | null> {
  const answer = await tx.raw<{ rows: AdvocateRow[] }>(
    `select live.id, live.person_id, live.code, live.paused_at, p.email
       from advocates a
       join advocates live on live.id = coalesce(a.merged_into, a.id) and live.closed_at is null
       join people p on p.id = live.person_id
      where a.program_id = ? and a.code = ?`,
    [programId, code],
  );
  const row = answer.rows[0];
  return row ? fromRow(row) : null;
}

export type EnsuredAdvocate = {
  readonly id: string;
  readonly code: string;
  readonly created: boolean;
  /** The link rested until now. */
  readonly reopened: boolean;
};

/**
 * The person's advocate of the program, made with a new code if need be; a link that rested is open again. Raises
 * `PersonErased` for somebody a privacy deletion erased, and for a link it closed for good.
 */
export async function ensureAdvocate(
  tx: TenantTransaction,
  input: { readonly workspaceId: string; readonly programId: string; readonly personId: string; readonly now: Date },
): Promise<EnsuredAdvocate> {
  const erased: unknown = await tx('people').where({ id: input.personId }).whereNotNull('erased_at').first('id');
  if (erased) throw new PersonErased();
  const inserted = await tx.raw<{ rows: { id: string; code: string }[] }>(
    `insert into advocates (id, workspace_id, program_id, person_id, code, created_at) values (?, ?, ?, ?, ?, ?)
     on conflict do nothing returning id, code`,
    [newId('adv'), input.workspaceId, input.programId, input.personId, newReferralCode(randomText), input.now],
  );
  const created = inserted.rows[0];
  if (created) return { ...created, created: true, reopened: false };
  const existing: { id: string; code: string; closed_at: Date | null } | undefined = await tx('advocates')
    .where({ program_id: input.programId, person_id: input.personId })
    .first('id', 'code', 'closed_at');
  // Nobody of that name: then it was the code that somebody else has already. Draw again.
  if (!existing) return ensureAdvocate(tx, input);
  if (existing.closed_at !== null) throw new PersonErased();
  // Whoever is asked for by name refers again, whatever list they left.
  const resumed = await tx('advocates')
    .where({ id: existing.id })
    .whereNotNull('paused_at')
    .update({ paused_at: null });
  return { id: existing.id, code: existing.code, created: false, reopened: resumed > 0 };
}

/**
 * The customer's own id of an advocate; a new one replaces the old. Raises `ExternalIdTaken` when another advocate of the
 * program has it. Call it alone in the workspace.
 */
export async function keepExternalId(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly programId: string;
    readonly advocateId: string;
    readonly externalId: string;
  },
): Promise<void> {
  const { workspaceId, programId, advocateId, externalId } = input;
  const other: unknown = await tx('advocates')
    .where({ workspace_id: workspaceId, program_id: programId, external_id: externalId })
    .whereNull('merged_into')
    .whereNull('closed_at')
    .whereNot({ id: advocateId })
    .first('id');
  if (other) throw new ExternalIdTaken('Another advocate of this program has that external id.');
  await tx('advocates').where({ id: advocateId }).update({ external_id: externalId });
}

/** The newest words somebody agreed to stand; those of an earlier join are replaced. */
export async function keepConsent(
  tx: TenantTransaction,
  advocateId: string,
  consent: { readonly text: string; readonly at: string },
): Promise<void> {
  await tx('advocates')
    .where({ id: advocateId })
    .update({ consent: JSON.stringify(consent) });
}

export type EnsuredAdvocates = { readonly created: number; readonly already: number };

/** Advocates of all these people, with new codes where need be; links that rested are open again. */
export async function ensureAdvocates(
  tx: TenantTransaction,
  input: {
    readonly workspaceId: string;
    readonly programId: string;
    readonly personIds: readonly string[];
    readonly now: Date;
  },
): Promise<EnsuredAdvocates> {
  const personIds = [...new Set(input.personIds)];
  if (personIds.length === 0) return { created: 0, already: 0 };
  const rows = personIds.map((personId) => ({
    id: newId('adv'),
    person_id: personId,
    code: newReferralCode(randomText),
  }));
  const inserted = await tx.raw<{ rows: { person_id: string }[] }>(
    `insert into advocates (id, workspace_id, program_id, person_id, code, created_at)
     select n.id, ?, ?, n.person_id, n.code, ?::timestamptz
       from json_to_recordset(?) as n(id text, person_id text, code text)
     on conflict do nothing returning person_id`,
    [input.workspaceId, input.programId, input.now, JSON.stringify(rows)],
  );
  const created = new Set(inserted.rows.map((row) => row.person_id));
  const rest = personIds.filter((personId) => !created.has(personId));
  if (rest.length === 0) return { created: created.size, already: 0 };
  const known = await tx.raw<{ rows: { person_id: string }[] }>(
    `with resumed as (
       update advocates set paused_at = null where program_id = ? and person_id = any(?) and paused_at is not null)
     select person_id from advocates where program_id = ? and person_id = any(?)`,
    [input.programId, rest, input.programId, rest],
  );
  const already = new Set(known.rows.map((row) => row.person_id));
  // Neither made nor there: it was the code that somebody else has already. Draw again.
  const unlucky = rest.filter((personId) => !already.has(personId));
  const again = await ensureAdvocates(tx, { ...input, personIds: unlucky });
  return { created: created.size + again.created, already: already.size + again.already };
}

export async function peopleOfAdvocates(tx: TenantTransaction, advocateIds: readonly string[]): Promise<string[]> {
  if (advocateIds.length === 0) return [];
  const rows = await tx<{ id: string; person_id: string }>('advocates')
    .whereIn('id', [...advocateIds])
    .select('person_id');
  return rows.map((row) => row.person_id);
}
