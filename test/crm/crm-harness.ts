import type { CrmAccount, CrmPort, FieldValues } from '../../backend/src/crm/port.ts';

/** What a person does in the CRM's own pages. Field names and values are the CRM's. */
export type CrmUser = {
  createContact(email: string, values?: FieldValues): Promise<string>;
  createDeal(name: string, stageId: string, contactIds: readonly string[]): Promise<string>;
  /** A role that contacts may have on deals, by its name. Returns its id. */
  createContactRole(name: string): Promise<string>;
  giveContactRole(dealId: string, contactId: string, name: string): Promise<void>;
  takeContactRole(dealId: string, contactId: string, name: string): Promise<void>;
  setContact(id: string, values: FieldValues): Promise<void>;
  setCompany(id: string, values: FieldValues): Promise<void>;
  /** Returns the surviving id. */
  mergeContacts(primaryId: string, otherId: string): Promise<string>;
  deleteContact(id: string): Promise<void>;
  restoreContact(id: string): Promise<void>;
  renameContactField(name: string, label: string): Promise<void>;
  /** Takes the field away from us: by deleting it, or by hiding it. */
  deleteContactField(name: string): Promise<void>;
  /** Gives a field back that was taken away; only where we cannot make it ourselves. */
  giveBackContactField(name: string): Promise<void>;
  /** A static list of these contacts. Returns its id, as `createActiveList` does. */
  createStaticList(name: string, contactIds: readonly string[]): Promise<string>;
  /** An active list of the contacts whose `words.text` has this value; only where `CrmTraits` says there are any. */
  createActiveList(name: string, text: string): Promise<string>;
  /** A list of another kind of record; null where every list is one of people. */
  createListOfDeals(name: string): Promise<string | null>;
  deleteList(id: string): Promise<void>;
  /** A user who may own records. Returns the owner's id. */
  createOwner(firstName: string, lastName: string, email: string): Promise<string>;
  deactivateOwner(id: string): Promise<void>;
  createCompany(name: string): Promise<string>;
  /** The company a contact joins first is its primary one. */
  joinCompany(contactId: string, companyId: string): Promise<void>;
  leaveCompany(contactId: string, companyId: string): Promise<void>;
  deleteCompany(id: string): Promise<void>;
  /** Returns the surviving id. */
  mergeCompanies(primaryId: string, otherId: string): Promise<string>;
};

/** What happens to the CRM or to our grant. `once` ends with the next call. */
export type CrmWeather = {
  /** Returns how long no call may follow: what was asked for, unless the CRM never names a time. */
  rateLimitOnce(retryAfterMs: number): Promise<number>;
  unavailable(on: boolean): Promise<void>;
  /** The CRM stores this value whatever is written to the field. */
  coerce(field: string, storedValue: string): Promise<void>;
  /** From now on the CRM's clock is so far ahead of the service's; negative: behind. */
  skewClock(aheadMs: number): Promise<void>;
  clear(): Promise<void>;
  endAccessTokens(): Promise<void>;
};

/** In what the CRMs differ by design, so that each proves what can be so in it. */
export type CrmTraits = {
  /** Who makes our fields: we, one by one, or a package that an administrator installs. */
  readonly ownFields: 'created' | 'packaged';
  /** Whether there are lists that change by themselves. */
  readonly activeLists: boolean;
  /** What the answer to a write tells of the values: what is stored now, or nothing, so that we know only what we sent. */
  readonly writesAnswer: 'stored' | 'sent';
};

export type CrmHarness = {
  readonly crm: CrmPort;
  readonly account: CrmAccount;
  /** A second account of the same installation, with other records. */
  readonly otherAccount: CrmAccount;
  /** An account that granted no right to read deals. */
  readonly poorAccount: CrmAccount;
  readonly words: {
    readonly email: string;
    readonly text: string;
    readonly choice: string;
    readonly choices: readonly [string, string];
    /** The pipeline of both stages. */
    readonly pipeline: string;
    readonly openStage: string;
    readonly wonStage: string;
    readonly stageField: string;
    readonly unknownField: string;
    /** Code of the error that says what we may not do in the account. */
    readonly missingRight: string;
    /** Ids of the right form that no record has. */
    readonly absentId: Readonly<Record<'contact' | 'company' | 'deal' | 'list' | 'owner', string>>;
  };
  readonly user: CrmUser;
  readonly weather: CrmWeather;
  nowMs(): number;
  /** Moves the clock that the service and the CRM share. */
  advance(ms: number): void;
  /** Calls the CRM has answered or refused so far. */
  callCount(): Promise<number>;
  close(): Promise<void>;
};

/** What each part of the suite gets: the harness once it runs, and e-mail addresses nobody has used. */
export type Given = () => { readonly harness: CrmHarness; readonly email: () => string };
