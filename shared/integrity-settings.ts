/** What a program does about referrals that may not be honest or new: checked from the CRM's own data (E18, G11). */

export type IntegrityPolicy = 'allow' | 'review' | 'deny';

export type IntegritySettings = {
  /** Friend and advocate share a second address, a phone number or a contact record. */
  readonly selfReferral: IntegrityPolicy;
  /** Friend and advocate work at one company, by the CRM's company or by the domain of their addresses. */
  readonly sameCompany: IntegrityPolicy;
  /** The advocate owns the friend's records in the CRM: a rep who refers their own deal. */
  readonly ownDeal: IntegrityPolicy;
  /** The friend was a customer before: lifecycle stage customer, or a won deal. */
  readonly existingCustomer: IntegrityPolicy;
  /** The sales team had an open deal with the friend before. */
  readonly openDeal: IntegrityPolicy;
};

export const INTEGRITY_DEFAULTS: IntegritySettings = {
  selfReferral: 'review',
  sameCompany: 'allow',
  ownDeal: 'review',
  existingCustomer: 'allow',
  openDeal: 'allow',
};
