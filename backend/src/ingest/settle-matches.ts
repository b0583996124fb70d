import { createHash } from 'node:crypto';
import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import {
  mayBeAssumed,
  outcomeOf,
  printOf,
  strengthOf,
  traceOf,
  type Addition,
  type Finding,
  type MatchTrace,
} from '../matching/match-findings.ts';
import { matchesByMore, takesEmails, takesIds } from '../matching/matching-fields.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { addMember, CRM_SOURCE, type MatchInput } from './add-member.ts';
import { insertEntries, type NewEntry } from './entries-store.ts';
import type { ContactFieldNames, MatchedContact } from './match-contacts.ts';
import { earlierEntries, MATCH_TRIGGER, overtakeEntries, type EarlierEntry } from './match-entries-store.ts';

export type SettleMatchesInput = {
  readonly deps: Pick<UseCaseDeps, 'publicUrl' | 'settle'>;
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly now: Date;
  readonly programs: readonly PublishedProgram[];
  readonly fields: ContactFieldNames;
};

/**
 * What follows from matching a batch: friends are added under the advocates their records name, and what a person has to
 * say or should see becomes an entry, once. Call it alone in the workspace.
 * @returns the contacts, those of friends just added with their person.
 */
export async function settleMatches(
  tx: TenantTransaction,
  input: SettleMatchesInput,
  matched: readonly MatchedContact[],
): Promise<MatchedContact[]> {
  const outcomes = matched.map((one) => ({
    one,
    ...outcomeOf(one.contact, one.match, { ...input, stands: stands(one) }),
  }));
  const saying = outcomes.filter(({ findings, additions }) => findings.length > 0 || additions.length > 0);
  const definitions = input.programs.map(({ definition }) => definition);
  const asksMore = matchesByMore(definitions) || !takesEmails(definitions) || !takesIds(definitions);
  const looked = asksMore ? outcomes : saying;
  if (looked.length === 0) return [...matched];
  const earlier = await earlierEntries(tx, { ...input, recordIds: looked.map(({ one }) => one.reading.record.id) });
  const settled = new Map<MatchedContact, MatchedContact>();
  for (const outcome of looked) {
    settled.set(
      outcome.one,
      await settleOne(tx, input, { ...outcome, earlier: earlier.get(outcome.one.reading.record.id) ?? [] }),
    );
  }
  return matched.map((one) => settled.get(one) ?? one);
}

function stands({ match, personId }: MatchedContact): boolean {
  return match.friend === null || personId !== null;
}

type One = {
  readonly one: MatchedContact;
  readonly findings: readonly Finding[];
  readonly additions: readonly Addition[];
  readonly earlier: readonly EarlierEntry[];
};

async function settleOne(tx: TenantTransaction, input: SettleMatchesInput, outcome: One): Promise<MatchedContact> {
  const { findings, additions, earlier } = outcome;
  const entries: NewEntry[] = [];
  const asked = new Set<string>();
  let { one } = outcome;
  for (const addition of additions) {
    const added = await add(tx, input, { one, addition });
    if (added.finding) {
      asked.add(added.about);
      if (
        isNews(
          { print: added.print, reasonCode: added.entry.reasonCode },
          earlier.find(({ about }) => about === added.about),
        )
      )
        entries.push(added.entry);
    } else {
      entries.push(added.entry);
      one = { ...one, personId: added.personId, linkedNow: true };
    }
  }
  for (const finding of findings) {
    asked.add(finding.key);
    const before = earlier.find(({ about }) => about === finding.key);
    if (isNews({ print: printOf(finding), reasonCode: finding.reasonCode }, before))
      entries.push(toEntry(input, one, finding));
  }
  const linked = foundEntry(input, one);
  if (linked) entries.push(linked);
  const fresh = new Set(entries.map(({ trigger }) => (trigger as { about?: string }).about));
  const open = earlier.filter(
    ({ state, about }) => (state === 'review' || state === 'failed') && (fresh.has(about) || !asked.has(about)),
  );
  const referralId = entries.find(({ state }) => state === 'processed')?.referralId ?? null;
  await overtakeEntries(tx, {
    now: input.now,
    overtaken: open.map(({ id }) => ({ id, state: one.personId === null ? 'ignored' : 'processed', referralId })),
  });
  await insertEntries(tx, { ...input, entries });
  return one;
}

/**
 * The same again is not asked again; nor is what a person denied about two people, unless more speaks for it now than what
 * they said no to.
 */
function isNews(
  now: { readonly print: string; readonly reasonCode: string },
  before: EarlierEntry | undefined,
): boolean {
  if (!before) return true;
  if (before.about.startsWith('match:') && before.state === 'ignored' && before.reasonCode !== 'match_overtaken')
    return before.asked !== null && strengthOf(now.reasonCode) > strengthOf(before.asked);
  return before.print !== printed(now.print);
}

/** What it rests on may name people, and is never looked at but for being the same. */
function printed(print: string): string {
  return createHash('sha256').update(print).digest('hex').slice(0, 32);
}

type Added = {
  readonly about: string;
  readonly print: string;
  /** True when nothing was added, and the entry says why. */
  readonly finding: boolean;
  readonly entry: NewEntry;
  readonly personId: string | null;
};

