import { invalid } from '../errors.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { inputsOf, objectWith } from '../http/shape.ts';
import type { CrmRecord, ObjectStore } from '../state/state.ts';
import { batchAnswer, byId } from './batch-answer.ts';
import type { RequestedLinks } from './create-links.ts';
import { BATCH_LIMIT } from './batch-read.ts';
import { missingEntry } from './find.ts';
import { refusalEntry, refusalError } from './problems.ts';
import type { Refusal } from './problems.ts';
import { renderRecord, wanted } from './render.ts';
import { coerced, subjectOf } from './scope.ts';
import type { Subject } from './scope.ts';
import { validateProperties } from './validate.ts';
import type { Validated } from './validate.ts';
import { writeRecord } from './write.ts';

/** One input of a batch write, resolved to the record it is about. */
export interface Resolved {
  /** undefined: the id leads nowhere; null: to be created */
  record: CrmRecord | null | undefined;
  id: string;
  given: Record<string, string>;
  traceId: string | undefined;
  /** what a new record is joined with */
  links?: RequestedLinks;
}

export interface BatchWriteInput {
  exchange: Exchange;
  fields: readonly string[];
  status: number;
  resolve: (subject: Subject, input: Record<string, unknown>) => Resolved;
  /** whether the answer says which records are new */
  tellsNew?: boolean;
}

interface Outcome {
  written: { record: CrmRecord; isNew: boolean; names: string[]; traceId: string | undefined }[];
  errors: unknown[];
  missing: string[];
}

/**
 * Create, update and upsert. Unknown ids are always a partial failure. Bad values fail the whole batch before
 * anything is written, unless every input has an objectWriteTraceId: then each stands for itself.
 */
export function batchWrite(input: BatchWriteInput): Reply {
  const { exchange } = input;
  const subject = subjectOf(exchange);
  const inputs = inputsOf(objectWith(exchange.body, ['inputs']), BATCH_LIMIT);
  const resolved = inputs.map((item) => input.resolve(subject, objectWith(item, input.fields, 'inputs')));
  refuseRepeats(resolved);
  const separately = resolved.every(({ traceId }) => traceId !== undefined);
  const judged = separately ? [] : refuseAnyBad(subject, resolved);
  const outcome: Outcome = { written: [], errors: [], missing: [] };
  const failing = failingIds(exchange, subject);
  resolved.forEach((item, index) => writeOne({ exchange, subject, item, validated: judged[index], failing }, outcome));
  if (outcome.missing.length > 0) outcome.errors.push(missingEntry(subject.type, outcome.missing));
  return batchAnswer({
    status: input.status,
    results: outcome.written
      .sort((one, two) => byId(one.record, two.record))
      .map(({ record, isNew, names, traceId }) => ({
        ...renderRecord(record, wanted(subject, names)),
        ...(traceId !== undefined && { objectWriteTraceId: traceId }),
        ...(input.tellsNew && { new: isNew }),
      })),
    errors: outcome.errors,
    nowMs: exchange.now,
  });
}

function refuseRepeats(resolved: readonly Resolved[]): void {
  const seen = new Set<CrmRecord>();
  for (const { record, id } of resolved) {
    if (!record) continue;
    if (seen.has(record)) throw invalid(`Duplicate IDs found in batch input: [${id}]. IDs must be unique`);
    seen.add(record);
  }
}

/** The judgement of each input, or the refusal of all for the first bad one. */
function refuseAnyBad({ portal, type, store }: Subject, resolved: readonly Resolved[]): (Validated | undefined)[] {
  const claimed = new Set<string>();
  return resolved.map(({ record, given }) => {
    if (record === undefined) return undefined;
    const validated = validateProperties({ portal, type, given, record });
    const refusal = 'refusal' in validated ? validated.refusal : claimedTwice(store, validated.values, claimed);
    if (refusal) throw refusalError(refusal, { type, portal });
    return validated;
  });
}

/** Two inputs of one batch that want the same unique value. */
function claimedTwice(store: ObjectStore, values: Record<string, string>, claimed: Set<string>): Refusal | null {
  for (const name of store.unique.keys()) {
    const value = values[name];
    if (!value) continue;
    const claim = `${name}=${value}`;
    const message = `Two inputs of this batch set ${name} to ${value}.`;
    if (claimed.has(claim)) return { problems: [{ name, error: 'CONFLICTING_UNIQUE_VALUE', message }] };
    claimed.add(claim);
  }
  return null;
}

function failingIds(exchange: Exchange, { portal }: Subject): Set<string> {
  const target = { portalId: portal.portalId, method: exchange.method, path: exchange.path };
  const fault = exchange.world.faults.strike(['failRecords'], target);
  return new Set(fault?.recordIds ?? []);
}

const FAULT: Refusal = {
  problems: [
    { name: 'hs_object_id', error: 'REQUIRED_FIELDS_MISSING', message: 'A rule of this account refuses the change' },
  ],
};

interface WriteOneInput {
  exchange: Exchange;
  subject: Subject;
  item: Resolved;
  validated: Validated | undefined;
  failing: Set<string>;
}

function writeOne({ exchange, subject, item, failing, ...input }: WriteOneInput, outcome: Outcome): void {
  const { portal, type, source } = subject;
  const { record, given, traceId } = item;
  if (record === undefined) return void outcome.missing.push(item.id);
  const validated = input.validated ?? validateProperties({ portal, type, given, record });
  const refusal = record && failing.has(record.id) ? FAULT : 'refusal' in validated ? validated.refusal : null;
  if (refusal || 'refusal' in validated) {
    const context = {
      ...(record && { ids: [record.id] }),
      ...(traceId !== undefined && { objectWriteTraceId: [traceId] }),
    };
    return void outcome.errors.push(refusalEntry(refusal ?? FAULT, { type, portal }, context));
  }
  const values = coerced(exchange, portal.portalId, validated.values);
  const written = writeRecord(exchange.world, {
    portal,
    type: type.id,
    record,
    values,
    source,
    nowMs: exchange.now,
    ...(item.links && { associations: item.links.named }),
  });
  item.links?.make(written);
  outcome.written.push({ record: written, isNew: record === null, names: Object.keys(given), traceId });
}
