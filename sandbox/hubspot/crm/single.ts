import { HubSpotError, invalid, malformed, notFound } from '../errors.ts';
import { created, noContent, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { objectWith, optionalString, propertyMap, requiredString } from '../http/shape.ts';
import { associationKey } from '../state/lookup.ts';
import type { CrmRecord } from '../state/state.ts';
import { archiveRecord, eraseRecord } from './archive.ts';
import { typesBetween } from './association-types.ts';
import { requestedLinks } from './create-links.ts';
import type { RequestedLinks } from './create-links.ts';
import { findRecord, requireUniqueProperty } from './find.ts';
import { mergeRecords } from './merge.ts';
import { objectTypeOf } from './object-types.ts';
import { refusalError } from './problems.ts';
import { renderRecord, wanted } from './render.ts';
import { coerced, subjectOf } from './scope.ts';
import type { Subject } from './scope.ts';
import { validateProperties } from './validate.ts';
import { writeRecord } from './write.ts';

/** Query lists may be repeated or joined with commas. */
export const listParameter = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter(Boolean);

function named(exchange: Exchange, subject: Subject, archived = false): CrmRecord {
  const idProperty = exchange.query.get('idProperty') ?? undefined;
  if (idProperty !== undefined) requireUniqueProperty(subject, idProperty);
  const record = findRecord(subject.store, { id: exchange.params['id'] ?? '', idProperty, archived });
  if (!record) throw notFound();
  return record;
}

/** GET …/{type}/{id} */
export function readOne(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const { query } = exchange;
  const record = named(exchange, subject, query.get('archived') === 'true');
  const names = wanted(subject, listParameter(query, 'properties'), listParameter(query, 'propertiesWithHistory'));
  const associations = associationsOf(subject, record, listParameter(query, 'associations'));
  return ok({ ...renderRecord(record, names), ...(associations && { associations }) });
}

function associationsOf(
  { portal, type }: Subject,
  record: CrmRecord,
  others: string[],
): Record<string, unknown> | null {
  const found: Record<string, unknown> = {};
  for (const name of others) {
    const other = objectTypeOf(name);
    const linked =
      portal.associations.get(associationKey([type.id, record.id], other.id)) ?? new Map<string, number[]>();
    const results = [...linked].filter(([id]) => portal.objects[other.id].records.get(id)?.archivedAtMs === null);
    const label = typesBetween(type.id, other.id).length > 0 ? `${type.singular}_to_${other.singular}` : '';
    if (results.length > 0) found[other.plural] = { results: results.map(([id]) => ({ id, type: label })) };
  }
  return Object.keys(found).length > 0 ? found : null;
}

/** POST …/{type} */
export function createOne(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const fields = objectWith(exchange.body, ['properties', 'associations']);
  const links = requestedLinks(exchange, subject, fields['associations']);
  const record = writeGiven({ exchange, subject, record: null, given: propertyMap(fields), links });
  links.make(record);
  return created(renderRecord(record, wanted(subject, Object.keys(record.values))));
}

/** PATCH …/{type}/{id} */
export function updateOne(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const given = propertyMap(objectWith(exchange.body, ['properties']));
  const record = writeGiven({ exchange, subject, record: named(exchange, subject), given });
  return ok(renderRecord(record, wanted(subject, Object.keys(given))));
}

interface WriteGivenInput {
  exchange: Exchange;
  subject: Subject;
  record: CrmRecord | null;
  given: Record<string, string>;
  links?: RequestedLinks;
}

function writeGiven({ exchange, subject, record, given, links }: WriteGivenInput): CrmRecord {
  const { portal, type, source } = subject;
  const validated = validateProperties({ portal, type, given, record });
  if ('refusal' in validated) throw refusalError(validated.refusal, subject);
  const values = coerced(exchange, portal.portalId, validated.values);
  return writeRecord(exchange.world, {
    portal,
    type: type.id,
    record,
    values,
    source,
    nowMs: exchange.now,
    ...(links && { associations: links.named }),
  });
}

/** DELETE …/{type}/{id}; deleting what is gone is no error. */
export function archiveOne(exchange: Exchange): Reply {
  const { portal, type, store, source } = subjectOf(exchange);
  const record = findRecord(store, { id: exchange.params['id'] ?? '' });
  if (record) archiveRecord(exchange.world, { portal, type: type.id, record, source, nowMs: exchange.now });
  return noContent();
}

/** POST …/{type}/merge */
export function mergeTwo(exchange: Exchange): Reply {
  const { portal, type, store, source } = subjectOf(exchange);
  const fields = objectWith(exchange.body, ['primaryObjectId', 'objectIdToMerge']);
  const primary = findRecord(store, { id: requiredString(fields, 'primaryObjectId') });
  const other = findRecord(store, { id: requiredString(fields, 'objectIdToMerge') });
  if (!primary || !other) throw notFound();
  const createsNewId = exchange.world.settings.mergeCreatesNewId;
  const survivor = mergeRecords(exchange.world, {
    portal,
    type: type.id,
    primary,
    other,
    createsNewId,
    source,
    nowMs: exchange.now,
  });
  return ok(renderRecord(survivor, wanted({ type, store }, Object.keys(survivor.values))));
}

/** POST …/{type}/gdpr-delete */
export function eraseOne(exchange: Exchange): Reply {
  const { portal, type, store, source } = subjectOf(exchange);
  if (type.id !== '0-1') throw invalid(`gdpr-delete is not supported for ${type.plural}`);
  const fields = objectWith(exchange.body, ['objectId', 'idProperty']);
  const idProperty = optionalString(fields, 'idProperty');
  if (idProperty !== undefined && idProperty !== 'email') throw malformed('"idProperty" may only be email');
  const objectId = requiredString(fields, 'objectId');
  const key = { id: objectId, idProperty };
  const record = findRecord(store, key) ?? findRecord(store, { ...key, archived: true });
  if (record) eraseRecord(exchange.world, { portal, type: type.id, record, source, nowMs: exchange.now });
  else if (idProperty === 'email') blockUnknown(exchange, portal.portalId, objectId);
  else throw notFound();
  return noContent();
}

/** An address nobody has is blocked all the same. */
function blockUnknown(exchange: Exchange, portalId: number, email: string): void {
  if (!email.includes('@'))
    throw new HubSpotError({ status: 400, category: 'VALIDATION_ERROR', message: `Email address ${email} is invalid` });
  exchange.world.store.commit({
    kind: 'record.purged',
    portalId,
    type: '0-1',
    id: '',
    atMs: exchange.now,
    blockedEmail: email.toLowerCase(),
  });
}
