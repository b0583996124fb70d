import type { ContactDraft, FieldValues } from '../../crm/port.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import type { ConnectionWork } from '../connection-work.ts';
import { desiredValues } from '../desired-values-store.ts';
import { toCrmFields } from '../own-fields.ts';
import type { PlannedPerson } from './plan-people.ts';
import { writeWithoutMissing, type WrittenWithout } from '../write-without-missing.ts';

/**
 * Creates the contacts that are not there, once per person, with the map's values and our own fields in the same call.
 * @param input.planned the primary program's first: of two referrals of one friend it has the first word.
 * @returns what became of them, by person id.
 */
export async function createPeople(
  work: ConnectionWork,
  input: { readonly planned: readonly PlannedPerson[]; readonly programs: readonly PublishedProgram[] },
): Promise<Map<string, WrittenWithout>> {
  const { connection, port } = work;
  const wanted = new Map<string, Omit<ContactDraft, 'key'>>();
  for (const { person, plan, facts } of input.planned) {
    const values = creationOf(plan);
    if (values === null || person.email === null) continue;
    const before = wanted.get(person.personId)?.values ?? {};
    // The primary program's first word on how somebody is added is the last one, too.
    wanted.set(person.personId, {
      ...howToAdd(person, facts),
      ...wanted.get(person.personId),
      email: person.email,
      values: { ...values, ...before },
    });
  }
  if (wanted.size === 0) return new Map();
  const own = await work.database.inWorkspace(connection.workspaceId, (tx) =>
    desiredValues(tx, {
      personIds: [...wanted.keys()],
      programs: input.programs,
      publicUrl: work.publicUrl,
      workspaceCurrency: work.workspaceCurrency,
    }),
  );
  const drafts = [...wanted].map(([personId, draft]): [string, ContactDraft] => {
    const ours = toCrmFields(port.crm, own.get(personId)?.(port.crm) ?? {});
    return [personId, { ...draft, key: personId, values: { ...draft.values, ...withoutEmpty(ours) } }];
  });
  return writeWithoutMissing(new Map(drafts), (open) => port.createContacts(connection, [...open.values()]));
}

/** Advocates are customers, so contacts; friends are added as their program says (RR-16). */
function howToAdd(
  { firstName, lastName, phone, details }: PlannedPerson['person'],
  facts: PlannedPerson['facts'],
): Pick<ContactDraft, 'as' | 'referralId' | 'assign' | 'allowDuplicate' | 'person'> {
  const capture = facts?.program.definition.capture;
  const company = facts?.answers['company'] ?? details['company'] ?? null;
  return {
    as: capture?.personAs ?? 'contact',
    ...(facts && { referralId: facts.referralId }),
    assign: capture === undefined || capture.owner.policy === 'crm',
    allowDuplicate: capture?.duplicates.policy === 'create_anyway',
    person: { firstName, lastName, phone, company },
  };
}

/** What a plan creates a contact with; null when it creates none. */
export function creationOf(plan: PlannedPerson['plan']): FieldValues | null {
  return plan.do === 'create' || plan.do === 'review' ? plan.values : null;
}

function withoutEmpty(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
