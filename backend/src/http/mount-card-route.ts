import type { RequestHandler, Response } from 'express';
import type * as z from 'zod';
import type { Endpoint } from '../../../shared/contracts/endpoint.ts';
import type { CardCall } from '../cards/card-call.ts';
import type { ApiAnswer } from './api-route.ts';
import { requireCaller } from './caller.ts';
import { answerOnce } from './idempotency.ts';
import type { MountInput } from './mount-api-route.ts';
import { readRequest } from './read-request.ts';
import { requestIdOf } from './request-id.ts';

type OutputOf<E, K extends string> = E extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

/** A card's request that was authenticated and read by its contract. */
export type CardRequest<E> = {
  readonly call: CardCall;
  readonly params: OutputOf<E, 'params'>;
  readonly query: OutputOf<E, 'query'>;
  readonly body: OutputOf<E, 'body'>;
};

export type CardRoute = {
  readonly endpoint: Endpoint;
  readonly handle: (request: CardRequest<never>) => Promise<{ readonly status: number; readonly body: unknown }>;
};

/** Ties a handler to its contract, as `apiRoute` does. */
export function cardRoute<E extends Endpoint, S extends number, B>(
  endpoint: E,
  handle: (request: CardRequest<E>) => Promise<{ readonly status: S; readonly body: B } & ApiAnswer<E>>,
): CardRoute {
  return { endpoint, handle };
}

/**
 * Puts one endpoint of the cards into the app. HubSpot passes no header on, so what makes a repeated submission the same
 * one is the `requestKey` in its body. A form keeps its key until it went through, so only what went through is kept.
 */
export function mountCardRoute(input: Omit<MountInput, 'formKeys'>, route: CardRoute): void {
  const { endpoint } = route;
  const handler: RequestHandler = async (request, response) => {
    const call = callOf(response);
    const read = readRequest(endpoint, request);
    const work = async (): Promise<{ status: number; body: unknown }> => {
      const answer = await route.handle({ call, ...read } as CardRequest<never>);
      if (input.verifyAnswers) endpoint.answers[answer.status]?.schema?.parse(answer.body);
      return answer;
    };
    const { clock, database, metrics } = input;
    const once = {
      clock,
      database,
      metrics,
      request,
      caller: requireCaller(response),
      requestId: requestIdOf(response),
    };
    const answer =
      endpoint.method === 'get'
        ? await work()
        : await answerOnce({ ...once, requestKey: keyOf(read.body, call), keepRefusals: false, work });
    response.status(answer.status).json(answer.body);
  };
  input.app[endpoint.method](endpoint.path, input.authenticate, handler);
}

/** Of this user only: nobody reads or blocks the answer of somebody else. No key of a header holds a space. */
function keyOf(body: unknown, { actor }: CardCall): string {
  const { requestKey } = body as { requestKey: string };
  return `card ${actor} ${requestKey}`;
}

function callOf(response: Response): CardCall {
  const call = response.locals['card'] as CardCall | undefined;
  if (!call) throw new TypeError('This route was mounted without authentication.');
  return call;
}
