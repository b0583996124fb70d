import type { Exchange, Reply } from '../http/exchange.ts';
import { inputsOf, objectWith, optionalString, requiredString, stringList } from '../http/shape.ts';
import type { CrmRecord } from '../state/state.ts';
import { batchAnswer, byId } from './batch-answer.ts';
import { findRecord, missingEntry, requireUniqueProperty } from './find.ts';
import { renderRecord, wanted } from './render.ts';
import { subjectOf } from './scope.ts';

export const BATCH_LIMIT = 100;

/** POST /crm/objects/2026-09/{type}/batch/read */
export function batchRead(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const { type, store } = subject;
  const fields = objectWith(exchange.body, ['inputs', 'properties', 'propertiesWithHistory', 'idProperty']);
  const inputs = inputsOf(fields, BATCH_LIMIT);
  const idProperty = optionalString(fields, 'idProperty');
  if (idProperty !== undefined) requireUniqueProperty(subject, idProperty);
  const archived = exchange.query.get('archived') === 'true';
  const found = new Set<CrmRecord>();
  const missing: string[] = [];
  for (const input of inputs) {
    const id = requiredString(objectWith(input, ['id'], 'inputs'), 'id');
    const record = findRecord(store, { id, idProperty, archived });
    // Two ids that were merged lead to one record, answered once.
    if (record) found.add(record);
    else missing.push(id);
  }
  const names = wanted(subject, stringList(fields, 'properties'), stringList(fields, 'propertiesWithHistory'));
  return batchAnswer({
    status: 200,
    results: [...found].sort(byId).map((record) => renderRecord(record, names)),
    errors: missing.length > 0 ? [missingEntry(type, missing)] : [],
    nowMs: exchange.now,
  });
}
