import type { ErrorRequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import type { Logger } from '../observability/logger.ts';
import {
  BodyNotJson,
  BodyTooLarge,
  DatabaseUnavailable,
  InternalError,
  MediaTypeUnsupported,
  RequestInvalid,
} from './http-errors.ts';
import { requestIdOf } from './request-id.ts';

export type ErrorAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
};

/** The only place where an error becomes a status. Unknown errors say nothing of their inside. */
export function describeError(error: unknown, requestId: string, nowMs?: number): ErrorAnswer {
  const known = asPassalongError(error);
  const { code, status, remedy } = known.details;
  return {
    status,
    headers: headersFor(known, nowMs),
    body: { error: { ...known.facts, code, message: known.message, remedy, requestId } },
  };
}

/** Faults of ours and of what we depend on, with their cause; refusals are the access log's business. */
export function logError(logger: Logger, error: unknown, requestId: string): void {
  const known = asPassalongError(error);
  if (known.details.status < 500) return;
  const facts = { requestId, code: known.code, err: known.cause instanceof Error ? known.cause : known };
  if (known.details.retry === 'later' && known.details.status !== 500) logger.warn(facts, known.message);
  else logger.error(facts, known.message);
}

/** Last middleware: turns whatever was thrown into the one error shape. */
export function errorResponse(logger: Logger, clock: Clock): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- express knows an error handler by its four parameters
  return (error: unknown, _request, response, next) => {
    logError(logger, error, requestIdOf(response));
    // Half an answer is out: only breaking the connection tells the caller that it is not whole.
    if (response.headersSent) return next(error);
    const answer = describeError(error, requestIdOf(response), clock.now());
    response.status(answer.status).set(answer.headers).json(answer.body);
  };
}

/** An error of ours as it is; anything else by what it looks like. */
export function asPassalongError(error: unknown): PassalongError {
  if (error instanceof PassalongError) return error;
  if (isBodyParserError(error)) return fromBodyParser(error);
  if (error instanceof URIError)
    return new RequestInvalid([{ path: 'params', message: 'The address is not well encoded.' }]);
  return isDatabaseDown(error) ? new DatabaseUnavailable(error) : new InternalError(error);
}

type BodyParserError = Error & { type: string; limit?: number };

function isBodyParserError(error: unknown): error is BodyParserError {
  return error instanceof Error && typeof (error as { type?: unknown }).type === 'string' && 'status' in error;
}

function fromBodyParser(error: BodyParserError): PassalongError {
  if (error.type === 'entity.too.large') return new BodyTooLarge(error.limit ?? 0);
  if (error.type === 'encoding.unsupported' || error.type === 'charset.unsupported') return new MediaTypeUnsupported();
  return new BodyNotJson(error);
}

/** Connection exceptions, shutdown and too many connections, by SQLSTATE; and what the socket says. */
const DOWN = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/;

function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && DOWN.test(code)) return true;
  return error.name === 'KnexTimeoutError' || /^Connection (terminated|ended)/.test(error.message);
}

function headersFor(error: PassalongError, nowMs: number | undefined): Record<string, string> {
  const { status, retry } = error.details;
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  const allowed = error.facts['allowed'];
  if (status === 405 && Array.isArray(allowed)) return { Allow: allowed.join(', ') };
  return retry === 'later' && status !== 500 ? { 'Retry-After': String(retryAfterS(error, nowMs)) } : {};
}

/** When the error knows the time, that time; else a guess that keeps impatient clients from hammering. */
function retryAfterS(error: PassalongError, nowMs: number | undefined): number {
  const retryAtMs = error.facts['retryAtMs'];
  if (typeof retryAtMs === 'number' && nowMs !== undefined) return Math.max(1, Math.ceil((retryAtMs - nowMs) / 1000));
  return error.details.status === 409 ? 2 : 10;
}
