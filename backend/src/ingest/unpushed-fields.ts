import { DEAL_WORDS, isStageEntered } from '../../../shared/deal-words.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmObjectType, CrmPort } from '../crm/port.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';

/** Moves only with the amount, the currency and the account's rates, which are not worth a poll. */
const AT_HOME: ReadonlySet<string> = new Set(Object.values(DEAL_WORDS).map(({ amountAtHome }) => amountAtHome));

/** What follows from another field: when a stage was entered moves with the stage. */
function isDerived(field: string): boolean {
  return isStageEntered(field) || AT_HOME.has(field);
}

/** Nobody tells us anything: the poll is all there is. */
export function pushesNothing({ pushedFields }: Pick<CrmPort, 'pushedFields'>): boolean {
  return Object.values(pushedFields).every((fields) => fields.length === 0);
}

/** Fields that rules or sale values read and whose changes the CRM does not push. */
export function unpushedFields(
  port: Pick<CrmPort, 'crm' | 'pushedFields'>,
  definitions: readonly ProgramDefinition[],
): Readonly<Record<CrmObjectType, readonly string[]>> {
  const wanted = fieldsToRead(definitions, port.crm);
  const unpushed = (object: CrmObjectType): string[] =>
    wanted[object].filter((field) => !isDerived(field) && !port.pushedFields[object].includes(field));
  return { contact: unpushed('contact'), company: unpushed('company'), deal: unpushed('deal') };
}
