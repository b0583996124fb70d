import type { FieldValues, WriteOutcome } from '../port.ts';
import { listOrEmpty, objectOrEmpty, requireList, requireText, textOrNull, type JsonObject } from './answer-shape.ts';
import type { HubSpotAnswer } from './gateway.ts';
import { pickValues } from './mapping.ts';
import { readErrorBody, type ErrorBody } from './rejection.ts';
import { readInvalidProperties } from './safe-message.ts';
import { toWriteRefusal } from './write-refusal.ts';

/** One record of a batch write. `key` travels as `objectWriteTraceId`, which HubSpot states again in the answer. */
export type BatchItem = {
  readonly key: string;
  readonly values: FieldValues;
  /** Known before an update. */
  readonly id?: string;
  /** Lower-cased; identifies a created contact. */
  readonly email?: string;
};

const EMAIL = /[^\s"'<>,;:()[\]{}]+@[^\s"'<>,;:()[\]{}]+/g;

/**
 * The outcomes a 2xx or 207 answer states, by key. An item that is missing was not named in any way: the caller finds
 * out by sending it alone.
 */
export function readBatchOutcomes(
  answer: HubSpotAnswer,
  items: readonly BatchItem[],
): ReadonlyMap<string, WriteOutcome> {
  const body = objectOrEmpty(answer.body);
  const outcomes = new Map<string, WriteOutcome>();
  const open = new Map(items.map((item) => [item.key, item]));
  const close = (item: BatchItem, outcome: WriteOutcome) => {
    open.delete(item.key);
    outcomes.set(item.key, outcome);
  };
  for (const result of requireList(body['results'], 'the results of a batch').map(objectOrEmpty)) {
    const item = itemOfResult(result, open, items);
    if (item !== undefined) close(item, written(item, result));
  }
  for (const error of listOrEmpty(body['errors']).map(readErrorBody)) {
    for (const item of itemsOfError(error, open, items)) {
      close(item, { key: item.key, ok: false, refusal: toWriteRefusal(error, 207) });
    }
  }
  return outcomes;
}

function itemOfResult(
  result: JsonObject,
  open: ReadonlyMap<string, BatchItem>,
  items: readonly BatchItem[],
): BatchItem | undefined {
  const traced = open.get(textOrNull(result['objectWriteTraceId']) ?? '');
  if (traced !== undefined || items.length === 1) return traced ?? items[0];
  const id = textOrNull(result['id']);
  const email = textOrNull(objectOrEmpty(result['properties'])['email'])?.toLowerCase();
  return [...open.values()].find((item) =>
    item.id === undefined ? item.email !== undefined && item.email === email : item.id === id,
  );
}

/** `values` holds what HubSpot states of the fields we wrote: coerced, and without those it does not state. */
function written(item: BatchItem, result: JsonObject): WriteOutcome {
  const properties = objectOrEmpty(result['properties']);
  const stated = Object.keys(item.values).filter((field) => field in properties);
  const recordId = requireText(result['id'], 'the id of a written record');
  return { key: item.key, ok: true, recordId, values: pickValues(properties, stated) };
}

function itemsOfError(
  error: ErrorBody,
  open: ReadonlyMap<string, BatchItem>,
  items: readonly BatchItem[],
): readonly BatchItem[] {
  if (items.length === 1) return [...open.values()];
  return blamedKeys(error, [...open.values()]).flatMap((key) => open.get(key) ?? []);
}

/** The keys of the items an error names: by trace id, record id, e-mail, or a property that does not exist. */
export function blamedKeys(error: ErrorBody, items: readonly BatchItem[]): readonly string[] {
  const named = new Set(
    [error.context, ...error.errors.map((entry) => objectOrEmpty(entry['context']))].flatMap(namesIn),
  );
  const messages = [error.message, ...error.errors.map((entry) => textOrNull(entry['message']))];
  for (const message of messages) for (const email of message?.match(EMAIL) ?? []) named.add(email.toLowerCase());
  const unknown = readInvalidProperties(error.message)
    .filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST')
    .map(({ name }) => name);
  return items
    .filter(
      ({ key, id, email, values }) =>
        [key, id, email].some((name) => name !== undefined && named.has(name)) ||
        unknown.some((name) => name in values),
    )
    .map(({ key }) => key);
}

function namesIn(context: JsonObject): readonly string[] {
  return ['objectWriteTraceId', 'ids', 'id'].flatMap((name) => {
    const value = context[name];
    return (Array.isArray(value) ? value : [value]).map(textOrNull).filter((text) => text !== null);
  });
}
