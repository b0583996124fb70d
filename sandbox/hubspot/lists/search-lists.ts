import { objectTypeOf } from '../crm/object-types.ts';
import { invalid, malformed } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { objectWith, optionalString, stringList } from '../http/shape.ts';
import type { Fields } from '../http/shape.ts';
import type { CrmList } from '../state/crm-list.ts';
import { portalOfCaller } from './find-list.ts';
import { renderList } from './render-list.ts';

const FIELDS = ['query', 'offset', 'count', 'processingTypes', 'listIds', 'objectTypeId', 'additionalProperties'];
/** What HubSpot's specification requires, empty or not, though its prose speaks of defaults. */
const REQUIRED = ['offset', 'processingTypes', 'listIds', 'additionalProperties'];
const KINDS = ['MANUAL', 'DYNAMIC', 'SNAPSHOT'];
const COUNT = { usual: 20, most: 500 };

/** POST /crm/lists/2026-09/search; deleted lists are never found */
export function searchLists(exchange: Exchange): Reply {
  const fields = objectWith(exchange.body, FIELDS);
  const missing = REQUIRED.filter((key) => fields[key] === undefined);
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const offset = wholeNumber(fields, 'offset') ?? 0;
  const count = wholeNumber(fields, 'count') ?? COUNT.usual;
  if (count > COUNT.most) throw invalid(`count must not be over ${COUNT.most}, ${count} was given`);
  const wanted = wantedBy(fields);
  const lists = [...portalOfCaller(exchange).lists.values()].filter((list) => list.deletedAtMs === null);
  const found = lists.filter(wanted);
  const page = found.slice(offset, offset + count);
  stringList(fields, 'additionalProperties');
  return ok({
    lists: page.map((list) => ({ ...renderList(list), additionalProperties: additional(list) })),
    hasMore: offset + page.length < found.length,
    offset: offset + page.length,
    total: found.length,
  });
}

function wholeNumber(fields: Fields, key: string): number | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || (value as number) < 0) throw malformed(`"${key}" must be a whole number`);
  return value as number;
}

function wantedBy(fields: Fields): (list: CrmList) => boolean {
  const query = (optionalString(fields, 'query') ?? '').toLowerCase();
  const kinds = stringList(fields, 'processingTypes');
  const strange = kinds.find((kind) => !KINDS.includes(kind));
  if (strange !== undefined) throw malformed(`"${strange}" is not one of [${KINDS.join(', ')}]`);
  const listIds = stringList(fields, 'listIds');
  const given = optionalString(fields, 'objectTypeId');
  const objectTypeId = given === undefined ? undefined : typeIdOf(given);
  return (list) =>
    list.name.toLowerCase().includes(query) &&
    (kinds.length === 0 || kinds.includes(list.processingType)) &&
    (listIds.length === 0 || listIds.includes(list.listId)) &&
    (objectTypeId === undefined || list.objectTypeId === objectTypeId);
}

/** Here only the id of a type will do, not its name. */
function typeIdOf(given: string): string {
  if (!/^\d+-\d+$/.test(given)) throw invalid(`${given} is not the id of an object type`);
  return objectTypeOf(given).id;
}

/** Properties of the list itself, all as text; those without a value are left out, and so is what nobody knows. */
function additional(list: CrmList): Record<string, string> {
  const values = new Map([
    ['hs_list_size', String(list.order.length)],
    ['hs_list_reference_count', '0'],
  ]);
  if (list.lastAddedAtMs !== null) values.set('hs_last_record_added_at', String(list.lastAddedAtMs));
  if (list.lastRemovedAtMs !== null) values.set('hs_last_record_removed_at', String(list.lastRemovedAtMs));
  return Object.fromEntries(values);
}
