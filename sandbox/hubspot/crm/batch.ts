import { invalid, malformed } from '../errors.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { noContent } from '../http/exchange.ts';
import { inputsOf, objectWith, optionalString, propertyMap, requiredString } from '../http/shape.ts';
import type { Fields } from '../http/shape.ts';
import { archiveRecord } from './archive.ts';
import { BATCH_LIMIT } from './batch-read.ts';
import { batchWrite } from './batch-write.ts';
import type { Resolved } from './batch-write.ts';
import { requestedLinks } from './create-links.ts';
import { findRecord, notUnique, requireUniqueProperty } from './find.ts';
import { subjectOf } from './scope.ts';
import type { Subject } from './scope.ts';

/** POST …/batch/create */
export function batchCreate(exchange: Exchange): Reply {
  const fields = ['properties', 'associations', 'objectWriteTraceId'];
  const resolve = (subject: Subject, input: Fields): Resolved => ({
    record: null,
    id: '',
    given: propertyMap(input),
    traceId: optionalString(input, 'objectWriteTraceId'),
    links: requestedLinks(exchange, subject, input['associations']),
  });
  return batchWrite({ exchange, fields, status: 201, resolve });
}

const BY_ID = ['id', 'idProperty', 'properties', 'objectWriteTraceId'];

function keyed(subject: Subject, input: Fields): Resolved & { idProperty: string | undefined } {
  const id = requiredString(input, 'id');
  const idProperty = optionalString(input, 'idProperty');
  if (idProperty !== undefined) requireUniqueProperty(subject, idProperty);
  return {
    record: findRecord(subject.store, { id, idProperty }),
    id,
    idProperty,
    given: propertyMap(input),
    traceId: optionalString(input, 'objectWriteTraceId'),
  };
}

/** POST …/batch/update. HubSpot does not take e-mail as the key here, though it does for single updates. */
export function batchUpdate(exchange: Exchange): Reply {
  const resolve = (subject: Subject, input: Fields): Resolved => {
    const resolved = keyed(subject, input);
    if (resolved.idProperty === 'email') throw notUnique(subject, 'email');
    return resolved;
  };
  return batchWrite({ exchange, fields: BY_ID, status: 200, resolve });
}

/** POST …/batch/upsert, by one unique property; by e-mail there is no partial success. */
export function batchUpsert(exchange: Exchange): Reply {
  const keys = new Set<string>();
  const resolve = (subject: Subject, input: Fields): Resolved => {
    const idProperty = requiredString(input, 'idProperty');
    keys.add(idProperty);
    if (keys.size > 1) throw invalid('All inputs of an upsert must name the same idProperty');
    const { record, id, given, traceId } = keyed(subject, input);
    if (record) return { record, id, given, traceId: idProperty === 'email' ? undefined : traceId };
    return {
      record: null,
      id,
      given: { ...given, [idProperty]: id },
      traceId: idProperty === 'email' ? undefined : traceId,
    };
  };
  return batchWrite({ exchange, fields: BY_ID, status: 200, resolve, tellsNew: true });
}

/** POST …/batch/archive; ids that lead nowhere are no error. */
export function batchArchive(exchange: Exchange): Reply {
  const { portal, type, store, source } = subjectOf(exchange);
  const inputs = inputsOf(objectWith(exchange.body, ['inputs']), BATCH_LIMIT);
  const ids = inputs.map((input) => requiredString(objectWith(input, ['id'], 'inputs'), 'id'));
  if (ids.some((id) => !/^\d+$/.test(id))) throw malformed('an id is a number in a string');
  for (const id of ids) {
    const record = findRecord(store, { id });
    if (record) archiveRecord(exchange.world, { portal, type: type.id, record, source, nowMs: exchange.now });
  }
  return noContent();
}
