import type { CrmAccount, DealDraft, FieldValues, WriteRefusal } from '../port.ts';
import type { DealContact } from './deal-contacts.ts';
import { MASTER_RECORD_TYPE } from './deals.ts';
import type { ObjectDescription } from './object-description.ts';
import type { OrgAccess } from './org-access.ts';
import { DEAL_FIELD_NAMES } from './own-fields.ts';

const DAY_MS = 86_400_000;
/** Salesforce wants a day on which a new opportunity shall be closed; the seller sets the true one. */
const CLOSES_AFTER_DAYS = 30;
const NAME_CHARACTERS = 120;

export type NewDealInput = { readonly draft: DealDraft; readonly contact: DealContact };

/** What an opportunity is made with. Without an owner it belongs to the connected user. */
export function newDealValues(org: OrgAccess, account: CrmAccount, { draft, contact }: NewDealInput): FieldValues {
  return {
    Name: draft.name.slice(0, NAME_CHARACTERS),
    [DEAL_FIELD_NAMES.stage]: draft.stageId,
    CloseDate: closeDate(org, account),
    [DEAL_FIELD_NAMES.referralId]: draft.referralId,
    ...(draft.pipelineId === MASTER_RECORD_TYPE ? {} : { [DEAL_FIELD_NAMES.pipeline]: draft.pipelineId }),
    ...(draft.ownerId === null ? {} : { OwnerId: draft.ownerId }),
    ...(contact.companyId === null ? {} : { AccountId: contact.companyId }),
  };
}

/** Salesforce itself would take any text, and so make a stage that no report knows. Null: there is such a stage. */
export async function refuseStage(org: OrgAccess, account: CrmAccount, stageId: string): Promise<WriteRefusal | null> {
  const hasStage = (known: ObjectDescription): boolean =>
    known.find(DEAL_FIELD_NAMES.stage)?.options.some(({ value }) => value === stageId) === true;
  const description = await org.descriptions.fulfilling(account, 'Opportunity', hasStage);
  if (hasStage(description)) return null;
  const message = `Opportunities have no active stage “${stageId}”.`;
  return { code: 'record_rejected', message, fields: [DEAL_FIELD_NAMES.stage] };
}

/** By the org's clock. */
function closeDate({ gateway }: OrgAccess, account: CrmAccount): string {
  const nowMs = gateway.clock.now() + (gateway.clockOffsetMs(account) ?? 0);
  return new Date(nowMs + CLOSES_AFTER_DAYS * DAY_MS).toISOString().slice(0, 10);
}
