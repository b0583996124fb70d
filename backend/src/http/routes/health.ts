import type { RequestHandler } from 'express';

/** The process answers. Says nothing of what it depends on: a restart would not mend that. */
export const health: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' });
};
