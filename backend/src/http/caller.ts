import type { Response } from 'express';
import type { Actor } from './api.ts';

/** Who calls, once authenticated: the workspace everything of this request is bound to. */
export type Caller = { readonly workspaceId: string; readonly actor: Actor };

export function setCaller(response: Response, caller: Caller): void {
  response.locals['caller'] = caller;
}

/** Null before authentication and on public routes. */
export function callerOf(response: Response): Caller | null {
  return (response.locals['caller'] as Caller | undefined) ?? null;
}

/** Throws when a route forgot to authenticate: a programming fault, never a caller's. */
export function requireCaller(response: Response): Caller {
  const caller = callerOf(response);
  if (!caller) throw new TypeError('This route was mounted without authentication.');
  return caller;
}
