import { isStageRule, type ProgramDefinition, type QualificationRule } from '../../../shared/program-definition.ts';
import { fieldsOfMatching } from '../matching/matching-fields.ts';
import type { RecordView } from './subject.ts';

/** The CRM field that says when a deal entered a stage. */
export function stageEnteredField(stageId: string): string {
  return `hs_v2_date_entered_${stageId.trim()}`;
}

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

/** Every CRM field these programs decide by, sorted, each once. */
export function fieldsToRead(definitions: readonly ProgramDefinition[]): FieldsToRead {
  const fields = { contact: new Set<string>(), company: new Set<string>(), deal: new Set<string>() };
  for (const { rules, rewardRules, decisions, matching } of definitions) {
    for (const rule of rules.filter(({ enabled }) => enabled)) {
      const stages = isStageRule(rule) ? ['pipeline', ...reachedStages(rule).map(stageEnteredField)] : [];
      for (const name of [rule.field, ...stages]) fields[rule.object].add(name);
    }
    for (const { object, field } of rewardRules.flatMap((rule) => (rule.kind === 'percent' ? [rule.saleValue] : []))) {
      const currency = object === 'deal' ? ['deal_currency_code'] : [];
      const atHome = object === 'deal' && field === 'amount' ? ['amount_in_home_currency'] : [];
      for (const name of [field, ...currency, ...atHome]) fields[object].add(name);
    }
    for (const { object, field } of [...decisions.fieldUpdates, ...fieldsOfMatching(matching)]) {
      fields[object].add(field);
    }
  }
  return {
    contact: [...fields.contact].sort(),
    company: [...fields.company].sort(),
    deal: [...fields.deal].sort(),
  };
}
