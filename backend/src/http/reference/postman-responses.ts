import { STATUS_CODES } from 'node:http';
import type { PlacedOperation } from '../openapi/document.ts';
import { postmanRequest, type PostmanHeader, type PostmanRequest } from './postman-request.ts';

export type PostmanResponse = {
  readonly id: string;
  readonly name: string;
  readonly originalRequest: PostmanRequest;
  readonly status: string;
  readonly code: number;
  readonly _postman_previewlanguage: 'json' | 'text';
  readonly header: readonly PostmanHeader[];
  readonly cookie: readonly never[];
  readonly body: string;
};

/** Told once for all by the description of the collection; saved with every request they would bury the others. */
const EVERYWHERE: ReadonlySet<number> = new Set([400, 401, 413, 415, 500]);

/** The answers as saved examples: each the contract names, and of the refusals that are its own one for each status. */
export function savedResponses(placed: PlacedOperation, idOf: (name: string) => string): readonly PostmanResponse[] {
  const originalRequest = postmanRequest(placed);
  return Object.entries(placed.operation.responses).flatMap(([status, { description, content = {} }]) => {
    const [contentType = 'application/json', media] = Object.entries(content)[0] ?? [];
    const [refusal] = Object.entries(media?.examples ?? {});
    const code = Number(status);
    if (!media || (refusal && EVERYWHERE.has(code))) return [];
    const value = refusal ? refusal[1].value : media.example;
    const isJson = contentType === 'application/json';
    return [
      {
        id: idOf(status),
        name: `${status} ${refusal ? refusal[0] : description.replace(/\.$/, '')}`,
        originalRequest,
        status: STATUS_CODES[code] ?? '',
        code,
        _postman_previewlanguage: isJson ? ('json' as const) : ('text' as const),
        header: [{ key: 'Content-Type', value: isJson ? 'application/json; charset=utf-8' : contentType }],
        cookie: [],
        body: isJson ? JSON.stringify(value, null, 2) : String(value),
      },
    ];
  });
}
