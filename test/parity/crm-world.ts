import type { CrmName } from '../../backend/src/crm/port.ts';
import type { CrmFieldKey } from '../../shared/crm-fields.ts';
import type { Stage, Tenant } from '../journeys/stage.ts';
import type { Kind } from './vocabulary.ts';

/** Values by word of `vocabulary.ts`. */
export type Values = Readonly<Record<string, string>>;

export type AccountInput = {
  readonly timeZone?: string;
  readonly currency?: string;
  /** Worth of one unit of another currency in the account's own; none: only one currency is in use. */
  readonly rates?: Readonly<Record<string, string>>;
};

/** What people do in one account of a CRM, in words that both CRMs have. Every record id is the CRM's own. */
export type CrmWorld = {
  readonly crm: CrmName;
  readonly stage: Stage;
  /** Words of this account that its vocabulary cannot know beforehand, such as the id of a role. */
  readonly own: Readonly<Record<string, string>>;

  /** Walks the real consent; again after the grant or the connection ended. */
  connect(): Promise<Tenant>;
  /** Every grant ends at the CRM, and nobody is told. */
  revokeGrant(): void;

  createPerson(values: Values): string;
  createCompany(values: Values): string;
  createDeal(values: Values, personIds: readonly string[]): string;
  set(kind: Kind, id: string, values: Values): void;
  /** Somebody changes a field of ours on a person by hand. */
  overwrite(personId: string, field: CrmFieldKey, value: string): void;
  addToDeal(dealId: string, personId: string): void;
  removeFromDeal(dealId: string, personId: string): void;
  makePrimary(dealId: string, personId: string): void;
  joinCompany(personId: string, companyId: string): void;
  leaveCompany(personId: string, companyId: string): void;
  /** @returns the id of the record that is left. */
  merge(kind: Kind, winnerId: string, loserId: string): string;
  remove(kind: Kind, id: string): void;
  restore(kind: Kind, id: string): void;
  addOwner(owner: { readonly firstName: string; readonly lastName: string; readonly email: string }): string;

  /** Live records of people with this address. */
  peopleWith(email: string): string[];
  livePeople(): string[];
  liveDeals(): string[];
  /** What a record holds in the CRM's own fields. */
  read(kind: Kind, id: string): Readonly<Record<string, string | null>>;
  peopleOn(dealId: string): string[];

  removeField(word: string): void;
  restoreField(word: string): void;
  /** From now on the field takes any words. */
  makeText(word: string): void;
  /** Nothing answers until the returned function is called. */
  outage(): () => void;
  /** The next creation of people is done, and its answer is lost. */
  loseNextCreation(): void;
  /** Writes to these records fail, those to others do not, until the returned function is called. */
  refusePeople(ids: readonly string[]): () => void;
  /** Whatever is written to a field of ours on people, this is stored, until the returned function is called. */
  storeOtherwise(field: CrmFieldKey, value: string): () => void;
  /** How often this account was called, and written to. */
  calls(): { readonly all: number; readonly writes: number };
  /** How far the CRM's clock is ahead of ours. */
  skew(ms: number): void;
};

export type CrmWorlds = {
  readonly crm: CrmName;
  readonly stage: Stage;
  /** No fault is on any more, and the CRM's clock is ours. */
  calm(): void;
  /** A new account, with the fields of the vocabulary and nobody in it. */
  open(account: AccountInput): Promise<CrmWorld>;
};
