import { createHash } from 'node:crypto';
import { operationsOf, type OpenApiDocument, type PlacedOperation } from '../openapi/document.ts';
import { postmanRequest, type PostmanRequest } from './postman-request.ts';
import { savedResponses, type PostmanResponse } from './postman-responses.ts';

export const POSTMAN_SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

export type PostmanItem = {
  readonly id: string;
  readonly name: string;
  readonly request: PostmanRequest;
  readonly response: readonly PostmanResponse[];
};

export type PostmanFolder = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly item: readonly PostmanItem[];
};

export type PostmanCollection = {
  readonly info: {
    readonly _postman_id: string;
    readonly name: string;
    readonly description: string;
    readonly schema: string;
  };
  readonly auth: { readonly type: 'bearer'; readonly bearer: readonly PostmanVariable[] };
  readonly variable: readonly PostmanVariable[];
  readonly item: readonly PostmanFolder[];
};

export type PostmanVariable = { readonly key: string; readonly value: string; readonly type: 'string' };

/**
 * The operations a developer calls, as a Postman collection 2.1. Made from the document alone, and always the same for
 * the same document: ids follow from operation ids, so that importing a newer one replaces what is there.
 */
export function postmanCollection(document: OpenApiDocument): PostmanCollection {
  const placed = operationsOf(document).filter(isForDevelopers);
  const folders = document.tags.flatMap(({ name, description }): PostmanFolder[] => {
    const item = placed.filter(({ operation }) => operation.tags.includes(name)).map(itemOf);
    return item.length === 0 ? [] : [{ id: stableId(`tag ${name}`), name, description, item }];
  });
  return {
    info: {
      _postman_id: stableId('collection'),
      name: document.info.title,
      description: `${document.info.summary}\n\nSet the collection variable \`apiKey\` first.\n\n${document.info.description}`,
      schema: POSTMAN_SCHEMA,
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: document.servers[0]?.url ?? '', type: 'string' },
      { key: 'apiKey', value: '', type: 'string' },
    ],
    item: folders,
  };
}

/** The API and the two checks. What browsers, HubSpot and scrapers call is no business of a collection. */
export function isForDevelopers({ path }: Pick<PlacedOperation, 'path'>): boolean {
  return path.startsWith('/api/v1/') || path === '/health' || path === '/ready';
}

function itemOf(placed: PlacedOperation): PostmanItem {
  const { operationId, summary } = placed.operation;
  return {
    id: stableId(operationId),
    name: summary,
    request: postmanRequest(placed),
    response: savedResponses(placed, (name) => stableId(`${operationId} ${name}`)),
  };
}

/** The form of a UUID, from a name instead of chance. */
function stableId(name: string): string {
  const hex = createHash('sha256').update(`passalong postman ${name}`).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
