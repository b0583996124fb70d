import type { Request } from 'express';
import type * as z from 'zod';
import type { Endpoint } from '../../../shared/contracts/endpoint.ts';
import { MediaTypeUnsupported, RequestInvalid, type RefusedField } from './http-errors.ts';

export type ReadRequest = { readonly params: unknown; readonly query: unknown; readonly body: unknown };

/** Reads a request by its contract; all refused fields are told at once. */
export function readRequest(endpoint: Endpoint, request: Request): ReadRequest {
  const fields: RefusedField[] = [];
  const read = (schema: z.ZodType | undefined, value: unknown, prefix: string): unknown => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    fields.push(...refusedFields(result.error, prefix));
    return undefined;
  };
  if (request.body === undefined && hasBody(request)) throw new MediaTypeUnsupported();
  fields.push(...unstorable(request.body));
  const params = read(endpoint.params, request.params, 'params.');
  const query = read(endpoint.query, request.query, 'query.');
  const body = read(endpoint.body, request.body, '');
  if (fields.length > 0) throw new RequestInvalid(fields);
  return { params, query, body };
}

/** A body that nothing parsed: sent as something other than JSON. */
function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function refusedFields(error: z.ZodError, prefix: string): RefusedField[] {
  return error.issues.flatMap((issue) => {
    const path = prefix + issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path: path || 'body', message: issue.message }];
    const base = path === '' || path.endsWith('.') ? path : `${path}.`;
    return issue.keys.map((key) => ({ path: base + key, message: 'There is no such field.' }));
  });
}

/** No contract goes this deep, and nothing that walks a value by calling itself is to run out of stack. */
const MOST_DEPTH = 32;

/** PostgreSQL stores no NUL and no half of a surrogate pair: told as a field error here, not as a fault later. */
function unstorable(value: unknown, path: readonly string[] = []): RefusedField[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [badCharacter(path)];
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= MOST_DEPTH) return [{ path: path[0] ?? 'body', message: 'Is nested too deeply.' }];
  return Object.entries(value).flatMap(([key, inner]) =>
    isStorable(key) ? unstorable(inner, [...path, key]) : [badCharacter(path)],
  );
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

function badCharacter(path: readonly string[]): RefusedField {
  return { path: path.join('.') || 'body', message: 'Holds a character that cannot be stored.' };
}
