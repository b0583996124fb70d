import type * as z from 'zod';
import type { Endpoint } from '../../../shared/contracts/endpoint.ts';
import type { Caller } from './caller.ts';

type OutputOf<E, K extends string> = E extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

/** A request that was authenticated and read by its contract. */
export type ApiCall<E> = Caller & {
  readonly params: OutputOf<E, 'params'>;
  readonly query: OutputOf<E, 'query'>;
  readonly body: OutputOf<E, 'body'>;
  /** The same for every repetition of one request under one Idempotency-Key; null without a key. */
  readonly requestKey: string | null;
};

/** One of the answers the contract names, with its status. */
export type ApiAnswer<E extends Endpoint> = {
  [S in keyof E['answers'] & number]: E['answers'][S] extends { readonly schema: infer Z extends z.ZodType }
    ? { readonly status: S; readonly body: z.input<Z> }
    : never;
}[keyof E['answers'] & number];

export type ApiRoute = {
  readonly endpoint: Endpoint;
  readonly handle: (call: ApiCall<never>) => Promise<{ readonly status: number; readonly body: unknown }>;
};

/**
 * Ties a handler to its contract: what it is given and what it may answer follow from there. `S` and `B` only make the
 * compiler keep a literal status.
 */
export function apiRoute<E extends Endpoint, S extends number, B>(
  endpoint: E,
  handle: (call: ApiCall<E>) => Promise<{ readonly status: S; readonly body: B } & ApiAnswer<E>>,
): ApiRoute {
  return { endpoint, handle };
}
