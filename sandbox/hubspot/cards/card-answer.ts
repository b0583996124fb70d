import { randomUUID } from 'node:crypto';

import type { Outcome, ServiceAnswer } from './call-service.ts';
import type { CardFetchInput } from './card-request.ts';

/** What the card's `Response` is made of. */
export interface CardAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Asked {
  input: CardFetchInput;
  portalId: number;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** A 2xx of the service as it came; everything else in the proxy's own words, with the service's answer inside. */
export function answerTo(asked: Asked, outcome: Outcome): CardAnswer {
  if (typeof outcome === 'object') return isGood(outcome) ? passedOn(outcome) : badGateway(asked, outcome);
  if (outcome === 'timeout')
    return said(asked, { status: 504, category: 'GATEWAY_TIMEOUT', message: 'The service took too long to answer' });
  const message = outcome === 'too large' ? 'The answer is over 1 MB' : 'The service could not be reached';
  return said(asked, { status: 502, category: 'BAD_GATEWAY', message });
}

export const refused = (asked: Asked, message: string): CardAnswer =>
  said(asked, { status: 400, category: 'VALIDATION_ERROR', message });

export const tooMany = (asked: Asked): CardAnswer =>
  said(asked, { status: 429, category: 'RATE_LIMITS', message: 'Too many requests of this app at the same time' });

export const isGood = ({ status }: ServiceAnswer): boolean => status >= 200 && status < 300;

const passedOn = ({ status, contentType, text }: ServiceAnswer): CardAnswer => ({
  status,
  headers: contentType === '' ? {} : { 'content-type': contentType },
  body: text,
});

/** The service's status stays visible, and its body lies under `responseBody`. */
function badGateway(asked: Asked, { status, text }: ServiceAnswer): CardAnswer {
  return said(asked, {
    status,
    category: 'BAD_GATEWAY',
    message: 'The service answered with an error',
    responseBody: parsed(text),
    errors: [{ message: `Unacceptable HTTP status ${status}` }],
    context: { appServerStatusCode: [String(status)] },
  });
}

interface Said {
  status: number;
  category: string;
  message: string;
  responseBody?: unknown;
  errors?: object[];
  context?: Record<string, string[]>;
}

function said({ input, portalId }: Asked, { status, context, ...more }: Said): CardAnswer {
  const body = {
    status: 'error',
    ...more,
    context: {
      correlationId: [randomUUID()],
      httpMethod: [(input.method ?? 'GET').toUpperCase()],
      portalId: [String(portalId)],
      requestUri: [input.url],
      ...context,
    },
  };
  return { status, headers: { ...JSON_TYPE }, body: JSON.stringify(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
