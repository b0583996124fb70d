import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { programId as programIdShape } from '../../../../shared/contracts/fields.ts';
import type { Database } from '../../db/database.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { findPublicProgram, type PublicProgram } from '../../referrals/link-store.ts';
import { ReferralCodeUnknown } from '../../referrals/referral-errors.ts';
import { callerOf, setCaller, type Caller } from '../caller.ts';
import { ApiKeyRefused } from '../http-errors.ts';
import type { Guards } from '../public/guards.ts';
import { OriginNotAllowed } from './form-key-errors.ts';

/** Who acts when a visitor of a page does: nobody we could name. */
const ACTOR = 'form_key';

const FORM_KEY = /^Bearer (pf_[0-9a-z]{20,64})$/i;

const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key',
  'Access-Control-Max-Age': '600',
} as const;
const EXPOSED = 'X-Request-Id, Retry-After, Idempotent-Replayed';

export type FormKeyGate = {
  /** Lets an API key through as ever, and a form key to its own program from its own pages. */
  readonly authenticate: RequestHandler;
  /** Answers a browser that asks beforehand; anything else goes on. */
  readonly preflight: RequestHandler;
  /** Behind the route: remembers who tries codes. */
  readonly noteFailure: ErrorRequestHandler;
};

/** Whether a visitor's form called, who is told nothing about people already known. */
export function isFormCall(caller: Pick<Caller, 'actor'>): boolean {
  return caller.actor === ACTOR;
}

/** `Authorization: Bearer pf_…`: public, so it may do one thing, for one program, from the origins that program names. */
export function createFormKeyGate(input: {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly authenticateApiKey: RequestHandler;
  /** The same that guard our own pages: a form counts once, wherever it stands. */
  readonly guards: Guards;
}): FormKeyGate {
  const { database, metrics, guards } = input;
  return {
    async authenticate(request, response, next) {
      const key = FORM_KEY.exec(request.headers.authorization ?? '')?.[1];
      if (key === undefined) {
        await input.authenticateApiKey(request, response, next);
        return;
      }
      const program = await findPublicProgram(database, key);
      if (!program) {
        metrics.apiKeyRefused('unknown');
        throw new ApiKeyRefused('unknown');
      }
      const programId = programIdOf(request);
      if (program.programId !== programId) throw programNotFound(programId);
      requireOrigin(request, response, program);
      guards.allowLookUp(request);
      guards.allowForm(request);
      setCaller(response, { workspaceId: program.workspaceId, actor: ACTOR });
      next();
    },
    async preflight(request, response, next) {
      const { origin, 'access-control-request-method': asked } = request.headers;
      if (origin === undefined || asked === undefined) {
        next();
        return;
      }
      // Unknown programs and origins are answered alike: which programs there are is nobody's business.
      const { data: id } = programIdShape.safeParse(programIdOf(request));
      requireOrigin(request, response, id === undefined ? null : await findPublicProgram(database, id));
      response.status(204).set(PREFLIGHT_HEADERS).end();
    },
    // eslint-disable-next-line max-params -- express knows an error handler by its four parameters
    noteFailure(error: unknown, request, response, next) {
      const caller = callerOf(response);
      if (error instanceof ReferralCodeUnknown && caller && isFormCall(caller)) guards.countMiss(request);
      next(error);
    },
  };
}

function programIdOf(request: Request): string {
  const programId = request.params['programId'];
  return typeof programId === 'string' ? programId : '';
}

/** From here on the page may read our answers, refusals too. */
function requireOrigin(request: Request, response: Response, program: PublicProgram | null): void {
  const { origin } = request.headers;
  response.vary('Origin');
  if (origin === undefined) throw new OriginNotAllowed('missing');
  if (!program?.definition.page.allowedOrigins.includes(origin)) throw new OriginNotAllowed('unknown');
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', EXPOSED);
}
