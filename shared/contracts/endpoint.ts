import type * as z from 'zod';

/**
 * Who may call an endpoint. `apiKey` = a workspace's API key; `apiKeyOrFormKey` = that, or the program's public form key
 * from one of its pages; `hubspotSignature` = HubSpot, v3 signature;
 * `hubspotCard` = a card on a HubSpot record, v3 signature and the account HubSpot appended;
 * `oauthState` = a browser on its way back from the CRM's consent page.
 */
export type EndpointAuth = 'none' | 'apiKey' | 'apiKeyOrFormKey' | 'hubspotSignature' | 'hubspotCard' | 'oauthState';

export type EndpointAnswer = {
  readonly description: string;
  /** (Default: application/json) */
  readonly contentType?: string;
  /** Absent for answers without a JSON body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
};

/** One operation of the service: the route validates with it, the OpenAPI document is made from it, tests walk it. */
export type Endpoint = {
  readonly operationId: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With `:name` placeholders. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: EndpointAuth;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyExample?: unknown;
  /** By HTTP status; refusals are described once for all endpoints, in the OpenAPI generator. */
  readonly answers: Readonly<Record<number, EndpointAnswer>>;
  /** The answer opens something to whoever reads it: it is not kept, and the endpoint takes no idempotency key. */
  readonly answerIsSecret?: true;
  /** Statuses of refusals beyond those every endpoint of its kind has. */
  readonly refusals?: readonly number[];
};

/** Keeps the literal types, so that a route's handler is checked against its own contract. */
export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  return endpoint;
}

/** Whether an API key opens the endpoint, alone or beside something else. */
export function takesApiKey({ auth }: Pick<Endpoint, 'auth'>): boolean {
  return auth === 'apiKey' || auth === 'apiKeyOrFormKey';
}
