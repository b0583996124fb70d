import { CrmRejected } from '../errors.ts';
import type { CrmAccount, CrmObjectType } from '../port.ts';
import { listOrEmpty, nextCursor, objectOrEmpty, requireList, requireText, textOrNull } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import type { HubSpotAnswer, HubSpotGateway } from './gateway.ts';
import { readErrorBody } from './rejection.ts';

export type ReadAssociationsInput = {
  readonly from: CrmObjectType;
  readonly to: CrmObjectType;
  /** At most 1,000 ids. */
  readonly ids: readonly string[];
};

type PageRequest = { readonly id: string; readonly after?: string };

/**
 * Ids associated to each asked id, distinct and sorted; an id without associations, or that is gone, maps to an empty
 * list. Follows every further page. Raises `CrmRejected` when HubSpot refuses an id for any other reason.
 */
export async function readAssociations(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: ReadAssociationsInput,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Set<string>>(input.ids.map((id) => [id, new Set()]));
  let requests: readonly PageRequest[] = [...found.keys()].map((id) => ({ id }));
  while (requests.length > 0) {
    const path = API_PATHS.associationsRead(input.from, input.to);
    const answer = await gateway.call({ account, kind: 'default', method: 'POST', path, body: { inputs: requests } });
    requireOnlyAbsences(answer);
    requests = collectPage(answer, found);
  }
  return new Map([...found].map(([id, associated]) => [id, [...associated].sort()]));
}

/** Adds one answer to `found` and returns the pages that are still to be read. */
function collectPage(answer: HubSpotAnswer, found: ReadonlyMap<string, Set<string>>): readonly PageRequest[] {
  const more: PageRequest[] = [];
  for (const result of requireList(objectOrEmpty(answer.body)['results'], 'the results of associations').map(
    objectOrEmpty,
  )) {
    const id = requireText(objectOrEmpty(result['from'])['id'], 'the id an association starts from');
    const associated = found.get(id);
    if (associated === undefined) continue;
    for (const end of listOrEmpty(result['to']).map(objectOrEmpty)) {
      associated.add(requireText(end['toObjectId'], 'the id an association leads to'));
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