async function add(
  tx: TenantTransaction,
  input: SettleMatchesInput,
  { one, addition }: { readonly one: MatchedContact; readonly addition: Addition },
): Promise<Added> {
  const { programId } = addition.member;
  const entryId = newId('ent');
  const request = { ...toInput(input, one), programId, code: addition.code, externalId: externalIdOf(one, programId) };
  const { outcome, personId } = await addMember(tx, {
    ...input,
    deps: { ...input.deps, clock: { now: () => input.now.getTime() } },
    actor: 'system',
    entryId,
    input: request,
    personId: one.personId,
  });
  const trace = traceOf(one.contact, {
    ...one.match,
    friend: null,
    members: [addition.member],
    route: 'member',
    reason: 'advocate_named',
  });
  const about = `member:${programId}`;
  const done = outcome.ok
    ? {
        state: 'processed' as const,
        reasonCode: 'referral_recorded',
        reason: 'A new referral was recorded under the advocate the record names',
        referralId: outcome.recorded.referralId,
      }
    : outcome.refusal;
  const { state, reasonCode, reason, referralId } = done;
  const print = JSON.stringify([reasonCode, trace.object, trace.field, trace.value]);
  const entry: NewEntry = {
    ...common(input, one, { about, print, programId, trace }),
    id: entryId,
    state,
    reasonCode,
    reason,
    referralId,
    input: request,
  };
  return { about, print, finding: !outcome.ok, entry, personId };
}

/** That a field of the customer's own led to the friend is worth an entry: nothing else in the CRM shows it. */
function foundEntry(input: SettleMatchesInput, one: MatchedContact): NewEntry | null {
  const { friend, route } = one.match;
  if (!friend || !one.linkedNow || friend.personId !== one.personId) return null;
  if (route !== 'target' && route !== 'additional') return null;
  const trace = traceOf(one.contact, one.match);
  const { programId, referralId } = friend;
  return {
    ...common(input, one, { about: 'found', print: '', programId, trace }),
    id: newId('ent'),
    state: 'processed',
    reasonCode: 'match_found',
    reason: 'A field of the record says whose it is',
    referralId,
  };
}

/** What the record calls the referral, where a field of the program holds that. */
function externalIdOf({ contact }: MatchedContact, programId: string): string | null {
  const named = contact.claims.find((claim) => claim.holds === 'external_id' && claim.programId === programId);
  return named?.key ?? null;
}

function toEntry(input: SettleMatchesInput, one: MatchedContact, finding: Finding): NewEntry {
  const { key, state, reasonCode, reason, programId, trace } = finding;
  const definition = input.programs.find(({ id }) => id === programId)?.definition ?? input.programs[0]?.definition;
  const timeout = definition?.decisions.reviewTimeout;
  const waits = state === 'review' && timeout !== undefined && timesOut(timeout.policy, reasonCode);
  return {
    ...common(input, one, { about: key, print: printOf(finding), programId, trace }),
    id: newId('ent'),
    state,
    reasonCode,
    reason,
    input: { ...toInput(input, one), programId, code: finding.code, referralId: finding.referralId },
    reviewKey: state === 'review' ? key : null,
    reviewDueAt: waits ? new Date(input.now.getTime() + timeout.afterDays * DAY_MS) : null,
    notify: finding.notify,
  };
}

function timesOut(policy: 'stay' | 'approve' | 'deny', reasonCode: string): boolean {
  return policy === 'deny' || (policy === 'approve' && mayBeAssumed(reasonCode));
}

const DAY_MS = 86_400_000;

function common(
  input: SettleMatchesInput,
  { reading: { dirty, record } }: MatchedContact,
  of: { readonly about: string; readonly print: string; readonly programId: string | null; readonly trace: MatchTrace },
): Pick<NewEntry, 'trigger' | 'programId' | 'programVersion' | 'connectionId' | 'objectType' | 'recordId' | 'trace'> {
  const { about, programId, trace } = of;
  const print = printed(of.print);
  return {
    trigger: {
      kind: MATCH_TRIGGER,
      about,
      print,
      signal: dirty.lastKind,
      occurredAt: dirty.lastOccurredAt.toISOString(),
      sourceKey: dirty.lastSourceKey,
    },
    programId,
    programVersion: input.programs.find(({ id }) => id === programId)?.version ?? null,
    connectionId: input.connectionId,
    objectType: record.objectType,
    recordId: record.id,
    trace: { match: trace },
  };
}

function toInput({ fields }: SettleMatchesInput, { reading: { record }, contact }: MatchedContact): MatchInput {
  return {
    programId: null,
    code: null,
    email: contact.email?.value.trim() ?? null,
    firstName: textOf(record.values[fields.firstName]),
    lastName: textOf(record.values[fields.lastName]),
    phone: textOf(record.values[fields.phone]),
    referralId: null,
    externalId: null,
    source: CRM_SOURCE,
    answers: {},
    consent: null,
  };
}

function textOf(value: string | null | undefined): string | null {
  return value && value.trim() !== '' ? value.trim() : null;
}
