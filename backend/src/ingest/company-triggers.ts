import type { TenantTransaction } from '../db/database.ts';
import { newId } from '../ids.ts';
import { readsCompanies } from '../qualification/fields-to-read.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { friendsAtCompanies, type FriendsAtCompany } from './companies-store.ts';
import type { DecisionTrigger } from './decision-input.ts';
import { insertEntries, type NewEntry } from './entries-store.ts';

/** A company whose people may have to be looked at, and the record that changed: the company itself, or one of theirs. */
export type CompanyChange = {
  readonly companyId: string;
  readonly because: 'company' | 'related_record';
  readonly trigger: DecisionTrigger;
};

export type CompanyTriggers = {
  readonly triggers: ReadonlyMap<string, DecisionTrigger>;
  /** Companies with more people than somebody allowed. */
  readonly tooMany: number;
};

export type CompanyTriggersInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly now: Date;
  readonly programs: readonly PublishedProgram[];
  readonly changes: readonly CompanyChange[];
};

/** Companies whose people are looked up in one statement. */
const COMPANIES_AT_ONCE = 20;
export const TOO_MANY_CONTACTS = 'too_many_contacts';

/**
 * Whom a company's change concerns beyond the changed record's own people (RR-38), and in which programs. Where more people
 * of a program are at the company than it allows, none of them is looked at in it and one open entry of company and program
 * says so (E38): other programs go on.
 */
export async function companyTriggers(tx: TenantTransaction, input: CompanyTriggersInput): Promise<CompanyTriggers> {
  const triggers = new Map<string, DecisionTrigger>();
  const entries = new Map<string, NewEntry>();
  for (const { change, friends, programs } of await friendsConcerned(tx, input)) {
    for (const { programId, personIds } of friends) {
      const program = programs.find(({ id }) => id === programId);
      if (!program) continue;
      if (personIds.length > program.definition.matching.maxContacts)
        entries.set(`${change.companyId} ${programId}`, tooManyEntry(program, change, input.now));
      else for (const personId of personIds) addTrigger(triggers, personId, { ...change.trigger, programId });
    }
  }
  await insertEntries(tx, { workspaceId: input.workspaceId, now: input.now, entries: [...entries.values()] });
  return { triggers, tooMany: entries.size };
}

/** The last change is what is shown; the programs are those of all. */
function addTrigger(
  triggers: Map<string, DecisionTrigger>,
  personId: string,
  { programId, ...trigger }: DecisionTrigger & { readonly programId: string },
): void {
  const programIds = new Set([...(triggers.get(personId)?.programIds ?? []), programId]);
  triggers.set(personId, { ...trigger, programIds });
}

type Concerned = {
  readonly change: CompanyChange;
  readonly friends: readonly FriendsAtCompany[];
  readonly programs: readonly PublishedProgram[];
};

/** The company's own change comes last: it is the nearer reason. */
async function friendsConcerned(tx: TenantTransaction, input: CompanyTriggersInput): Promise<Concerned[]> {
  const concerned: Concerned[] = [];
  for (const because of ['related_record', 'company'] as const) {
    const programs = input.programs.filter((program) => followsCompanies(program, because));
    const caps = programs.map(({ id, definition }) => ({ programId: id, cap: definition.matching.maxContacts }));
    const changes = new Map(
      input.changes.filter((change) => change.because === because).map((change) => [change.companyId, change]),
    );
    const ids = [...changes.keys()];
    for (let start = 0; start < ids.length; start += COMPANIES_AT_ONCE) {
      const companyIds = ids.slice(start, start + COMPANIES_AT_ONCE);
      const found = await friendsAtCompanies(tx, { connectionId: input.connectionId, companyIds, caps });
      for (const [companyId, friends] of Map.groupBy(found, (row) => row.companyId)) {
        const change = changes.get(companyId);
        if (change) concerned.push({ change, friends, programs });
      }
    }
  }
  return concerned;
}

/** A company's own change concerns whoever decides by companies; another record's only whoever asked for it. */
function followsCompanies({ definition, versions }: PublishedProgram, because: CompanyChange['because']): boolean {
  if (definition.matching.contacts === 'company_contacts') return true;
  return because === 'company' && readsCompanies(versions.map((version) => version.definition));
}

const DAY_MS = 86_400_000;

function tooManyEntry({ id, version, definition }: PublishedProgram, change: CompanyChange, now: Date): NewEntry {
  const { matching, decisions } = definition;
  const { policy, afterDays } = decisions.reviewTimeout;
  return {
    id: newId('ent'),
    state: 'review',
    reasonCode: TOO_MANY_CONTACTS,
    reason: `More than ${String(matching.maxContacts)} people at this company were referred in ${definition.name}, so none of them was looked at.`,
    trigger: change.trigger,
    programId: id,
    programVersion: version,
    connectionId: change.trigger.connectionId,
    objectType: 'company',
    recordId: change.companyId,
    reviewKey: `${TOO_MANY_CONTACTS}:${id}`,
    reviewDueAt: policy === 'stay' ? null : new Date(now.getTime() + afterDays * DAY_MS),
    notify: decisions.notifyReview,
  };
}
