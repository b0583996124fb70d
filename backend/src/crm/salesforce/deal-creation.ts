import type { CrmAccount, DealDraft, WriteOutcome, WriteRefusal } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { writeCollection, type CollectionItem } from './collection.ts';
import { findContactsOfDeals, type DealContact } from './deal-contacts.ts';
import { findDealsOfReferrals, type DealOfReferral } from './deals-of-referrals.ts';
import { newDealValues, refuseStage } from './new-deal.ts';
import type { OrgAccess } from './org-access.ts';
import { noExternalId, referralIdField } from './existing-people.ts';
import { toLongId } from './record-ids.ts';

/**
 * Creates opportunities, at most 200, each with its contact in a role. Salesforce keeps the referral's id unique: however
 * often a draft is sent there is one, and a try that ended before the role was made is completed by the next.
 */
export async function createDeals(
  org: OrgAccess,
  account: CrmAccount,
  drafts: readonly DealDraft[],
): Promise<readonly WriteOutcome[]> {
  if (drafts.length === 0) return [];
  const seen = new Set<string>();
  const isFirst = ({ referralId }: DealDraft) => !seen.has(referralId) && Boolean(seen.add(referralId));
  const [first, twins]: [DealDraft[], DealDraft[]] = [[], []];
  for (const draft of drafts) (isFirst(draft) ? first : twins).push(draft);
  const outcomes = new Map((await createOnce(org, account, first)).map((outcome) => [outcome.key, outcome]));
  for (const outcome of await createDeals(org, account, twins)) outcomes.set(outcome.key, outcome);
  return drafts.flatMap(({ key }) => outcomes.get(key) ?? []);
}

/** Another one on the deal, whom the org's own automation put there, is not the friend. */
function isOn({ contactIds }: DealOfReferral, { id }: DealContact): boolean {
  return contactIds.includes(toLongId(id));
}

type NewDeal = CollectionItem & { readonly draft: DealDraft; readonly contact: DealContact };

/** A deal that is there, whoever made it, and the contact that shall be on it. */
type Joining = { readonly dealId: string; readonly contactId: string; readonly outcome: WriteOutcome };

async function createOnce(org: OrgAccess, account: CrmAccount, drafts: readonly DealDraft[]): Promise<WriteOutcome[]> {
  const externalId = await referralIdField(org, account, 'Opportunity');
  if (externalId === null) throw noExternalId('Opportunity');
  const existing = await findDealsOfReferrals(org, account, { drafts, externalId });
  const contacts = await findContactsOfDeals(org, account, drafts);
  const [outcomes, joining, items]: [WriteOutcome[], Joining[], NewDeal[]] = [[], [], []];
  for (const draft of drafts) {
    const [deal, contact] = [existing.get(draft.referralId), contacts.get(draft.contactId)];
    if (deal !== undefined) {
      const outcome = exists(draft, deal.id);
      if (contact === undefined || isOn(deal, contact)) outcomes.push(outcome);
      else joining.push({ dealId: deal.id, contactId: contact.id, outcome });
    } else if (contact === undefined) outcomes.push(refused(draft, noContact(draft)));
    else {
      const refusal = await refuseStage(org, account, draft.stageId);
      const values = newDealValues(org, account, { draft, contact });
      if (refusal === null) items.push({ key: draft.key, sobject: 'Opportunity', values, draft, contact });
      else outcomes.push(refused(draft, refusal));
    }
  }
  const made = await upsertDeals(org, account, { items, externalId });
  outcomes.push(...made.outcomes, ...(await join(org, account, [...joining, ...made.joining])));
  return outcomes;
}

async function upsertDeals(
  org: OrgAccess,
  account: CrmAccount,
  input: { readonly items: readonly NewDeal[]; readonly externalId: string },
): Promise<{ outcomes: WriteOutcome[]; joining: Joining[] }> {
  const items = input.items.toSorted((a, b) => ((a.contact.companyId ?? '') < (b.contact.companyId ?? '') ? -1 : 1));
  const results = await writeCollection(org, account, {
    method: 'PATCH',
    path: REST_PATHS.collectionUpsert('Opportunity', input.externalId),
    as: 'createable',
    items,
  });
  const byKey = new Map(items.map((item) => [item.key, item]));
  // Made by somebody else in the meantime, who may have put the contact on it already.
  const late = results.flatMap((result) => (result.ok && !result.created ? (byKey.get(result.key)?.draft ?? []) : []));
  const { externalId } = input;
  const others = late.length === 0 ? null : await findDealsOfReferrals(org, account, { drafts: late, externalId });
  const [outcomes, joining]: [WriteOutcome[], Joining[]] = [[], []];
  for (const result of results) {
    const item = byKey.get(result.key);
    if (item === undefined) continue;
    if (!result.ok) {
      outcomes.push(refused(item.draft, result.refusal));
      continue;
    }
    const { key } = result;
    const recordId = result.id;
    const outcome: WriteOutcome = result.created
      ? { key, ok: true, recordId, values: { Name: item.draft.name }, modifiedAt: result.writtenAt }
      : exists(item.draft, recordId);
    const other = result.created ? undefined : others?.get(item.draft.referralId);
    if (other !== undefined && isOn(other, item.contact)) outcomes.push(outcome);
    else joining.push({ dealId: recordId, contactId: item.contact.id, outcome });
  }
  return { outcomes, joining };
}

/** Puts each contact on its deal. Only then is the deal done: without it the next try makes the role. */
async function join(org: OrgAccess, account: CrmAccount, joining: readonly Joining[]): Promise<WriteOutcome[]> {
  const results = await writeCollection(org, account, {
    method: 'POST',
    path: REST_PATHS.collection,
    as: 'createable',
    items: joining.map(({ dealId, contactId, outcome }) => ({
      key: outcome.key,
      sobject: 'OpportunityContactRole',
      values: { OpportunityId: dealId, ContactId: contactId, IsPrimary: 'true' },
    })),
  });
  const byKey = new Map(results.map((result) => [result.key, result]));
  return joining.map(({ outcome }) => {
    const result = byKey.get(outcome.key);
    if (result === undefined || result.ok) return outcome;
    const { code, message, fields } = result.refusal;
    const words = `The opportunity is there, but its contact could not be put on it: ${message}`;
    return { key: outcome.key, ok: false, refusal: { code, message: words, fields } };
  });
}

function exists(draft: DealDraft, existingRecordId: string): WriteOutcome {
  const message = `An opportunity of this referral already exists. Existing ID: ${existingRecordId}`;
  return refused(draft, { code: 'record_exists', message, fields: ['Referral_Id__c'], existingRecordId });
}

function refused({ key }: DealDraft, refusal: WriteRefusal): WriteOutcome {
  return { key, ok: false, refusal };
}

function noContact({ contactId }: DealDraft): WriteRefusal {
  const message = `An opportunity needs a contact, and ${contactId} is none: a lead is one once it is converted.`;
  return { code: 'record_rejected', message, fields: [] };
}
