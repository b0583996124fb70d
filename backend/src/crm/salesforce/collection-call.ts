import { objectOrEmpty, requireList, requireText, type JsonObject } from '../answer-shape.ts';
import { CrmUnavailable } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import type { SalesforceAnswer, SalesforceGateway } from './gateway.ts';
import { readErrors, SalesforceRejected, type ErrorEntry } from './rejection.ts';

/** One record as Salesforce gets it. */
export type SentRecord = {
  /** Ours: the answer carries it. */
  readonly key: string;
  readonly sobject: string;
  /** Of a record that exists. */
  readonly id?: string;
  /** By Salesforce's own names, in the types its JSON must have. */
  readonly body: JsonObject;
};

export type SentResult = { readonly key: string } & (
  | { readonly ok: true; readonly id: string; readonly created: boolean; readonly writtenAt: Date | null }
  | { readonly ok: false; readonly errors: readonly ErrorEntry[] }
);

export type CollectionCall = {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 200, those of one object side by side. */
  readonly records: readonly SentRecord[];
};

/** Sends records in one call; one result each, in their order. Raises when Salesforce refuses the call as a whole. */
export async function sendCollection(
  gateway: SalesforceGateway,
  account: CrmAccount,
  { method, path, headers, records }: CollectionCall,
): Promise<readonly SentResult[]> {
  if (records.length === 0) return [];
  const body = {
    allOrNone: false,
    records: records.map(({ sobject, id, body: values }) => ({
      attributes: { type: sobject },
      ...(id === undefined ? {} : { id }),
      ...values,
    })),
  };
  const call = { account, kind: 'default', method, path, headers, body, isSlow: true } as const;
  return readResults(await gateway.call(call), records);
}

/** The same; a call that is refused as a whole is made in halves, so that one record stops no other. */
export async function sendInHalves(
  gateway: SalesforceGateway,
  account: CrmAccount,
  call: CollectionCall,
): Promise<readonly SentResult[]> {
  try {
    return await sendCollection(gateway, account, call);
  } catch (error) {
    if (!(error instanceof SalesforceRejected) || error.status !== 400) throw error;
    const { records } = call;
    const [only] = records;
    if (records.length === 1 && only !== undefined) return [{ key: only.key, ok: false, errors: error.errors }];
    const middle = Math.ceil(records.length / 2);
    const first = await sendInHalves(gateway, account, { ...call, records: records.slice(0, middle) });
    return [...first, ...(await sendInHalves(gateway, account, { ...call, records: records.slice(middle) }))];
  }
}

function readResults(answer: SalesforceAnswer, records: readonly SentRecord[]): readonly SentResult[] {
  const results = requireList(answer.body, 'the results of a collection');
  if (results.length !== records.length)
    throw new CrmUnavailable('Salesforce answered another number of records than it was sent.');
  return records.map(({ key }, index) => {
    const result = objectOrEmpty(results[index]);
    if (result['success'] !== true) return { key, ok: false, errors: readErrors(result['errors']) };
    const id = requireText(result['id'], 'the id of a written record');
    return { key, ok: true, id, created: result['created'] !== false, writtenAt: answer.date };
  });
}
