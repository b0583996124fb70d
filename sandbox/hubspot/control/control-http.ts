import { HubSpotError } from '../errors.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Control } from './control.ts';

type Callable = (...given: unknown[]) => unknown;

/**
 * The control object over HTTP: `POST /_sandbox/faults/add` with the arguments as a JSON array (or one object),
 * `POST /_sandbox/portal/<id>/<action>` for one account. Answers `{ result }` or `{ error }`.
 */
export async function answerControl(control: Control, exchange: Exchange): Promise<Reply> {
  try {
    const [head = '', ...rest] = exchange.path.slice('/_sandbox/'.length).split('/').map(decodeURIComponent);
    const start = head === 'portal' ? control.portal(Number(rest.shift()), actorOf(exchange)) : control;
    const action = reach(start, head === 'portal' ? rest : [head, ...rest]);
    if (!action) return { status: 404, body: { error: `No control at ${exchange.path}` } };
    const result = await action(...argumentsOf(exchange.rawBody));
    return { status: 200, body: { result: result ?? null } };
  } catch (error) {
    const status = error instanceof HubSpotError ? error.status : 400;
    return { status, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

/** Only the control's own members are reached, never what JavaScript objects inherit. */
function reach(start: object, path: string[]): Callable | null {
  let here: unknown = start;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return null;
    here = (here as Record<string, unknown>)[name];
  }
  return typeof here === 'function' ? (here as Callable) : null;
}

function actorOf(exchange: Exchange): { sourceType?: 'IMPORT'; userId?: number } {
  const userId = exchange.query.get('userId');
  return {
    ...(exchange.query.get('sourceType') === 'IMPORT' && { sourceType: 'IMPORT' as const }),
    ...(userId !== null && { userId: Number(userId) }),
  };
}

function argumentsOf(raw: Buffer): unknown[] {
  if (raw.length === 0) return [];
  const body = JSON.parse(raw.toString('utf8')) as unknown;
  return Array.isArray(body) ? body : [body];
}
