import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { WorkbenchUnreachable } from '../http-errors.ts';

/** Of one connection only (RFC 9110), never passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
]);

/** Sandbox mode only: `/` and `/workbench/*` are answered by the workbench, byte by byte, so that its live view streams. */
export function workbench(workbenchUrl: string): RequestHandler {
  const target = new URL(workbenchUrl);
  return (request, response, next) => {
    if (!isWorkbenchPath(request.path)) return next();
    const upstream = httpRequest(
      {
        hostname: target.hostname,
        port: target.port,
        method: request.method,
        path: request.originalUrl,
        headers: { ...passedOn(request.headers), host: target.host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
        // A stream of events has no end: each must leave when it comes.
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    upstream.on('error', (error) => giveUp(response, error, next));
    stopWithCaller(request, response, () => upstream.destroy());
    request.pipe(upstream);
  };
}

function isWorkbenchPath(path: string): boolean {
  return path === '/' || path === '/workbench' || path.startsWith('/workbench/');
}

function passedOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function giveUp(response: Response, error: Error, next: (error: unknown) => void): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else next(new WorkbenchUnreachable(error));
}

function stopWithCaller(request: Request, response: Response, stop: () => void): void {
  request.on('aborted', stop);
  response.on('close', stop);
}
