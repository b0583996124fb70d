import type { DecisionSettings } from '../../../shared/decision-settings.ts';
import type { CrmName, CrmObjectType, FieldValues } from '../crm/port.ts';

/** The latest snapshot of one CRM record, as rules see it. */
export type RecordView = {
  readonly objectType: CrmObjectType;
  /** In whose account it stands. (Absent: it does not matter, there is one account) */
  readonly crm?: CrmName;
  /** ISO 4217: what an amount without a code of its own is in. (Absent or null: the workspace's) */
  readonly homeCurrency?: string | null;
  readonly recordId: string;
  readonly values: FieldValues;
  /** The CRM's own time of the last change, ISO 8601. */
  readonly modifiedAt: string;
  /**
   * What the record held when the referral began to count (`Subject.since`): null or absent when it was not there yet.
   * A record we first read later than that counts as having been then what it was at its first reading.
   */
  readonly before?: FieldValues | null;
};

export type DealView = RecordView & {
  /** Contacts on the deal. */
  readonly contactIds: readonly string[];
  /** Those of them, other than the friend's own, who have a live referral in the same program. */
  readonly otherReferredContactIds: readonly string[];
  /** Of all who were referred on this deal, the friend was referred first. (Absent: not known) */
  readonly isFirst?: boolean;
  /** Whether the friend has the primary role on the deal; null when nobody has it. (Absent: not known) */
  readonly isPrimary?: boolean | null;
};

/** Which CRM is heard about what, where both have something to say (G4). */
export type Authorities = DecisionSettings['authority'];

/** Everything known in the CRM about one referred person. */
export type Subject = {
  /** One per CRM record of the person; usually one. */
  readonly contacts: readonly RecordView[];
  readonly deals: readonly DealView[];
  /** The companies those contacts belong to: at most one each (RR-53). */
  readonly companies?: readonly RecordView[];
  /** What was so before this was so already (E12), ISO 8601; absent or null: nothing was. */
  readonly since?: string | null;
  /** When the friend was referred, ISO 8601: earlier than `since` when the rules changed for the referral. (Default: `since`) */
  readonly referredAt?: string | null;
  /** When the referral was denied, where it is, ISO 8601: what entered its stage until then counts for nothing (E7). */
  readonly deniedAt?: string | null;
  /** (Absent: either CRM counts) */
  readonly authority?: Authorities;
};
