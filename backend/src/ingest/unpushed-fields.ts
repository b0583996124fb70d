import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmObjectType, CrmPort } from '../crm/port.ts';
import { fieldsToRead } from '../qualification/fields-to-read.ts';

/** Moves only with the amount, the currency (both pushed) and HubSpot's daily rates, which are not worth a poll. */
const DERIVED = /^(hs_v2_date_entered_|amount_in_home_currency$)/;

/** Fields that rules or sale values read and whose changes the CRM does not push; `hs_v2_date_entered_…` moves with its stage. */
export function unpushedFields(
  port: Pick<CrmPort, 'pushedFields'>,
  definitions: readonly ProgramDefinition[],
): Readonly<Record<CrmObjectType, readonly string[]>> {
  const wanted = fieldsToRead(definitions);
  const unpushed = (object: CrmObjectType): string[] =>
    wanted[object].filter((field) => !DERIVED.test(field) && !port.pushedFields[object].includes(field));
  return { contact: unpushed('contact'), company: unpushed('company'), deal: unpushed('deal') };
}
