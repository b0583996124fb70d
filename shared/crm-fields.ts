/**
 * THE list of CRM fields Passalong owns. Both adapters, both CRM packages and the docs are made from it or checked against it.
 * `hubspot` and `salesforce` are promises to customers' reports and workflows: never rename one.
 */
export type CrmFieldType = 'text' | 'number' | 'datetime' | 'choice';

export type CrmField = {
  readonly key: string;
  readonly hubspot: string | null;
  readonly salesforce: string | null;
  readonly label: string;
  readonly description: string;
  readonly type: CrmFieldType;
  /** Whom the value describes: the person who refers, or the person who was referred. */
  readonly side: 'advocate' | 'friend';
  readonly unique?: true;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
};

/**
 * Whose name of a field this is: HubSpot's are lower case, Salesforce's begin with a capital or, chosen by the customer, end
 * in `__c` (`__pc` where an account is a person). So a program may name fields of both, and each account is only asked for
 * its own.
 */
export function crmOfField(name: string): 'hubspot' | 'salesforce' {
  return /^[A-Z]/.test(name) || /__p?c$/i.test(name) ? 'salesforce' : 'hubspot';
}

export const HUBSPOT_PROPERTY_GROUP = { name: 'passalong', label: 'Passalong referrals' } as const;

const REWARD_STATUSES = [
  { value: 'none', label: 'None' },
  { value: 'pending', label: 'Pending' },
  { value: 'approved', label: 'Approved' },
  { value: 'issued', label: 'Issued' },
] as const;

const REFERRAL_STATUSES = [
  { value: 'pending', label: 'Pending' },
  { value: 'qualified', label: 'Qualified' },
  { value: 'approved', label: 'Approved' },
  { value: 'denied', label: 'Denied' },
] as const;

export const CRM_FIELDS = [
  {
    key: 'referralLink',
    hubspot: 'passalong_referral_link',
    salesforce: 'Referral_Link__c',
    label: 'Referral link',
    description: 'The link this person shares.',
    type: 'text',
    side: 'advocate',
  },
  {
    key: 'referralCode',
    hubspot: 'passalong_referral_code',
    salesforce: 'Referral_Code__c',
    label: 'Referral code',
    description: 'The code inside the referral link.',
    type: 'text',
    side: 'advocate',
  },
  {
    key: 'referredCount',
    hubspot: 'passalong_referred_count',
    salesforce: 'Referred_Count__c',
    label: 'People referred',
    description: 'Every live referral of this person, whatever its status.',
    type: 'number',
    side: 'advocate',
  },
  {
    key: 'qualifiedCount',
    hubspot: 'passalong_qualified_count',
    salesforce: 'Qualified_Count__c',
    label: 'Referrals qualified',
    description: 'Referrals that are now qualified or approved.',
    type: 'number',
    side: 'advocate',
  },
  {
    key: 'approvedCount',
    hubspot: 'passalong_approved_count',
    salesforce: 'Approved_Count__c',
    label: 'Referrals approved',
    description: 'Referrals that are now approved.',
    type: 'number',
    side: 'advocate',
  },
  {
    key: 'rewardStatus',
    hubspot: 'passalong_reward_status',
    salesforce: 'Reward_Status__c',
    label: 'Referral reward status',
    description: 'Pending if any reward is pending, else approved, else issued, else none.',
    type: 'choice',
    side: 'advocate',
    options: REWARD_STATUSES,
  },
  {
    key: 'rewardTotal',
    hubspot: 'passalong_reward_total',
    salesforce: 'Reward_Total__c',
    label: 'Referral reward total',
    description: 'Approved and issued rewards together, in the workspace currency.',
    type: 'number',
    side: 'advocate',
  },
  {
    key: 'lastReferralAt',
    hubspot: 'passalong_last_referral_at',
    salesforce: 'Last_Referral_At__c',
    label: 'Last referral',
    description: 'When this person last referred somebody.',
    type: 'datetime',
    side: 'advocate',
  },
  {
    key: 'countedAt',
    hubspot: 'passalong_counted_at',
    salesforce: 'Counted_At__c',
    label: 'Referral numbers as of',
    description: 'When the numbers of this person last changed.',
    type: 'datetime',
    side: 'advocate',
  },
  {
    key: 'referralId',
    hubspot: 'passalong_referral_id',
    salesforce: 'Referral_Id__c',
    label: 'Referral ID',
    description: 'Passalong’s id of the referral that brought this person.',
    type: 'text',
    side: 'friend',
    unique: true,
  },
  {
    key: 'referralStatus',
    hubspot: 'passalong_referral_status',
    salesforce: 'Referral_Status__c',
    label: 'Referral status',
    description: 'Where the referral of this person stands.',
    type: 'choice',
    side: 'friend',
    options: REFERRAL_STATUSES,
  },
  {
    key: 'statusReason',
    hubspot: 'passalong_status_reason',
    salesforce: 'Status_Reason__c',
    label: 'Referral status reason',
    description: 'Why the referral has this status, in plain words.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByName',
    hubspot: 'passalong_referred_by_name',
    salesforce: 'Referred_By_Name__c',
    label: 'Referred by (name)',
    description: 'The person who referred this one.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByEmail',
    hubspot: 'passalong_referred_by_email',
    salesforce: 'Referred_By_Email__c',
    label: 'Referred by (email)',
    description: 'Email of the person who referred this one.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByCode',
    hubspot: 'passalong_referred_by_code',
    salesforce: 'Referred_By_Code__c',
    label: 'Referred by (code)',
    description: 'The referral code that was used.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByPhone',
    hubspot: null,
    salesforce: 'Referred_By_Phone__c',
    label: 'Referred by (phone)',
    description: 'Phone of the person who referred this one.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByExternalId',
    hubspot: null,
    salesforce: 'Referred_By_External_Id__c',
    label: 'Referred by (external ID)',
    description: 'The advocate’s id in the customer’s own system.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'program',
    hubspot: 'passalong_program',
    salesforce: 'Referral_Program__c',
    label: 'Referral program',
    description: 'The program this person was referred in.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'source',
    hubspot: 'passalong_source',
    salesforce: 'Referral_Source__c',
    label: 'Referral source',
    description: 'How the referral arrived: link, form, API or a colleague.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'sourceNote',
    hubspot: null,
    salesforce: 'Source_Note__c',
    label: 'Referral source note',
    description: 'What was said with the referral, else one sentence about where it comes from.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referredByUrl',
    hubspot: null,
    salesforce: 'Referred_By_Url__c',
    label: 'Referred by (link)',
    description: 'Leads to the record of the person who referred this one.',
    type: 'text',
    side: 'friend',
  },
  {
    key: 'referralUrl',
    hubspot: null,
    salesforce: 'Referral_Url__c',
    label: 'Referral (link)',
    description: 'Leads to the record of the referral.',
    type: 'text',
    side: 'friend',
  },
] as const satisfies readonly CrmField[];

