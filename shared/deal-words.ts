import { crmOfField } from './crm-fields.ts';

/** What a CRM calls the fields of a deal that decisions look at, beside those a program names. */
export type DealWords = {
  readonly stage: string;
  readonly pipeline: string;
  readonly amount: string;
  /** The amount in the account's home currency. */
  readonly amountAtHome: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
  /** Followed by the id of a stage: when the deal last entered it. */
  readonly enteredPrefix: string;
};

/** HubSpot's are its own properties. Of Salesforce's, `Amount.home` and those with `entered` are worked out by its adapter. */
export const DEAL_WORDS: Readonly<Record<'hubspot' | 'salesforce', DealWords>> = {
  hubspot: {
    stage: 'dealstage',
    pipeline: 'pipeline',
    amount: 'amount',
    amountAtHome: 'amount_in_home_currency',
    currency: 'deal_currency_code',
    enteredPrefix: 'hs_v2_date_entered_',
  },
  salesforce: {
    stage: 'StageName',
    pipeline: 'RecordTypeId',
    amount: 'Amount',
    amountAtHome: 'Amount.home',
    currency: 'CurrencyIsoCode',
    enteredPrefix: 'StageName.entered:',
  },
};

/** The words of the CRM that a field of a deal belongs to. */
export function dealWordsOf(field: string): DealWords {
  return DEAL_WORDS[crmOfField(field)];
}

export function isStageField(field: string): boolean {
  return dealWordsOf(field).stage === field;
}

/** The field that says when a deal last entered a stage, in the words of the CRM whose stage field this is. */
export function stageEnteredField(stageField: string, stageId: string): string {
  return `${dealWordsOf(stageField).enteredPrefix}${stageId.trim()}`;
}

/** Whether a field only says when a stage was entered. */
export function isStageEntered(field: string): boolean {
  return field.startsWith(dealWordsOf(field).enteredPrefix);
}

/** An amount as the other CRM calls it, where both have one; any other field keeps its name. */
export function saleFieldIn(crm: 'hubspot' | 'salesforce', field: string): string {
  return field === dealWordsOf(field).amount ? DEAL_WORDS[crm].amount : field;
}
