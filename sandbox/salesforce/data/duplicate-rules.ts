import { RecordRefusal } from '../errors.ts';
import { typeOfId } from '../state/find-row.ts';
import type { DuplicateRule, Org } from '../state/org.ts';
import type { Row } from '../state/table.ts';
import type { RuleInput } from './rule-input.ts';
import type { Writer } from './writer.ts';

/** A rule that alerts lets through who says so; one that blocks, nobody. */
export function refuseDuplicates(writer: Writer, { type, row, before }: RuleInput): void {
  const { org, via, options } = writer;
  if (via === 'person') return;
  for (const rule of org.duplicateRules) {
    if (rule.object !== type.name || (rule.action === 'alert' && options.allowDuplicates)) continue;
    const value = row[rule.by] ?? null;
    if (value === null || before?.[rule.by] === value) continue;
    const found = matches(org, rule, { value: String(value), self: row['Id'] as string });
    if (found.length > 0)
      throw new RecordRefusal('DUPLICATES_DETECTED', rule.message, { duplicateResult: resultOf(writer, rule, found) });
  }
}

function matches(org: Org, rule: DuplicateRule, { value, self }: { value: string; self: string }): Row[] {
  return rule.matchObjects.flatMap((object) =>
    org.tables
      .of(object)
      .having(rule.by, [value])
      .filter((row) => row['IsDeleted'] === false && row['Id'] !== self && row['IsConverted'] !== true),
  );
}

function resultOf({ org, options }: Writer, rule: DuplicateRule, found: readonly Row[]) {
  const byObject = Map.groupBy(found, (row) => typeOfId(org, row['Id'] as string)?.name ?? '');
  return {
    allowSave: rule.action === 'alert',
    duplicateRule: rule.name,
    duplicateRuleEntityType: rule.object,
    errorMessage: rule.message,
    matchResults: [...byObject].map(([entityType, rows]) => ({
      entityType,
      errors: [],
      matchEngine: 'ExactMatchEngine',
      matchRecords: rows.map((row) => ({
        additionalInformation: [],
        fieldDiffs: [],
        matchConfidence: 100,
        record: recordOf(entityType, row, options.includeDuplicateDetails),
      })),
      rule: `${entityType}_By_${rule.by}`,
      size: rows.length,
      success: true,
    })),
  };
}

function recordOf(type: string, row: Row, details: boolean): Record<string, unknown> {
  const Id = row['Id'];
  const attributes = { type, url: `/services/data/v67.0/sobjects/${type}/${String(Id)}` };
  return { attributes, Id, ...(details && { Name: row['Name'], Email: row['Email'] }) };
}
