/** How contacts become advocates, and what goes back to them: what revops set per program. */

/** The details of an advocate that a CRM field may fill; any other key is an answer of the customer's own. */
export const ADVOCATE_DETAILS = ['firstName', 'lastName', 'email', 'phone'] as const;

/** One line from the CRM to us (RF-14). */
export type MapIn = {
  /** Internal name of the CRM field. */
  readonly field: string;
  readonly to: string;
  /** Used when the field is empty. */
  readonly default: string | null;
};

/** What may go back to a contact, beyond the fields of our own (RF-15). */
export const ADVOCATE_FACTS = [
  'link',
  'code',
  'referredCount',
  'qualifiedCount',
  'approvedCount',
  'rewardStatus',
  'rewardTotal',
  'lastReferralAt',
] as const;
export type AdvocateFact = (typeof ADVOCATE_FACTS)[number];

export type MapOut = { readonly from: AdvocateFact; readonly field: string };

/** What happens to the link of somebody who leaves the list of an ongoing enrolment (E21). */
export type OnLeave = 'keep' | 'pause';

export type EnrolmentSettings = {
  readonly enabled: boolean;
  readonly mapIn: readonly MapIn[];
  readonly mapOut: readonly MapOut[];
  /** Gives this program fields of its own, `passalong_<program key>_…`: for programs beside the primary one. */
  readonly ownFields: boolean;
  readonly onLeave: OnLeave;
  /** People who join by form or API become contacts (RF-38), with these values (RF-41). */
  readonly createContacts: boolean;
  readonly contactValues: readonly { readonly field: string; readonly value: string }[];
};

/** Read of every Salesforce person whom no line of the program's own says more about: there nothing has to be mapped for it. */
export const SALESFORCE_MAP_IN: readonly MapIn[] = [
  { field: 'FirstName', to: 'firstName', default: null },
  { field: 'LastName', to: 'lastName', default: null },
  { field: 'Email', to: 'email', default: null },
  { field: 'Phone', to: 'phone', default: null },
];

export const ENROLMENT_DEFAULTS: EnrolmentSettings = {
  enabled: true,
  mapIn: [
    { field: 'firstname', to: 'firstName', default: null },
    { field: 'lastname', to: 'lastName', default: null },
    { field: 'email', to: 'email', default: null },
    { field: 'phone', to: 'phone', default: null },
  ],
  mapOut: [],
  ownFields: false,
  onLeave: 'keep',
  createContacts: true,
  contactValues: [],
};
