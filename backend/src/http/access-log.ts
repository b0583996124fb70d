import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import { callerOf } from './caller.ts';
import { requestIdOf } from './request-id.ts';

/** Asked every few seconds by machines; a line each would bury the rest. */
const QUIET = new Set(['/health', '/ready', '/metrics']);

/** One line and one observation per request, when the answer is out. Neither query nor headers are logged. */
export function accessLog(logger: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const ms = performance.now() - startedAt;
      const route = routeOf(request);
      const { method } = request;
      metrics.httpAnswered({ method, route, status: response.statusCode, seconds: ms / 1000 });
      const level = QUIET.has(route) ? 'debug' : 'info';
      logger[level](facts(response, { method, route, ms: Math.round(ms * 10) / 10 }), 'answered');
    });
    next();
  };
}

/** The pattern, never the path: ids and codes of people stay out of logs and labels. */
function routeOf(request: Request): string {
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'unmatched';
}

function facts(response: Response, request: Record<string, unknown>): Record<string, unknown> {
  return {
    requestId: requestIdOf(response),
    ...request,
    status: response.statusCode,
    ...(response.writableFinished ? {} : { cutShort: true }),
    workspaceId: callerOf(response)?.workspaceId,
  };
}
