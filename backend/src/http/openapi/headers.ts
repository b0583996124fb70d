import type { Endpoint } from '../../../../shared/contracts/endpoint.ts';
import type { OpenApiHeader, OpenApiResponse, Referred } from './document.ts';
import { takesIdempotencyKey } from './parameters.ts';

export const HEADERS: Readonly<Record<string, OpenApiHeader>> = {
  XRequestId: {
    description: 'Our id of this request; the same as `error.requestId`.',
    schema: { type: 'string' },
    example: 'req_5d0f1c9a7b3e2k4m',
  },
  IdempotentReplayed: {
    description: 'Present when this is the kept answer of an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
  RetryAfter: {
    description: 'Seconds to wait before trying again, where that can help.',
    schema: { type: 'integer', minimum: 1 },
    example: 10,
  },
  WwwAuthenticate: {
    description: 'How to authenticate.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
};

function header(name: keyof typeof HEADERS): Referred {
  return { $ref: `#/components/headers/${name}` };
}

/** The headers of one answer that mean something to a caller. */
export function headersOf(endpoint: Endpoint, status: number): Pick<OpenApiResponse, 'headers'> {
  // The webhook stands before the middleware that numbers requests; only its refusals are numbered.
  const numbered = endpoint.auth !== 'hubspotSignature' || status >= 400;
  const headers = {
    ...(numbered ? { 'X-Request-Id': header('XRequestId') } : {}),
    ...(takesIdempotencyKey(endpoint) && status < 400 ? { 'Idempotent-Replayed': header('IdempotentReplayed') } : {}),
    ...(status === 401 ? { 'WWW-Authenticate': header('WwwAuthenticate') } : {}),
    ...(status === 429 || status === 503 || status === 429 || (status === 409 && takesIdempotencyKey(endpoint))
      ? { 'Retry-After': header('RetryAfter') }
      : {}),
    ...(status >= 300 && status < 400 ? { Location: locationOf(endpoint, status) } : {}),
  };
  return Object.keys(headers).length === 0 ? {} : { headers };
}

/** To HubSpot, to the page after a form, or to where a link leads. */
function locationOf({ tag }: Endpoint, status: number): OpenApiHeader {
  const afterForm = '/p/prg_4k7w0q9zt1m3x8c2v5b6/sign-up/thanks';
  const landing = 'https://example.com/welcome?ref=k7m2x9qdwtz';
  const consent = 'https://app.hubspot.com/oauth/authorize?client_id=…&scope=…&state=…';
  return {
    description: 'Where the browser goes next.',
    schema: { type: 'string', format: 'uri-reference' },
    example: tag === 'HubSpot' ? consent : status === 303 ? afterForm : landing,
  };
}
