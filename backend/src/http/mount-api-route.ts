import express, { type Express, type RequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ApiCall, ApiRoute } from './api-route.ts';
import type { FormKeyGate } from './authenticate/form-key.ts';
import { requireCaller } from './caller.ts';
import { answerOnce, type OnceWork } from './idempotency.ts';
import { readRequest } from './read-request.ts';
import { requestIdOf } from './request-id.ts';

export type MountInput = {
  readonly app: Express;
  readonly authenticate: RequestHandler;
  /** For the endpoints that forms on customers' own pages call. */
  readonly formKeys: FormKeyGate;
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
  const once = writes && endpoint.answerIsSecret !== true;
  const handler: RequestHandler = async (request, response) => {
    const caller = requireCaller(response);
    const read = readRequest(endpoint, request);
    const work: OnceWork = async (requestKey) => {
      const answer = await route.handle({ ...caller, ...read, requestKey } as ApiCall<never>);
      if (input.verifyAnswers) endpoint.answers[answer.status]?.schema?.parse(answer.body);
      return answer;
    };
    const { clock, database, metrics } = input;
    const answer = once
      ? await answerOnce({ clock, database, metrics, caller, request, requestId: requestIdOf(response), work })
      : { ...(await work(null)), replayed: false };
    if (answer.replayed) response.setHeader('Idempotent-Replayed', 'true');
    response.status(answer.status).json(answer.body);
  };
  const parse = writes ? [parseJson] : [];
  if (endpoint.auth !== 'apiKeyOrFormKey') {
    input.app[endpoint.method](endpoint.path, input.authenticate, ...parse, handler);
    return;
  }
  const { authenticate, preflight, noteFailure } = input.formKeys;
  input.app.options(endpoint.path, preflight);
  input.app[endpoint.method](endpoint.path, authenticate, ...parse, handler, noteFailure);
}
