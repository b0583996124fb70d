import { CrmRejected } from '../errors.ts';
import type { AssociatedRecord, CrmAccount, ReadAssociationsInput } from '../port.ts';
import { listOrEmpty, nextCursor, objectOrEmpty, requireList, requireText, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotAnswer, HubSpotGateway } from './gateway.ts';
import { fromHubSpotContactRole } from './mapping.ts';
import { readErrorBody } from './rejection.ts';

type PageRequest = { readonly id: string; readonly after?: string };

/** Associated id → its roles, for each id that was asked for. */
type Found = ReadonlyMap<string, Map<string, Set<string>>>;

/**
 * Ids associated to each asked id, distinct and sorted; an id without associations, or that is gone, maps to an empty
 * list. Raises `CrmRejected` when HubSpot refuses an id for any other reason.
 */
export async function readAssociations(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ReadAssociationsInput,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const associated = await readAssociatedRoles(gateway, account, input);
  return new Map([...associated].map(([id, others]) => [id, others.map((other) => other.id)]));
}

/** The same with the labels of each association: HubSpot sends them along. Follows every further page. */
export async function readAssociatedRoles(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ReadAssociationsInput,
): Promise<ReadonlyMap<string, readonly AssociatedRecord[]>> {
  const found: Found = new Map(input.ids.map((id) => [id, new Map()]));
  let requests: readonly PageRequest[] = [...found.keys()].map((id) => ({ id }));
  while (requests.length > 0) {
    const path = API_PATHS.associationsRead(input.from, input.to);
    const answer = await gateway.call({ account, kind: 'default', method: 'POST', path, body: { inputs: requests } });
    requireOnlyAbsences(answer);
    requests = collectPage(answer, found);
  }
  return new Map([...found].map(([id, associated]) => [id, [...associated].map(toAssociated).sort(byId)]));
}

function toAssociated([id, roles]: readonly [string, ReadonlySet<string>]): AssociatedRecord {
  return { id, roles: [...roles].sort() };
}

function byId(a: AssociatedRecord, b: AssociatedRecord): number {
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

/** Adds one answer to `found` and returns the pages that are still to be read. */
function collectPage(answer: HubSpotAnswer, found: Found): readonly PageRequest[] {
  const more: PageRequest[] = [];
  for (const result of requireList(objectOrEmpty(answer.body)['results'], 'the results of associations').map(
    objectOrEmpty,
  )) {
    const id = requireText(objectOrEmpty(result['from'])['id'], 'the id an association starts from');
    const associated = found.get(id);
    if (associated === undefined) continue;
    for (const end of listOrEmpty(result['to']).map(objectOrEmpty)) {
      const endId = requireText(end['toObjectId'], 'the id an association leads to');
      const roles = associated.get(endId) ?? new Set();
      associated.set(endId, roles);
      for (const type of listOrEmpty(end['associationTypes'])) {
        const role = fromHubSpotContactRole(type);
        if (role !== null) roles.add(role.id);
      }
    }
    const after = nextCursor(result);
    if (after !== null) more.push({ id, after });
  }
  return more;
}

/** "No associations" and "no such record" are answers; anything else must not look like an empty list. */
function requireOnlyAbsences(answer: HubSpotAnswer): void {
  for (const raw of listOrEmpty(objectOrEmpty(answer.body)['errors']).map(objectOrEmpty)) {
    const { category } = readErrorBody(raw);
    const words = `${category ?? ''} ${textOrNull(raw['subCategory']) ?? ''}`.toUpperCase();
    if (/NO_ASSOCIATIONS|NOT_FOUND/.test(words)) continue;
    throw new CrmRejected('HubSpot refused to read the associations of some records.', { category });
  }
}
