import type { CrmObjectType } from '../crm/port.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';
import { decidingDefinitions, type PublishedProgram } from '../qualification/published-programs.ts';
import type { ConnectionWork } from '../sync/connection-work.ts';
import { writtenFieldNames } from '../sync/own-fields.ts';
import { contactFieldNames, fieldsOfContacts } from './match-contacts.ts';

/** What is read of a record of each kind: for rules, to say whose it is, and to compare what stands in our own fields. */
export function wantedFields(
  { port }: Pick<ConnectionWork, 'port'>,
  programs: readonly PublishedProgram[],
): Record<CrmObjectType, string[]> {
  const wanted = fieldsToRead(decidingDefinitions(programs), port.crm);
  return {
    ...wanted,
    contact: [
      ...new Set([
        ...wanted.contact,
        ...Object.values(port.contactFields),
        ...fieldsOfContacts(contactFieldNames(port), programs),
        ...writtenFieldNames(port.crm, programs),
      ]),
    ],
  };
}
