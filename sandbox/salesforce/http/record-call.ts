import { readId } from '../ids.ts';
import type { Call } from './call-log.ts';
import type { Exchange, Reply } from './exchange.ts';

const SECRET = ['authorization', 'cookie'];

/** Into the log, without tokens and bodies. */
export function recordCall(exchange: Exchange, reply: Reply): void {
  const soql = exchange.query.get('q');
  const form = exchange.body as Record<string, unknown> | undefined;
  const grantType = exchange.path.endsWith('/oauth2/token') ? form?.['grant_type'] : undefined;
  exchange.world.log.call({
    at: exchange.now,
    orgId: exchange.org?.orgId ?? exchange.session?.orgId ?? null,
    host: hostOf(exchange),
    method: exchange.method,
    path: exchange.path,
    status: reply.status,
    ...(soql !== null && { soql }),
    counted: exchange.counted,
    inputs: inputsOf(exchange),
    results: resultsOf(reply.body),
    headers: kept(exchange),
    ...(typeof grantType === 'string' && { grantType }),
    tookMs: performance.now() - exchange.beganAtMs,
  });
}

function hostOf({ site }: Exchange): Call['host'] {
  if (site.kind === 'instance') return 'instance';
  return site.sandbox ? 'sandbox login' : 'login';
}

function kept({ headers }: Exchange): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => !SECRET.includes(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function inputsOf({ body, query, path }: Exchange): number | null {
  const { records } = (body ?? {}) as { records?: unknown };
  if (Array.isArray(records)) return records.length;
  const ids = path.endsWith('/composite/sobjects') ? query.get('ids') : null;
  return ids === null ? null : ids.split(',').filter((id) => readId(id) !== null).length;
}

function resultsOf(body: unknown): number | null {
  if (Array.isArray(body)) return body.length;
  const { records } = (typeof body === 'object' ? (body ?? {}) : {}) as { records?: unknown };
  return Array.isArray(records) ? records.length : null;
}
