import type { ProgramObject } from '../../../shared/person-fields.ts';

/**
 * The one interface both CRMs implement. Its words are ours: an adapter translates in its `mapping.ts` and nowhere else.
 * Every call may raise one of the errors of `crm/errors.ts`; a failure never becomes null or an empty list.
 */
export type CrmName = 'hubspot' | 'salesforce';
/**
 * A contact is the record of a person: in Salesforce a Contact, or a Lead that was not converted yet, told apart by the
 * adapter alone. Converting a lead is to the rest of the service what merging two contacts is.
 */
export type CrmObjectType = 'contact' | 'company' | 'deal';

/** Field values as the CRM states them, by the CRM's own field name; null when empty. Multi-values stay one string. */
export type FieldValues = Readonly<Record<string, string | null>>;

/** What an adapter must know to call for one authorised account. Tokens are fetched by the adapter's token source. */
export type CrmAccount = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly crm: CrmName;
  /** HubSpot portal id or Salesforce org id. */
  readonly externalAccountId: string;
};

export type CrmRecord = {
  readonly objectType: CrmObjectType;
  /** The surviving id; differs from the asked id when that record was merged away. */
  readonly id: string;
  /** One that was asked for and is absent is not shown to us: it is not known, and not empty. */
  readonly values: FieldValues;
  readonly createdAt: Date;
  /** The CRM's own time of the last change: snapshots are ordered by it. */
  readonly modifiedAt: Date;
  /** Ids that were merged into this record, as the CRM remembers them. */
  readonly mergedIds: readonly string[];
};

export type ReadRecordsInput = {
  readonly objectType: CrmObjectType;
  /** At most `batchSize` distinct ids. */
  readonly ids: readonly string[];
  readonly fields: readonly string[];
};

/** One page of records changed in a closed window of the CRM's own time, ordered by record id. */
export type ChangedRecordsInput = {
  readonly objectType: CrmObjectType;
  readonly from: Date;
  readonly to: Date;
  /** Only records with a higher id; null for the first page. Restarting from any id loses nothing. */
  readonly afterId: string | null;
  /** Fields worth having along, where the CRM answers them in the same call. (Default: none) */
  readonly fields?: readonly string[];
};

export type ChangedRecord = {
  readonly id: string;
  /** So that a change already looked at is not looked at again in the next, overlapping window. */
  readonly modifiedAtMs: number;
  /** The fields asked for, of a live record that had them along; else absent. */
  readonly values?: FieldValues;
};

export type ChangedRecordsPage = {
  readonly records: readonly ChangedRecord[];
  /** Null when the window is exhausted. */
  readonly nextAfterId: string | null;
};

export type RecordWrite = {
  readonly id: string;
  readonly values: FieldValues;
};

export type ContactDraft = {
  /** Ours, echoed in the outcome, so that a partly failed batch can be told apart. */
  readonly key: string;
  readonly email: string;
  readonly values: FieldValues;
  /** As what, where the CRM has two kinds of records for a person (RR-16); elsewhere without a meaning. (Default: contact) */
  readonly as?: 'contact' | 'lead';
  /** Of a friend: with it a second try finds what the first one made (SG-10). */
  readonly referralId?: string;
  /** Whether the CRM's own rules say who gets the new record, where it asks (RL-05). (Default: true) */
  readonly assign?: boolean;
  /** Whether a second record with this address is wanted, where the CRM allows one. (Default: false) */
  readonly allowDuplicate?: boolean;
  /** What the CRM asks of every new person, where it does; `values` win over it. */
  readonly person?: PersonFields & { readonly company: string | null };
};

/** Everything our own record of a referral must say, where the CRM has one (`Referral__c`). */
export type ReferralRecordWrite = { readonly referralId: string; readonly values: FieldValues };

/** The CRM refused one record of a batch; the others stand. */
export type WriteRefusal = {
  readonly code: 'record_gone' | 'record_rejected' | 'record_exists' | 'record_locked';
  /** The CRM's own words, for the entry a person will read. */
  readonly message: string;
  readonly fields: readonly string[];
  /** Those of `fields` that the account does not have or lets nobody write: without them the rest may pass. */
  readonly unwritableFields?: readonly string[];
  /** With `record_exists`, the record that is already there, where the CRM names it. */
  readonly existingRecordId?: string;
};

export type WriteOutcome =
  | {
      readonly key: string;
      readonly ok: true;
      readonly recordId: string;
      readonly values: FieldValues;
      /** The CRM's own time of this write; null when it does not say. */
      readonly modifiedAt: Date | null;
    }
  | { readonly key: string; readonly ok: false; readonly refusal: WriteRefusal };

export type PipelineStage = {
  readonly id: string;
  readonly label: string;
  readonly order: number;
  readonly won: boolean;
  /** Closed without a sale. */
  readonly lost: boolean;
};
export type Pipeline = { readonly id: string; readonly label: string; readonly stages: readonly PipelineStage[] };

