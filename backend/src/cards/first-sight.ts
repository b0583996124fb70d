import type { Clock } from '../clock.ts';
import { CrmUnavailable } from '../crm/errors.ts';
import type { CrmAccount, CrmObjectType, CrmPort } from '../crm/port.ts';
import type { Database, TenantTransaction } from '../db/database.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { withinMs } from '../within-ms.ts';
import { CardRecordRefused } from './card-errors.ts';
import type { FirstSights } from './first-sights.ts';
import { noteSeen, seenRecord } from './seen-records-store.ts';

export type RecordOnCard = { readonly objectType: CrmObjectType; readonly recordId: string };

export type FirstSightDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly port: CrmPort;
  /** How long a person waits for the CRM. */
  readonly patienceMs: number;
  readonly firstSights: FirstSights;
  /** The loop is to look at this record: it may belong to somebody we know by another sign. */
  readonly hint: (
    tx: TenantTransaction,
    input: RecordOnCard & { readonly account: CrmAccount; readonly now: Date },
  ) => Promise<void>;
  readonly wake: (workspaceId: string, connectionIds: readonly string[]) => void;
  /** People of this company we know, whose company we do not. */
  readonly adoptCompanyContacts: (
    tx: TenantTransaction,
    input: {
      readonly workspaceId: string;
      readonly connectionId: string;
      readonly companyId: string;
      readonly contactIds: readonly string[];
    },
  ) => Promise<void>;
};

/**
 * Reads from our tables what a card shows of a record that is in this account. The first time a record is seen the
 * account itself is asked, with its own token, so that an id of another account never leads anywhere (E33).
 * Raises `CardRecordRefused` when the account has no such record, `CrmRateLimited` when it was asked too often.
 */
export async function onRecord<T>(
  deps: FirstSightDeps,
  input: RecordOnCard & { readonly account: CrmAccount },
  read: (tx: TenantTransaction, recordId: string) => Promise<T>,
): Promise<T> {
  const { workspaceId, connectionId } = input.account;
  const known = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const recordId = await seenRecord(tx, { ...input, connectionId });
    return recordId === null ? null : { found: await read(tx, recordId) };
  });
  if (known) return known.found;
  const recordId = await meet(deps, input);
  return deps.database.inWorkspace(workspaceId, (tx) => read(tx, recordId));
}

/** @returns the id the record goes by today. */
async function meet(deps: FirstSightDeps, input: RecordOnCard & { readonly account: CrmAccount }): Promise<string> {
  const { account, objectType } = input;
  const { recordId, contactIds } = await askOnce(deps, input, () => askAccount(deps.port, input));
  const { workspaceId, connectionId } = account;
  const now = new Date(deps.clock.now());
  await deps.database.inWorkspace(workspaceId, async (tx) => {
    await noteSeen(tx, { workspaceId, connectionId, objectType, recordId, now });
    if (objectType !== 'company') return deps.hint(tx, { account, objectType, recordId, now });
    await deps.adoptCompanyContacts(tx, { workspaceId, connectionId, companyId: recordId, contactIds });
  });
  if (objectType !== 'company') deps.wake(workspaceId, [connectionId]);
  return recordId;
}

/** An answer of the account about this record, at the price of one of its few first sights. */
export async function askOnce<T>(
  { firstSights, patienceMs }: Pick<FirstSightDeps, 'firstSights' | 'patienceMs'>,
  record: RecordOnCard & { readonly account: CrmAccount },
  ask: () => Promise<T>,
): Promise<T> {
  if (firstSights.isMissing(record)) throw new CardRecordRefused();
  firstSights.allow(record.account);
  try {
    return await inTime(patienceMs, ask());
  } catch (error) {
    if (error instanceof CardRecordRefused) firstSights.missed(record);
    throw error;
  }
}

async function askAccount(
  port: CrmPort,
  { account, objectType, recordId }: RecordOnCard & { readonly account: CrmAccount },
): Promise<{ readonly recordId: string; readonly contactIds: readonly string[] }> {
  const found = (await port.readRecords(account, { objectType, ids: [recordId], fields: [] })).get(recordId);
  if (!found) throw new CardRecordRefused();
  if (objectType !== 'company') return { recordId: found.id, contactIds: [] };
  const contacts = await port.readAssociations(account, { from: 'company', to: 'contact', ids: [found.id] });
  return { recordId: found.id, contactIds: contacts.get(found.id) ?? [] };
}

/** An answer of the CRM, or a refusal, but never a card that hangs. */
async function inTime<T>(patienceMs: number, work: Promise<T>): Promise<T> {
  try {
    return await withinMs(patienceMs, work);
  } catch (error) {
    if (error instanceof PassalongError) throw error;
    throw new CrmUnavailable('The CRM did not answer in time.', null, error);
  }
}
