import { RecordRefusal, SalesforceError } from '../errors.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Control } from './control.ts';

type Callable = (...given: unknown[]) => unknown;

/**
 * The control object over HTTP, on every host: `POST /_sandbox/faults/add` with the arguments as a JSON array (or one
 * object), `POST /_sandbox/org/<id>/<action>?userId=` for one org. Answers `{ result }` or `{ error, code? }`.
 */
export async function answerControl(control: Control, exchange: Exchange): Promise<Reply> {
  try {
    const [head = '', ...rest] = exchange.path.slice('/_sandbox/'.length).split('/').map(decodeURIComponent);
    const userId = exchange.query.get('userId');
    const start = head === 'org' ? control.org(rest.shift() ?? '', userId === null ? {} : { userId }) : control;
    const action = reach(start, head === 'org' ? rest : [head, ...rest]);
    if (!action) return { status: 404, body: { error: `No control at ${exchange.path}` } };
    const result = await action(...argumentsOf(exchange.rawBody));
    return { status: 200, body: { result: result ?? null } };
  } catch (error) {
    const code =
      error instanceof RecordRefusal
        ? error.statusCode
        : error instanceof SalesforceError
          ? error.input.errorCode
          : null;
    return {
      status: 400,
      body: { error: error instanceof Error ? error.message : String(error), ...(code !== null && { code }) },
    };
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

function argumentsOf(raw: Buffer): unknown[] {
  if (raw.length === 0) return [];
  const body = JSON.parse(raw.toString('utf8')) as unknown;
  return Array.isArray(body) ? body : [body];
}
