import { crmOfField } from '../../../shared/crm-fields.ts';
import { DEAL_WORDS, dealWordsOf, stageEnteredField } from '../../../shared/deal-words.ts';
import {
  fieldOnRecord,
  LEAD_CONVERTED,
  LEAD_CONVERTED_ON,
  LEAD_CREATED_AT,
  recordTypeOf,
  type ProgramObject,
} from '../../../shared/person-fields.ts';
import { isStageRule, type ProgramDefinition, type QualificationRule } from '../../../shared/program-definition.ts';
import type { CrmName } from '../crm/port.ts';
import { fieldsOfMatching } from '../matching/matching-fields.ts';
import type { RecordView } from './subject.ts';

/** One field of a record as the CRM states it, null when empty or not read. */
export function valueOf(record: Pick<RecordView, 'values'>, field: string): string | null {
  // Own keys only: a field called `constructor` is not the object's own machinery.
  return Object.hasOwn(record.values, field) ? (record.values[field] ?? null) : null;
}

/** The stages in which a rule on the stage is met. */
export function reachedStages(rule: QualificationRule): readonly string[] {
  return (isStageRule(rule) && rule.stages?.reached) || rule.values;
}

export type FieldsToRead = { contact: string[]; company: string[]; deal: string[] };

type Named = { readonly object: ProgramObject; readonly field: string };

/** Every field these programs decide by that an account of this CRM may have, sorted, each once. */
export function fieldsToRead(definitions: readonly ProgramDefinition[], crm: CrmName): FieldsToRead {
  const fields = { contact: new Set<string>(), company: new Set<string>(), deal: new Set<string>() };
  const spoken = definitions.flatMap(namedFields).filter(({ field }) => crmOfField(field) === crm);
  for (const named of spoken) fields[recordTypeOf(named.object)].add(fieldOnRecord(named));
  if (spoken.some(({ object }) => object === 'lead')) {
    fields.contact.add(LEAD_CREATED_AT).add(LEAD_CONVERTED_ON);
  }
  if (crm === 'salesforce' && fields.contact.size > 0) fields.contact.add(LEAD_CONVERTED);
  return {
    contact: [...fields.contact].sort(),
    company: [...fields.company].sort(),
    deal: [...fields.deal].sort(),
  };
}

/** Whether anything is decided by companies, in whichever CRM. */
export function readsCompanies(definitions: readonly ProgramDefinition[]): boolean {
  return definitions.flatMap(namedFields).some(({ object }) => object === 'company');
}

function namedFields({ rules, rewardRules, decisions, matching }: ProgramDefinition): Named[] {
  return [
    ...rules.filter(({ enabled }) => enabled).flatMap(fieldsOfRule),
    ...rewardRules.flatMap((rule) => (rule.kind === 'percent' ? saleFields(rule.saleValue) : [])),
    ...decisions.fieldUpdates,
    ...fieldsOfMatching(matching),
  ];
}

function fieldsOfRule(rule: QualificationRule): Named[] {
  const { object, field } = rule;
  if (!isStageRule(rule)) return [{ object, field }];
  const entered = reachedStages(rule).map((stageId) => stageEnteredField(field, stageId));
  return [field, dealWordsOf(field).pipeline, ...entered].map((name) => ({ object, field: name }));
}

/** An amount is named in the words of one CRM and read from a deal of either. */
function saleFields({ object, field }: Named): Named[] {
  const words = dealWordsOf(field);
  if (object !== 'deal') return [{ object, field }];
  if (field !== words.amount) return [field, words.currency].map((name) => ({ object, field: name }));
  return Object.values(DEAL_WORDS)
    .flatMap(({ amount, amountAtHome, currency }) => [amount, amountAtHome, currency])
    .map((name) => ({ object, field: name }));
}
