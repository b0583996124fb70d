import type { CrmObjectType, FieldValues } from '../crm/port.ts';

/** The latest snapshot of one CRM record, as rules see it. */
export type RecordView = {
  readonly objectType: CrmObjectType;
  readonly recordId: string;
  readonly values: FieldValues;
  /** The CRM's own time of the last change, ISO 8601. */
  readonly modifiedAt: string;
};

export type DealView = RecordView & {
  /** Contacts on the deal. */
  readonly contactIds: readonly string[];
  /** Those of them, other than the friend's own, who have a live referral in the same program. */
  readonly otherReferredContactIds: readonly string[];
};

/** Everything known in the CRM about one referred person. */
export type Subject = {
  /** One per CRM record of the person; usually one. */
  readonly contacts: readonly RecordView[];
  readonly deals: readonly DealView[];
};
