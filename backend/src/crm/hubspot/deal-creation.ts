import type { CrmAccount, DealDraft, WriteOutcome } from '../port.ts';
import { objectOrEmpty, requireText, textOrNull } from './answer-shape.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotDeal } from './mapping.ts';
import { DEAL_FIELD_NAMES } from './own-fields.ts';
import { createRecords } from './record-creation.ts';
import { readByUniqueValue } from './records-by-unique-value.ts';

const { referralId: PROPERTY } = DEAL_FIELD_NAMES;

/**
 * Creates deals, at most 100, as `createRecords` does, each joined with its contact in the same call, so that none is
 * ever without. HubSpot keeps the referral's id unique: however often a draft is sent there is one deal.
 */
export function createDeals(
  gateway: HubSpotGateway,
  account: CrmAccount,
  drafts: readonly DealDraft[],
): Promise<readonly WriteOutcome[]> {
  return createRecords(gateway, account, {
    objectType: 'deal',
    records: drafts.map((draft) => ({
      key: draft.key,
      ...toHubSpotDeal(draft),
      unique: { property: PROPERTY, value: draft.referralId },
    })),
    findExisting: (referralIds) => findDeals(gateway, account, referralIds),
  });
}

async function findDeals(
  gateway: HubSpotGateway,
  account: CrmAccount,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const properties = [PROPERTY];
  const deals = await readByUniqueValue(gateway, account, {
    objectType: 'deal',
    property: PROPERTY,
    values,
    properties,
  });
  const found = new Map<string, string>();
  for (const deal of deals.map(objectOrEmpty)) {
    const referralId = textOrNull(objectOrEmpty(deal['properties'])[PROPERTY]);
    if (referralId !== null) found.set(referralId, requireText(deal['id'], 'the id of a deal'));
  }
  return found;
}
