import { addRow } from '../data/after-save.ts';
import type { Writer } from '../data/writer.ts';
import { wholeSecondText } from '../instant.ts';
import { objectOf } from '../schema/org-schema.ts';
import type { Row } from '../state/table.ts';

export interface ManyPeopleInput {
  count: number;
  object?: 'Contact' | 'Lead';
  /** over how long they came in, until now */
  overDays?: number;
  values?: Row;
}

export interface ManyPeople {
  count: number;
  firstId: string;
  lastId: string;
}

const DAY_MS = 86_400_000;

/** Ids and dates rise together; the address of each is `<object><number>@many.example.com`. */
export function addMany(writer: Writer, input: ManyPeopleInput): ManyPeople {
  const { org, nowMs } = writer;
  const { count, object = 'Contact', overDays = 365, values = {} } = input;
  const { fields } = objectOf(org.schema, object);
  const defaults = Object.fromEntries([...fields.values()].map((field) => [field.name, field.defaultValue]));
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const number = org.tables.nextNumber(`many ${object}`);
    const person = { FirstName: 'Person', LastName: `Number ${number}`, Name: `Person Number ${number}` };
    const own = {
      ...defaults,
      OwnerId: org.adminId,
      Email: `${object.toLowerCase()}${number}@many.example.com`,
      ...(object === 'Lead' && { Company: `Company ${number}` }),
      ...person,
      ...values,
    };
    const id = addRow(writer, object, own);
    const at = wholeSecondText(nowMs - Math.floor(((count - 1 - index) / count) * overDays * DAY_MS));
    const row = org.tables.of(object).get(id) as Row;
    org.tables.put(object, { ...row, CreatedDate: at, LastModifiedDate: at, SystemModstamp: at });
    ids.push(id);
  }
  return { count, firstId: ids[0] ?? '', lastId: ids.at(-1) ?? '' };
}