/** Fields of ours on a deal (Salesforce: opportunity). */
export const DEAL_FIELDS = [
  {
    key: 'dealReferralId',
    hubspot: 'passalong_referral_id',
    salesforce: 'Referral_Id__c',
    label: 'Referral ID',
    description: 'Passalong’s id of the referral this deal comes from.',
    type: 'text',
    unique: true,
  },
] as const;

/** Whom a deal in Salesforce is owed to, for reports of revenue by advocate (SG-26, SG-27). */
export const DEAL_ADVOCATE_FIELD = {
  key: 'dealAdvocateId',
  salesforce: 'Referral_Source_Advocate_Id__c',
  label: 'Referral source advocate ID',
  description: 'Passalong’s id of the advocate whose referral this opportunity comes from.',
  type: 'text',
} as const;

/** Our own object in Salesforce: a record for each referral, so that reports show names. `Referral_Id__c` is its key. */
export const REFERRAL_OBJECT = 'Referral__c';

export const REFERRAL_FIELDS = [
  { key: 'referralFriendName', salesforce: 'Friend_Name__c', label: 'Friend', type: 'text' },
  { key: 'referralFriendEmail', salesforce: 'Friend_Email__c', label: 'Friend’s email', type: 'text' },
  { key: 'referralState', salesforce: 'Status__c', label: 'Status', type: 'choice' },
  { key: 'referralReason', salesforce: 'Status_Reason__c', label: 'Status reason', type: 'text' },
  { key: 'referralProgram', salesforce: 'Program__c', label: 'Program', type: 'text' },
  { key: 'referralSource', salesforce: 'Source__c', label: 'Source', type: 'text' },
  { key: 'referralReferredAt', salesforce: 'Referred_At__c', label: 'Referred', type: 'datetime' },
  { key: 'referralRewardStatus', salesforce: 'Reward_Status__c', label: 'Reward status', type: 'choice' },
  { key: 'referralRewardAmount', salesforce: 'Reward_Amount__c', label: 'Reward amount', type: 'number' },
  { key: 'referralRewardCurrency', salesforce: 'Reward_Currency__c', label: 'Reward currency', type: 'text' },
  /** The id of a contact or of a lead: the adapter knows which field takes it. */
  { key: 'referralAdvocate', salesforce: 'Advocate__c', label: 'Advocate', type: 'text' },
  { key: 'referralFriend', salesforce: 'Friend_Contact__c', label: 'Friend’s record', type: 'text' },
  { key: 'referralDeal', salesforce: 'Opportunity__c', label: 'Opportunity', type: 'text' },
] as const;

export type CrmFieldKey =
  | (typeof CRM_FIELDS)[number]['key']
  | (typeof DEAL_FIELDS)[number]['key']
  | (typeof DEAL_ADVOCATE_FIELD)['key']
  | (typeof REFERRAL_FIELDS)[number]['key'];

/**
 * What a further program may have of its own on an advocate's contact, by the key of the unsuffixed field it mirrors.
 * HubSpot: `passalong_<program key>_<rest of the unsuffixed name>`.
 */
export const PROGRAM_FIELD_KEYS = [
  'referralLink',
  'referralCode',
  'referredCount',
  'qualifiedCount',
  'approvedCount',
] as const satisfies readonly CrmFieldKey[];

/** HubSpot's name of a program's own field. */
export function hubspotProgramField(programKey: string, key: (typeof PROGRAM_FIELD_KEYS)[number]): string {
  const name = CRM_FIELDS.find((field) => field.key === key)?.hubspot ?? '';
  return name.replace(/^passalong_/, `passalong_${programKey}_`);
}
