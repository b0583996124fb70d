import type { Org } from '../state/org.ts';
import type { Row, Value } from '../state/table.ts';
import type { Values } from './read-values.ts';

export interface DeriveInput {
  object: string;
  /** as it would be stored */
  row: Values;
  /** what was asked to change */
  changed: Values;
  before: Row | null;
}

/** Columns that Salesforce works out itself. */
export function derive(org: Org, input: DeriveInput): void {
  const { object, row } = input;
  if (object === 'Contact' || object === 'Lead')
    row['Name'] = [row['FirstName'], row['LastName']].filter((part) => (part ?? null) !== null).join(' ');
  if (object === 'Opportunity') deriveStage(org, input);
  if (object === 'CampaignMember') row['HasResponded'] = row['Status'] === 'Responded';
  if (object === 'Task') row['IsClosed'] = row['Status'] === 'Completed';
}

/** A stage brings whether the deal is closed and won, and its probability unless one is given with it. */
function deriveStage(org: Org, { row, changed, before }: DeriveInput): void {
  const stage = org.tables.of('OpportunityStage').having('ApiName', [row['StageName'] ?? ''])[0];
  row['IsClosed'] = stage?.['IsClosed'] ?? false;
  row['IsWon'] = stage?.['IsWon'] ?? false;
  const moved = before?.['StageName'] !== row['StageName'];
  if (moved && changed['Probability'] === undefined) row['Probability'] = stage?.['DefaultProbability'] ?? 0;
  row['ExpectedRevenue'] = expected(row['Amount'] ?? null, row['Probability'] ?? null);
}

const expected = (amount: Value, probability: Value): number | null =>
  typeof amount === 'number' && typeof probability === 'number' ? Math.round(amount * probability) / 100 : null;
