import { isoInstant } from '../clock.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { created, noContent, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { inputsOf, objectWith, requiredString } from '../http/shape.ts';
import type { PropertyDefinition } from '../schema/property-definition.ts';
import type { ObjectStore } from '../state/state.ts';
import { batchAnswer } from './batch-answer.ts';
import { BATCH_LIMIT } from './batch-read.ts';
import { errorEntry } from './error-entry.ts';
import type { ErrorEntry } from './error-entry.ts';
import { CREATE_FIELDS, UPDATE_FIELDS, changedDefinition, newDefinition } from './property-input.ts';
import { subjectOf } from './scope.ts';
import type { Subject } from './scope.ts';

const MOST_UNIQUE_PROPERTIES = 10;

export function renderProperty(property: PropertyDefinition): Record<string, unknown> {
  const { readOnlyValue, createdAtMs, updatedAtMs, ...shown } = property;
  const archivable = !property.hubspotDefined;
  return {
    ...shown,
    createdAt: isoInstant(createdAtMs),
    updatedAt: isoInstant(updatedAtMs),
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyOptions: property.hubspotDefined,
      readOnlyValue,
    },
  };
}

const missing = (name: string, { type }: Subject) =>
  notFound(`Property ${name} does not exist for object type ${type.id}`);

/** GET /crm/properties/2026-09/{type} */
export function listProperties(exchange: Exchange): Reply {
  const archived = exchange.query.get('archived') === 'true';
  const { store } = subjectOf(exchange);
  return ok({
    results: [...store.properties.values()].filter((property) => property.archived === archived).map(renderProperty),
  });
}

/** GET …/{name} */
export function readProperty(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const name = exchange.params['name'] ?? '';
  const property = subject.store.properties.get(name);
  if (!property || property.archived !== (exchange.query.get('archived') === 'true')) throw missing(name, subject);
  return ok(renderProperty(property));
}

/** POST …/{type} */
export function createProperty(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const property = newDefinition(objectWith(exchange.body, CREATE_FIELDS), exchange.now);
  refuse(subject, property);
  save(exchange, subject, property);
  return created(renderProperty(property));
}

const isTaken = (store: ObjectStore, name: string): boolean => store.properties.get(name)?.archived === false;

/** `planned` are those the same call is about to make. */
function refuse({ store, type }: Subject, property: PropertyDefinition, planned: PropertyDefinition[] = []): void {
  if (isTaken(store, property.name))
    throw conflict(`A property named '${property.name}' already exists for object type ${type.id}.`);
  if (store.groups.get(property.groupName)?.archived !== false)
    throw invalid(`Property group '${property.groupName}' does not exist`);
  const custom = [...store.properties.values(), ...planned].filter(
    ({ hasUniqueValue, hubspotDefined, archived }) => hasUniqueValue && !hubspotDefined && !archived,
  );
  if (property.hasUniqueValue && custom.length >= MOST_UNIQUE_PROPERTIES)
    throw invalid(`There are already ${MOST_UNIQUE_PROPERTIES} properties with unique values for ${type.plural}`);
}

function save(exchange: Exchange, { portal, type }: Subject, property: PropertyDefinition): void {
  exchange.world.store.commit({ kind: 'property.saved', portalId: portal.portalId, type: type.id, property });
}

/** POST …/batch/create: those that exist already are entries in errors */
export function createProperties(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const inputs = inputsOf(objectWith(exchange.body, ['inputs']), BATCH_LIMIT);
  const definitions = inputs.map((input) => newDefinition(objectWith(input, CREATE_FIELDS, 'inputs'), exchange.now));
  const planned: PropertyDefinition[] = [];
  const errors: unknown[] = [];
  for (const property of definitions) {
    if (isTaken(subject.store, property.name) || planned.some(({ name }) => name === property.name)) {
      const message = `A property named '${property.name}' already exists.`;
      errors.push(
        errorEntry({
          category: 'OBJECT_ALREADY_EXISTS',
          subCategory: 'Properties.PROPERTY_EXISTS',
          message,
          context: { name: [property.name] },
        }),
      );
      continue;
    }
    refuse(subject, property, planned);
    planned.push(property);
  }
  for (const property of planned) save(exchange, subject, property);
  return batchAnswer({ status: 200, results: planned.map(renderProperty), errors, nowMs: exchange.now });
}

/** POST …/batch/read */
export function readProperties(exchange: Exchange): Reply {
  const { store } = subjectOf(exchange);
  const fields = objectWith(exchange.body, ['archived', 'inputs', 'dataSensitivity']);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputsOf(fields, BATCH_LIMIT)) {
    const name = requiredString(objectWith(input, ['name'], 'inputs'), 'name');
    const property = store.properties.get(name);
    if (property && property.archived === (fields['archived'] === true)) results.push(renderProperty(property));
    else errors.push(notFoundEntry(name));
  }
  return batchAnswer({ status: 200, results, errors, nowMs: exchange.now });
}

const notFoundEntry = (name: string): ErrorEntry =>
  errorEntry({
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'Properties.PROPERTY_NOT_FOUND',
    message: `Property ${name} does not exist`,
    context: { name: [name] },
  });

/** PATCH …/{name} */
export function updateProperty(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  const name = exchange.params['name'] ?? '';
  const property = subject.store.properties.get(name);
  if (!property || property.archived) throw missing(name, subject);
  const changed = changedDefinition(property, objectWith(exchange.body, UPDATE_FIELDS), exchange.now);
  save(exchange, subject, changed);
  return ok(renderProperty(changed));
}

/** DELETE …/{name}: archived, so that its name can be taken again */
export function archiveProperty(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  archiveByName(exchange, subject, exchange.params['name'] ?? '');
  return noContent();
}

/** POST …/batch/archive */
export function archiveProperties(exchange: Exchange): Reply {
  const subject = subjectOf(exchange);
  for (const input of inputsOf(objectWith(exchange.body, ['inputs']), BATCH_LIMIT))
    archiveByName(exchange, subject, requiredString(objectWith(input, ['name'], 'inputs'), 'name'));
  return noContent();
}

function archiveByName(exchange: Exchange, subject: Subject, name: string): void {
  const property = subject.store.properties.get(name);
  if (!property || property.archived) throw missing(name, subject);
  if (property.hubspotDefined) throw invalid(`Property ${name} is HubSpot's own and cannot be archived`);
  save(exchange, subject, { ...property, archived: true, updatedAtMs: exchange.now });
}
