import type { CrmAccount, FieldValues, ReferralRecordWrite, WriteOutcome } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { writeCollection } from './collection.ts';
import type { OrgAccess } from './org-access.ts';
import { isLeadId } from './record-ids.ts';

/** What `Referral__c` is known by. */
export const REFERRAL_KEY = 'Referral_Id__c';
/** Lookups in Salesforce lead to one object each: of these pairs one is filled and the other emptied. */
const LEAD_LOOKUPS: Readonly<Record<string, string>> = {
  Advocate__c: 'Advocate_Lead__c',
  Friend_Contact__c: 'Friend_Lead__c',
};

/** Makes or changes our records of these referrals, at most 200; one outcome per write, by referral id. */
export async function upsertReferralRecords(
  org: OrgAccess,
  account: CrmAccount,
  writes: readonly ReferralRecordWrite[],
): Promise<readonly WriteOutcome[]> {
  if (writes.length === 0) return [];
  const byId = new Map<string, FieldValues>();
  for (const { referralId, values } of writes) byId.set(referralId, { ...byId.get(referralId), ...values });
  const description = await org.descriptions.ofReferrals(account);
  const externalId = description.find(REFERRAL_KEY)?.name ?? REFERRAL_KEY;
  const results = await writeCollection(org, account, {
    method: 'PATCH',
    path: REST_PATHS.collectionUpsert(description.name, externalId),
    as: 'createable',
    items: [...byId].map(([key, values]) => ({
      key,
      sobject: description.name,
      values: { ...withLookups(values), [REFERRAL_KEY]: key },
    })),
  });
  return results.map((result) => {
    const { key } = result;
    if (!result.ok) return { key, ok: false, refusal: result.refusal };
    return { key, ok: true, recordId: result.id, values: byId.get(key) ?? {}, modifiedAt: result.writtenAt };
  });
}

function withLookups(values: FieldValues): FieldValues {
  const mapped: Record<string, string | null> = { ...values };
  for (const [contact, lead] of Object.entries(LEAD_LOOKUPS)) {
    const id = values[contact];
    if (id === undefined) continue;
    const isLead = id !== null && isLeadId(id);
    mapped[contact] = isLead ? null : id;
    mapped[lead] = isLead ? id : null;
  }
  return mapped;
}
