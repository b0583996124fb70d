/** How people become contacts and deals of the CRM: what revops set per program, for friends and for advocates. */

/** What a value of a map is taken from. `friend.<key>` and `advocate.<key>` with a key of their own name an answer of a form. */
export const MAP_SOURCES = [
  'friend.firstName',
  'friend.lastName',
  'friend.email',
  'friend.phone',
  'advocate.name',
  'advocate.firstName',
  'advocate.lastName',
  'advocate.email',
  'advocate.phone',
  'advocate.code',
  'advocate.link',
  'program.name',
  'program.key',
  'referral.id',
  'referral.source',
] as const;

/** What to do with a mapped field of a contact that was there before. `inherit`: what the duplicate policy says. */
export type OnExisting = 'inherit' | 'never' | 'fill_blank' | 'overwrite';

/** One field of the CRM and what is written to it when the contact is created. */
export type CaptureLine = {
  /** Internal name of the CRM field. */
  readonly field: string;
  /** Null: the fixed `value`. */
  readonly from: string | null;
  /** The fixed value; with `from`, the default for when that is empty. */
  readonly value: string | null;
  readonly onExisting: OnExisting;
};

/**
 * What happens when a friend's e-mail already stands in the CRM (C7). `link`: nothing but our own fields is written.
 * `deny`: the referral is denied, unless the contact was created within `graceMinutes` before it (RR-15).
 */
export type DuplicatePolicy = 'link' | 'fill_blanks' | 'overwrite_mapped' | 'create_anyway' | 'deny' | 'review';

/**
 * `create`: a deal for every referral. `attach`: mark the friend's open deal of the pipeline, create one only if there is
 * none. `await`: the sales team makes the deal, as ever (C9).
 */
export type DealPolicy = 'await' | 'create' | 'attach';

/** Who owns the new contact and deal. `crm`: whoever the CRM's own rules choose. */
export type OwnerPolicy = 'crm' | 'advocate_owner' | 'fixed';

export type DealSettings = {
  readonly policy: DealPolicy;
  /** Null only while the policy is `await`. */
  readonly pipelineId: string | null;
  readonly stageId: string | null;
  /** Words in braces are replaced: `{friend}`, `{advocate}`, `{program}`. */
  readonly name: string;
};

/** What a friend's record may say of the person who referred them; a part that is left out is not ours to say (RR-19). */
export const REFERRER_DETAILS = ['name', 'email', 'externalId', 'phone', 'code'] as const;
export type ReferrerDetail = (typeof REFERRER_DETAILS)[number];

/** In Salesforce somebody is added as a contact or as a lead (RR-16); HubSpot has contacts only. */
export type PersonAs = 'contact' | 'lead';

export type CaptureSettings = {
  /** Off: referrals are recorded and matched, and nobody is created in the CRM. */
  readonly enabled: boolean;
  /** Of a workspace with both CRMs: in which of them people are created. What is there already is linked in both. */
  readonly in: 'both' | 'hubspot' | 'salesforce';
  readonly personAs: PersonAs;
  readonly map: readonly CaptureLine[];
  readonly referrer: readonly ReferrerDetail[];
  readonly duplicates: { readonly policy: DuplicatePolicy; readonly graceMinutes: number };
  readonly deal: DealSettings;
  readonly owner: { readonly policy: OwnerPolicy; readonly ownerId: string | null };
};

export const FRIEND_MAP: readonly CaptureLine[] = [
  { field: 'email', from: 'friend.email', value: null, onExisting: 'inherit' },
  { field: 'firstname', from: 'friend.firstName', value: null, onExisting: 'inherit' },
  { field: 'lastname', from: 'friend.lastName', value: null, onExisting: 'inherit' },
  { field: 'phone', from: 'friend.phone', value: null, onExisting: 'inherit' },
];

export const CAPTURE_DEFAULTS: CaptureSettings = {
  enabled: true,
  in: 'both',
  personAs: 'contact',
  map: FRIEND_MAP,
  referrer: REFERRER_DETAILS,
  duplicates: { policy: 'link', graceMinutes: 60 },
  deal: { policy: 'await', pipelineId: null, stageId: null, name: '{friend}, referred by {advocate}' },
  owner: { policy: 'crm', ownerId: null },
};
