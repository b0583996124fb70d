import type { FieldValues, RecordWrite } from '../../crm/port.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { PlannedPerson } from './plan-people.ts';
import { writeWithoutMissing, type WrittenWithout } from '../write-without-missing.ts';

/**
 * Writes the changes to contacts that were there, once per contact.
 * @param planned the primary program's first: where two maps want one field, it has the word.
 * @returns what became of them, by record id.
 */
export async function updatePeople(
  work: ConnectionWork,
  planned: readonly PlannedPerson[],
): Promise<Map<string, WrittenWithout>> {
  const changes = new Map<string, FieldValues>();
  for (const { plan } of planned) {
    if (plan.do !== 'link' || Object.keys(plan.changes).length === 0) continue;
    changes.set(plan.recordId, { ...plan.changes, ...changes.get(plan.recordId) });
  }
  if (changes.size === 0) return new Map();
  const writes = new Map([...changes].map(([id, values]): [string, RecordWrite] => [id, { id, values }]));
  return writeWithoutMissing(writes, async (open) => {
    const [some, none] = [[...open.values()].filter(isSome), [...open.values()].filter((write) => !isSome(write))];
    const written = some.length === 0 ? [] : await send(work, some);
    return [
      ...written,
      ...none.map(({ id }) => ({ key: id, ok: true as const, recordId: id, values: {}, modifiedAt: null })),
    ];
  });
}

function send({ port, connection }: ConnectionWork, writes: readonly RecordWrite[]) {
  return port.updateRecords(connection, { objectType: 'contact', writes });
}

/** Of a contact whose every change was for a missing field nothing is left to write. */
function isSome({ values }: RecordWrite): boolean {
  return Object.keys(values).length > 0;
}
