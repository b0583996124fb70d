import type { RequestHandler } from 'express';
import type { Database } from '../../db/database.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { findApiKey, isApiKeyShaped } from '../../workspaces/api-keys-store.ts';
import { setCaller } from '../caller.ts';
import { ApiKeyRefused } from '../http-errors.ts';

const BEARER = /^Bearer ([^\s]+)$/i;

/** `Authorization: Bearer pk_…` of a workspace. Everything after this middleware is bound to that workspace. */
export function authenticateApiKey(database: Database, metrics: Metrics): RequestHandler {
  const refuse = (reason: 'missing' | 'malformed' | 'unknown'): ApiKeyRefused => {
    metrics.apiKeyRefused(reason);
    return new ApiKeyRefused(reason);
  };
  return async (request, response, next) => {
    const header = request.headers.authorization;
    if (header === undefined) throw refuse('missing');
    const key = BEARER.exec(header)?.[1];
    // The shape is no secret; checking it first keeps junk away from the database.
    if (key === undefined || !isApiKeyShaped(key)) throw refuse('malformed');
    const found = await findApiKey(database, key);
    if (!found) throw refuse('unknown');
    setCaller(response, { workspaceId: found.workspaceId, actor: `api_key:${found.apiKeyId}` });
    next();
  };
}
