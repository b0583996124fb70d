import type { CrmAccount, FieldValues, WriteRefusal } from '../port.ts';
import {
  sendCollection,
  sendInHalves,
  type CollectionCall,
  type SentRecord,
  type SentResult,
} from './collection-call.ts';
import type { OrgAccess } from './org-access.ts';
import { describeForWriting, toRecordBody, type WriteAs } from './record-body.ts';
import { toLongId } from './record-ids.ts';
import { SalesforceRejected } from './rejection.ts';
import { hasMoved, isLocked, isOverLimit, isUnwritable, toCreationRefusal, toWriteRefusal } from './write-refusal.ts';

/** One record to be written, by names of the port. */
export type CollectionItem = {
  /** Ours: the outcome carries it. */
  readonly key: string;
  readonly sobject: string;
  /** Of a record that exists. */
  readonly id?: string;
  readonly values: FieldValues;
  /** What is good to have: left out where the org has no such field for us, and where `values` say otherwise. */
  readonly besides?: FieldValues;
};

export type CollectionResult = { readonly key: string } & (
  | { readonly ok: true; readonly id: string; readonly created: boolean; readonly writtenAt: Date | null }
  | {
      readonly ok: false;
      readonly refusal: WriteRefusal;
      /** Salesforce says there is no such record, or a lead that became a contact. */
      readonly hasMoved: boolean;
    }
);

export type CollectionInput = Pick<CollectionCall, 'method' | 'path'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly as: WriteAs;
  /** At most 200, with distinct keys, those of one object side by side. */
  readonly items: readonly CollectionItem[];
  /** Those that met a lock, in the order in which they are tried once more. */
  readonly orderLocked?: (items: readonly CollectionItem[]) => Promise<readonly CollectionItem[]>;
};

/** Names travel as the user's: the org's own rules about duplicates hold for us as for anybody. */
export function duplicateRuleHeader(allowSave: boolean): Readonly<Record<string, string>> {
  const words = `allowSave=${String(allowSave)}; includeRecordDetails=true; runAsCurrentUser=true`;
  return { 'sforce-duplicate-rule-header': words };
}

/** For writes that make no person: what the org says about people who look alike must not keep our numbers from them. */
const NO_NEW_DUPLICATE = duplicateRuleHeader(true);
/** Salesforce refuses a whole call for one field it does not know, or that has another type by now. */
const BY_OTHER_FIELDS: readonly string[] = ['INVALID_FIELD', 'JSON_PARSER_ERROR'];

/**
 * Writes records, one result each, whatever becomes of the others. A call that does not fit the org's fields any more is
 * made once more by a new description of them; what met a lock is tried once more, and what was too much for the org's own
 * code in halves.
 */
export async function writeCollection(
  org: OrgAccess,
  account: CrmAccount,
  input: CollectionInput,
): Promise<readonly CollectionResult[]> {
  const first = await writeOnce(org, account, input);
  const met = (againFor: Written['againFor']) => {
    const keys = new Set(first.filter((result) => result.againFor === againFor).map(({ key }) => key));
    return input.items.filter(({ key }) => keys.has(key));
  };
  const locked = met('locked');
  const tooMany = input.items.length > 1 ? met('over_limit') : [];
  const middle = Math.ceil(tooMany.length / 2);
  const ordered = locked.length === 0 ? [] : ((await input.orderLocked?.(locked)) ?? locked);
  const second = new Map<string, Written>();
  for (const items of [ordered, tooMany.slice(0, middle), tooMany.slice(middle)])
    for (const result of items.length === 0 ? [] : await writeOnce(org, account, { ...input, items }))
      second.set(result.key, result);
  return first.map((result) => second.get(result.key) ?? result);
}

/** `againFor`: why another try at once may help. */
type Written = CollectionResult & { readonly againFor: 'locked' | 'over_limit' | null };

async function writeOnce(org: OrgAccess, account: CrmAccount, input: CollectionInput): Promise<readonly Written[]> {
  const { method, path, headers = NO_NEW_DUPLICATE } = input;
  const call = { method, path, headers };
  let prepared = await prepare(org, account, input);
  let results: readonly SentResult[];
  try {
    results = await sendCollection(org.gateway, account, { ...call, records: prepared.records });
  } catch (error) {
    if (!(error instanceof SalesforceRejected) || error.status !== 400) throw error;
    if (BY_OTHER_FIELDS.some((code) => error.has(code))) {
      forgetFields(org, account, input.items);
      prepared = await prepare(org, account, input);
    }
    results = await sendInHalves(org.gateway, account, { ...call, records: prepared.records });
  }
  if (results.some((result) => !result.ok && isUnwritable(result.errors))) forgetFields(org, account, input.items);
  const written = new Map(results.map((result) => [result.key, toWritten(result, input.as)]));
  return input.items.flatMap(({ key }) => written.get(key) ?? prepared.refused.get(key) ?? []);
}

type Prepared = { readonly records: readonly SentRecord[]; readonly refused: ReadonlyMap<string, Written> };

/** What can be sent, and what cannot because of its own values. */
async function prepare(org: OrgAccess, account: CrmAccount, { items, as }: CollectionInput): Promise<Prepared> {
  const records: SentRecord[] = [];
  const refused = new Map<string, Written>();
  for (const [sobject, own] of Map.groupBy(items, (item) => item.sobject)) {
    const wanted = own.map(({ values, besides }) => ({ ...besides, ...values }));
    const description = await describeForWriting(org, account, { sobject, records: wanted, as });
    for (const { key, id, values, besides = {} } of own) {
      const body = toRecordBody(description, { values, besides, as });
      if (!body.ok) refused.set(key, { key, ok: false, refusal: body.refusal, hasMoved: false, againFor: null });
      else records.push({ key, sobject, ...(id === undefined ? {} : { id }), body: body.body });
    }
  }
  return { records, refused };
}

function toWritten(result: SentResult, as: WriteAs): Written {
  if (result.ok) return { ...result, id: toLongId(result.id), againFor: null };
  const { key, errors } = result;
  const refusal = as === 'createable' ? toCreationRefusal(errors) : toWriteRefusal(errors);
  const againFor = isLocked(errors) ? 'locked' : isOverLimit(errors) ? 'over_limit' : null;
  return { key, ok: false, refusal, hasMoved: hasMoved(errors), againFor };
}

/** The org has other fields than we thought: the next write goes by a new description. */
function forgetFields(org: OrgAccess, account: CrmAccount, items: readonly CollectionItem[]): void {
  for (const sobject of new Set(items.map((item) => item.sobject))) org.descriptions.forget(account, sobject);
}