export type FieldDescription = {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'choice' | 'boolean' | 'number' | 'date' | 'datetime' | 'other';
  /** Internal values with their labels; empty unless `type` is `choice` or `boolean`. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** A list (HubSpot: segment) of contacts. */
export type ContactList = {
  readonly id: string;
  readonly name: string;
  /** Active lists change by themselves. */
  readonly kind: 'static' | 'active';
  /** Null when the CRM does not say. */
  readonly size: number | null;
};

export type ListMembersPage = {
  readonly recordIds: readonly string[];
  /** How many the list has in all, where the CRM says so. */
  readonly total: number | null;
  /** Null when the list is exhausted. */
  readonly nextCursor: string | null;
};

/** One page of all contacts by ascending id, with the fields asked for. */
export type AllContactsInput = {
  readonly fields: readonly string[];
  /** Null for the first page. */
  readonly afterId: string | null;
  /** Only contacts created since; null for every one. */
  readonly createdFrom: Date | null;
};

export type AllContactsPage = {
  readonly records: readonly CrmRecord[];
  /** How many there are from this page on. */
  readonly total: number;
  readonly nextAfterId: string | null;
};

/** What an association read asks for: at most `associationBatchSize` ids. */
export type ReadAssociationsInput = {
  readonly from: CrmObjectType;
  readonly to: CrmObjectType;
  readonly ids: readonly string[];
};

/** A record that is associated with the one asked for, and the ids of the roles it has there (see `ContactRole`). */
export type AssociatedRecord = { readonly id: string; readonly roles: readonly string[] };

/** What a contact may be to a deal, beside being on it. */
export type ContactRole = { readonly id: string; readonly label: string };

export type CrmOwner = { readonly id: string; readonly name: string; readonly email: string | null };

export type DealDraft = {
  /** Ours, echoed in the outcome. */
  readonly key: string;
  /** Unique among the account's deals: a second deal for one referral is refused with `record_exists` and its id. */
  readonly referralId: string;
  readonly contactId: string;
  readonly name: string;
  readonly pipelineId: string;
  readonly stageId: string;
  /** Null: the CRM's own rules. */
  readonly ownerId: string | null;
};

export type AccountDetails = {
  readonly externalAccountId: string;
  readonly timeZone: string;
  /** ISO 4217 code of the account's home currency. */
  readonly currency: string;
  /** Host of the CRM's own pages, for links; null when unknown. */
  readonly uiDomain: string | null;
};

export type ProvisionReport = { readonly created: readonly string[]; readonly alreadyThere: readonly string[] };

export type PersonFields = {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
};

export interface CrmPort {
  readonly crm: CrmName;
  /** Records per batch call: 100 in HubSpot, 200 in Salesforce. */
  readonly batchSize: number;
  /** How long the answer to a batch of writes is awaited, where that is longer than for other calls. */
  readonly longestWriteMs?: number;
  /** Whether no two people may have one address there, so that nobody is ever added a second time. */
  readonly onePersonPerEmail: boolean;
  /** Ids per association read. */
  readonly associationBatchSize: number;

  /** The CRM's own fields for a person's details; empty ones are left out. */
  personFields(person: PersonFields): FieldValues;
  /** Fields whose changes the CRM pushes to us; a rule on any other field is found by the poll. */
  readonly pushedFields: Readonly<Record<CrmObjectType, readonly string[]>>;
  /** The CRM's names of the fields that tell whose contact this is, and of the one with the id of its primary company. */
  readonly contactFields: {
    readonly email: string;
    readonly referralId: string;
    readonly owner: string;
    readonly company: string;
  };
  /** The CRM's names of a person's details, read where a program compares names or adds friends by their records. */
  readonly personFieldNames: { readonly firstName: string; readonly lastName: string; readonly phone: string };
  /** The CRM's names of the fields of a deal that the capture of friends reads or writes. */
  readonly dealFields: {
    readonly referralId: string;
    readonly pipeline: string;
    readonly stage: string;
    readonly closed: string;
  };

  /** The CRM's names of what tells whether a referral is honest and new; null where it has no such field. */
  readonly integrityFields: {
    readonly otherEmails: string | null;
    readonly phones: readonly string[];
    /** The stage of somebody's life with the company, and since when they are a customer. */
    readonly lifecycle: { readonly stage: string; readonly customer: string; readonly customerSince: string } | null;
    readonly deal: { readonly owner: string; readonly won: string; readonly closedAt: string };
  };
  /**
   * How far the CRM's clock was ahead of ours when it last answered for this account, in whole seconds; null when this
   * process had no answer that said so.
   */
  clockOffsetMs(account: CrmAccount): number | null;

  readAccount(account: CrmAccount): Promise<AccountDetails>;
  /** Creates our group and fields where missing; never touches one that exists (an admin may have renamed its label). */
  provisionFields(account: CrmAccount): Promise<ProvisionReport>;
  readPipelines(account: CrmAccount): Promise<readonly Pipeline[]>;
  /** Of a lead none, where the CRM has no leads. */
  readFields(account: CrmAccount, object: ProgramObject): Promise<readonly FieldDescription[]>;
  /** The roles that contacts may have on deals. */
  readContactRoles(account: CrmAccount): Promise<readonly ContactRole[]>;

  /** The records that exist, keyed by the id that was asked for; an id that is absent from the map is gone. */
  readRecords(account: CrmAccount, input: ReadRecordsInput): Promise<ReadonlyMap<string, CrmRecord>>;
  /** Keyed by the lower-cased e-mail that was asked for. */
  findContactsByEmail(
    account: CrmAccount,
    input: { readonly emails: readonly string[]; readonly fields: readonly string[] },
  ): Promise<ReadonlyMap<string, CrmRecord>>;
  /** Associated ids per asked id, sorted; an id without associations maps to an empty list. */
  readAssociations(account: CrmAccount, input: ReadAssociationsInput): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The same in as many calls, with the roles of each associated record, sorted; most have none. */
  readAssociatedRoles(
    account: CrmAccount,
    input: ReadAssociationsInput,
  ): Promise<ReadonlyMap<string, readonly AssociatedRecord[]>>;
  readChangedRecords(account: CrmAccount, input: ChangedRecordsInput): Promise<ChangedRecordsPage>;

  createContacts(account: CrmAccount, drafts: readonly ContactDraft[]): Promise<readonly WriteOutcome[]>;
  updateRecords(
    account: CrmAccount,
    input: { readonly objectType: CrmObjectType; readonly writes: readonly RecordWrite[] },
  ): Promise<readonly WriteOutcome[]>;

  /**
   * Creates deals, each associated with its contact in the same call, at most `batchSize`; one outcome per draft. A
   * referral that has its deal already is refused with `record_exists` and that deal's id, however often it is tried.
   */
  createDeals(account: CrmAccount, drafts: readonly DealDraft[]): Promise<readonly WriteOutcome[]>;
  /** Whether the CRM keeps a record of ours for each referral; only then is `upsertReferralRecords` called. */
  readonly hasReferralRecords: boolean;
  /** Makes or changes our records of these referrals, at most `batchSize`; one outcome per write, by referral id. */
  upsertReferralRecords(account: CrmAccount, writes: readonly ReferralRecordWrite[]): Promise<readonly WriteOutcome[]>;

  /** Lists of contacts by part of their name, or by id; at most 500. */
  findLists(
    account: CrmAccount,
    input: { readonly query: string | null; readonly listIds: readonly string[] },
  ): Promise<readonly ContactList[]>;
  /** Raises `CrmListGone` when the list is not there. */
  readListMembers(
    account: CrmAccount,
    input: { readonly listId: string; readonly cursor: string | null },
  ): Promise<ListMembersPage>;
  readAllContacts(account: CrmAccount, input: AllContactsInput): Promise<AllContactsPage>;
  /** Active users who may own records. */
  readOwners(account: CrmAccount): Promise<readonly CrmOwner[]>;
  /** Creates fields of a program's own where missing, as `provisionFields` does. */
  provisionProgramFields(account: CrmAccount, programKeys: readonly string[]): Promise<ProvisionReport>;

  /** Tells the CRM we are leaving this account. Idempotent. */
  uninstall(account: CrmAccount): Promise<void>;
}

/**
 * How many calls may leave now; shared by every process of the service. Search has a limit of its own in HubSpot; where an
 * account has a daily allowance, `background` work stops first and what a `user` waits for last.
 */
export type CallKind = 'default' | 'search' | 'background' | 'user';

export type CallBudget = {
  /** Takes one call out of the window, or raises `CrmRateLimited` with the time at which one is free again. */
  take(account: CrmAccount, kind: CallKind): Promise<void>;
  /** The CRM said stop: nobody calls this account before `untilMs`. */
  pause(account: CrmAccount, kind: CallKind, untilMs: number): Promise<void>;
};

export type TokenSource = {
  /** A token that is valid for at least the next seconds; refreshed ahead of time, once across processes. */
  accessToken(account: CrmAccount): Promise<string>;
  /** The CRM refused this token: the next `accessToken` must not return it again. */
  discard(account: CrmAccount, accessToken: string): Promise<void>;
};

export type SignalKind =
  'created' | 'changed' | 'deleted' | 'restored' | 'merged' | 'association_changed' | 'privacy_deleted';

/**
 * One inbound message as the CRM sent it, in our words. It says where to look, never what is so: only `kind`
 * `privacy_deleted` is also an instruction, because afterwards there is nothing left to look at.
 */
export type ChangeSignal = {
  readonly externalAccountId: string;
  /** Same message again, same key: 32 hex digits over what the CRM says identifies it. */
  readonly sourceKey: string;
  readonly kind: SignalKind;
  /** Every record to look at: one for a change, both ends of an association, all ids of a merge. */
  readonly records: readonly { readonly objectType: CrmObjectType; readonly recordId: string }[];
  readonly occurredAtMs: number;
  readonly field: string | null;
  /** The message as received. */
  readonly raw: unknown;
};
