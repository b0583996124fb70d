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
  const wanted = new Map<string, { email: string; values: FieldValues }>();
  for (const { person, plan } of input.planned) {
    const values = creationOf(plan);
    if (values === null || person.email === null) continue;
    const before = wanted.get(person.personId)?.values ?? {};
    wanted.set(person.personId, { email: person.email, values: { ...values, ...before } });
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
  const drafts = [...wanted].map(([personId, { email, values }]): [string, ContactDraft] => {
    const ours = toCrmFields(port.crm, own.get(personId)?.(port.crm) ?? {});
    return [personId, { key: personId, email, values: { ...values, ...withoutEmpty(ours) } }];
  });
  return writeWithoutMissing(new Map(drafts), (open) => port.createContacts(connection, [...open.values()]));
}

/** What a plan creates a contact with; null when it creates none. */
export function creationOf(plan: PlannedPerson['plan']): FieldValues | null {
  return plan.do === 'create' || plan.do === 'review' ? plan.values : null;
}

function withoutEmpty(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
