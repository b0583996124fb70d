import type { RequestHandler } from 'express';
import type { CardCall } from '../../cards/card-call.ts';
import type { Database } from '../../db/database.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { findConnection } from '../../workspaces/connections-store.ts';
import { setCaller } from '../caller.ts';
import {
  BodyNotJson,
  BodyTooLarge,
  CardAccountRefused,
  HubSpotNotConfigured,
  MediaTypeUnsupported,
  SignatureRefused,
} from '../http-errors.ts';
import { readRawBody, TOO_LARGE } from '../raw-body.ts';
import type { VerifyHubSpotRequest } from './hubspot-signature.ts';

export type HubSpotCardInput = {
  /** Null: the service runs without HubSpot. */
  readonly verify: VerifyHubSpotRequest | null;
  /** HUBSPOT_APP_ID; null: not known, and then the signature alone says that it is our app. */
  readonly appId: string | null;
  readonly database: Database;
  readonly metrics: Metrics;
};

const LIMIT_BYTES = 65_536;
const ID = /^\d{1,20}$/;
const EMAIL = /^\P{Cc}{0,320}$/u;

/**
 * A card's request through HubSpot's proxy. HubSpot signs whatever address a user makes it call, so only what it appends
 * itself says who calls: each of the four names must be there exactly once, or it may be the user's own (E33). The card
 * is told nothing about the account then.
 */
export function authenticateCard(input: HubSpotCardInput): RequestHandler {
  return async (request, response, next) => {
    const body = await readRawBody(request, LIMIT_BYTES);
    if (body === TOO_LARGE) throw new BodyTooLarge(LIMIT_BYTES);
    if (input.verify === null) throw new HubSpotNotConfigured();
    const verdict = input.verify(request, body);
    if (!verdict.ok) throw refuse(input, verdict.reason, new SignatureRefused());
    const appended = readAppended(request.originalUrl);
    if (appended === null) throw refuse(input, 'ambiguous_account', new CardAccountRefused());
    const { portalId, userId, userEmail, appId } = appended;
    if (input.appId !== null && appId !== input.appId) throw refuse(input, 'other_app', new CardAccountRefused());
    const found = await findConnection(input.database, { crm: 'hubspot', externalAccountId: portalId });
    if (!found || found.status === 'disconnected') throw refuse(input, 'unknown_account', new CardAccountRefused());
    request.body = parse(body, request.headers['content-type']);
    const { workspaceId, connectionId } = found;
    const actor = `hubspot_user:${userId}`;
    setCaller(response, { workspaceId, actor });
    const call: CardCall = {
      account: { workspaceId, connectionId, crm: 'hubspot', externalAccountId: portalId },
      actor,
      userEmail,
    };
    response.locals['card'] = call;
    next();
  };
}

type Appended = {
  readonly userId: string;
  readonly portalId: string;
  readonly userEmail: string;
  readonly appId: string;
};

/** The four names as HubSpot appended them; null when one is missing, stands twice or is not what HubSpot writes. */
function readAppended(originalUrl: string): Appended | null {
  const start = originalUrl.indexOf('?');
  const query = new URLSearchParams(start < 0 ? '' : originalUrl.slice(start + 1));
  const only = (name: string): string | null => {
    const values = query.getAll(name);
    return values.length === 1 ? (values[0] ?? null) : null;
  };
  const [userId, portalId, userEmail, appId] = [only('userId'), only('portalId'), only('userEmail'), only('appId')];
  if (userId === null || portalId === null || userEmail === null || appId === null) return null;
  if (![userId, portalId, appId].every((id) => ID.test(id)) || !EMAIL.test(userEmail)) return null;
  return { userId, portalId, userEmail, appId };
}

function refuse(input: HubSpotCardInput, reason: string, error: Error): Error {
  input.metrics.cardRefused(reason);
  return error;
}

/** After the signature, so that nobody else makes us parse anything. */
function parse(body: Buffer, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined;
  if (!/^application\/json\b/i.test(contentType ?? '')) throw new MediaTypeUnsupported();
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw new BodyNotJson(error);
  }
}
