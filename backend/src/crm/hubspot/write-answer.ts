import type { FieldValues, WriteOutcome } from '../port.ts';
import { listOrEmpty, objectOrEmpty, requireList, requireText, textOrNull, type JsonObject } from './answer-shape.ts';
import type { HubSpotAnswer } from './gateway.ts';
import { instantOrNull, pickValues } from './mapping.ts';
import { readErrorBody, type ErrorBody } from './rejection.ts';
import { readInvalidProperties } from './safe-message.ts';
import { toWriteRefusal, type UniqueValue } from './write-refusal.ts';

/** One record of a batch write. `key` travels as `objectWriteTraceId`, which HubSpot states again in the answer. */
export type BatchItem = {
  readonly key: string;
  readonly values: FieldValues;
  /** Known before an update. */
  readonly id?: string;
  /** Known before a creation. */
  readonly unique?: UniqueValue;
};

const BETWEEN_WORDS = /[\s"'<>,;:()[\]{}]+/;

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
  const close = (key: string, outcome: WriteOutcome) => {
    open.delete(key);
    outcomes.set(key, outcome);
  };
  for (const result of requireList(body['results'], 'the results of a batch').map(objectOrEmpty)) {
    const item = itemOfResult(result, open, items);
    if (item !== undefined) close(item.key, written(item, result));
  }
  for (const error of listOrEmpty(body['errors']).map(readErrorBody)) {
    const refused = itemsOfError(error, open, items);
    for (const [key, outcome] of refuseItems(refused, error, 207)) close(key, outcome);
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
  const properties = objectOrEmpty(result['properties']);
  return [...open.values()].find(({ id: known, unique }) =>
    known === undefined ? unique !== undefined && holds(properties, unique) : known === id,
  );
}

function holds(properties: JsonObject, { property, value }: UniqueValue): boolean {
  return textOrNull(properties[property])?.toLowerCase() === value.toLowerCase();
}

/** `values` holds what HubSpot states of the fields we wrote: coerced, and without those it does not state. */
function written(item: BatchItem, result: JsonObject): WriteOutcome {
  const properties = objectOrEmpty(result['properties']);
  const stated = Object.keys(item.values).filter((field) => field in properties);
  const recordId = requireText(result['id'], 'the id of a written record');
  const modifiedAt = instantOrNull(result['updatedAt']);
  return { key: item.key, ok: true, recordId, values: pickValues(properties, stated), modifiedAt };
}

function itemsOfError(
  error: ErrorBody,
  open: ReadonlyMap<string, BatchItem>,
  items: readonly BatchItem[],
): readonly BatchItem[] {
  return items.length === 1 ? [...open.values()] : blamedItems(error, [...open.values()]);
}

/** The items an error names: by trace id, record id, unique value, or a property that does not exist. */
export function blamedItems<Item extends BatchItem>(error: ErrorBody, items: readonly Item[]): readonly Item[] {
  const named = new Set(
    [error.context, ...error.errors.map((entry) => objectOrEmpty(entry['context']))].flatMap(namesIn),
  );
  const messages = [error.message, ...error.errors.map((entry) => textOrNull(entry['message']))];
  const words = new Set(messages.flatMap((message) => wordsIn(message ?? '')));
  const unknown = readInvalidProperties(error.message)
    .filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST')
    .map(({ name }) => name);
  return items.filter(
    ({ key, id, unique, values }) =>
      [key, id].some((name) => name !== undefined && named.has(name)) ||
      (unique !== undefined && words.has(unique.value.toLowerCase())) ||
      unknown.some((name) => name in values),
  );
}

/** One error for these items. An existing record it names stands in the way of one of them: of which, is not said. */
export function refuseItems(
  items: readonly BatchItem[],
  error: ErrorBody,
  status: number,
): ReadonlyMap<string, WriteOutcome> {
  const outcomes = new Map<string, WriteOutcome>();
  for (const { key, unique } of items) {
    const { existingRecordId, ...refusal } = toWriteRefusal(error, status, unique);
    const names = existingRecordId !== undefined && items.length === 1;
    outcomes.set(key, { key, ok: false, refusal: names ? { ...refusal, existingRecordId } : refusal });
  }
  return outcomes;
}

/** Lower-cased, without the full stop behind the last one; of `name=value` the value too. */
function wordsIn(message: string): readonly string[] {
  return message
    .toLowerCase()
    .split(BETWEEN_WORDS)
    .map((word) => word.replace(/\.+$/, ''))
    .flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
}

function namesIn(context: JsonObject): readonly string[] {
  return ['objectWriteTraceId', 'ids', 'id'].flatMap((name) => {
    const value = context[name];
    return (Array.isArray(value) ? value : [value]).map(textOrNull).filter((text) => text !== null);
  });
}
