import type { RequestHandler, Response } from 'express';
import { randomText } from '../ids.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

export function newRequestId(): string {
  return `req_${randomText(16, ALPHABET)}`;
}

/** Ours for every request: one that a caller sent could be forged to hide in the log. */
export const requestId: RequestHandler = (_request, response, next) => {
  const id = newRequestId();
  response.locals['requestId'] = id;
  response.setHeader('X-Request-Id', id);
  next();
};

export function requestIdOf(response: Response): string {
  const id: unknown = response.locals['requestId'];
  return typeof id === 'string' ? id : newRequestId();
}
