import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmPort } from '../crm/port.ts';
import { fieldsToRead } from '../qualification/evaluate-rules.ts';

/** Moves only with the amount, the currency (both pushed) and HubSpot's daily rates, which are not worth a poll. */
const DERIVED = /^(hs_v2_date_entered_|amount_in_home_currency$)/;

/** Fields that rules or sale values read and whose changes the CRM does not push; `hs_v2_date_entered_…` moves with its stage. */
export function unpushedFields(
  port: Pick<CrmPort, 'pushedFields'>,
  definitions: readonly ProgramDefinition[],
): string[] {
  const wanted = fieldsToRead(definitions);
  const unpushed = (object: 'contact' | 'deal'): string[] =>
    wanted[object].filter((field) => !DERIVED.test(field) && !port.pushedFields[object].includes(field));
  return [...unpushed('contact'), ...unpushed('deal')];
}
