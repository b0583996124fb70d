import express, { type Express, type RequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ApiCall, ApiRoute } from './api-route.ts';
import { requireCaller } from './caller.ts';
import { answerOnce } from './idempotency.ts';
import { readRequest } from './read-request.ts';
import { requestIdOf } from './request-id.ts';

export type MountInput = {
  readonly app: Express;
  readonly authenticate: RequestHandler;
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Checks every answer against its contract; tests switch it on. */
  readonly verifyAnswers: boolean;
};

const BODY_LIMIT_BYTES = 262_144;
/** After authentication, so that nobody without a key makes us parse anything. */
const parseJson = express.json({ limit: BODY_LIMIT_BYTES, type: ['application/json', 'application/*+json'] });

/** Puts one `/api/v1` endpoint into the app: key, body, contract, idempotency, handler, answer. */
export function mountApiRoute(input: MountInput, route: ApiRoute): void {
  const { endpoint } = route;
  const writes = endpoint.method !== 'get';
  const handler: RequestHandler = async (request, response) => {
    const caller = requireCaller(response);
    const read = readRequest(endpoint, request);
    const work = async (): Promise<{ status: number; body: unknown }> => {
      const answer = await route.handle({ ...caller, ...read } as ApiCall<never>);
      if (input.verifyAnswers) endpoint.answers[answer.status]?.schema?.parse(answer.body);
      return answer;
    };
    const { clock, database, metrics } = input;
    const answer = writes
      ? await answerOnce({ clock, database, metrics, caller, request, requestId: requestIdOf(response), work })
      : { ...(await work()), replayed: false };
    if (answer.replayed) response.setHeader('Idempotent-Replayed', 'true');
    response.status(answer.status).json(answer.body);
  };
  input.app[endpoint.method](endpoint.path, input.authenticate, ...(writes ? [parseJson] : []), handler);
}
