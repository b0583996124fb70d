/** Whose card is wanted. The record belongs to this connection: whoever calls has made sure of it. */
export type CardInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  /** The CRM's own id of the record the card is on. */
  readonly recordId: string;
  /** Base of referral links. */
  readonly publicUrl: string;
  /** Where the CRM's own pages are, for accounts that do not name their own domain. */
  readonly appUrl: string;
  readonly now: Date;
};
