import type { Clock } from '../../clock.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import { CrmMisconfigured, CrmRateLimited, CrmUnavailable } from '../errors.ts';
import { objectOrEmpty, requireObject, textOrNull, type JsonObject } from './answer-shape.ts';
import { HubSpotCodeRefused, HubSpotGrantRefused } from './oauth-errors.ts';
import { retryAfterMs } from '../retry-after.ts';

export type OAuthRequestInput = {
  readonly apiUrl: string;
  readonly path: string;
  /** Sent form-encoded; holds secrets, so nothing of it may reach a message. */
  readonly form: Readonly<Record<string, string>>;
  /** Whose fault an `invalid_grant` is: the callback's code, or the refresh token. */
  readonly grant: 'code' | 'refresh' | 'none';
  readonly clock: Clock;
  readonly timeoutMs: number;
};

const DEFAULT_WAIT_MS = 10_000;
const MISCONFIGURED =
  /^(BAD_CLIENT_ID|BAD_CLIENT_SECRET|INVALID_CLIENT|UNAUTHORIZED_CLIENT|BAD_SCOPES|INVALID_SCOPE|UNSUPPORTED_GRANT_TYPE)$|REDIRECT/;
const REFUSED_CODE = /^(BAD_AUTH_CODE|INVALID_GRANT|EXPIRED_AUTH|BAD_HUB|ACCESS_DENIED)|AUTH_?CODE|CODE_VERIFIER/;
const REFUSED_GRANT = /^(BAD_REFRESH_TOKEN|INVALID_GRANT|BAD_HUB|ACCESS_DENIED)$/;

/**
 * Posts to one of HubSpot's OAuth endpoints and returns the parsed answer, null when the body is empty. Raises
 * `CrmRateLimited` or `CrmUnavailable` (transient), `CrmMisconfigured`, `HubSpotCodeRefused` or `HubSpotGrantRefused`.
 */
export async function postOAuth(input: OAuthRequestInput): Promise<JsonObject | null> {
  const { status, retryAfter, text } = await send(input);
  const body = parseOrNull(text);
  if (status >= 200 && status < 300) return text === '' ? null : requireObject(body, 'the OAuth answer');
  throw refusal(input, { status, retryAfter, body: objectOrEmpty(body) });
}

async function send(input: OAuthRequestInput) {
  try {
    const response = await fetch(`${input.apiUrl.replace(/\/+$/, '')}${input.path}`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(input.form),
      signal: AbortSignal.timeout(input.timeoutMs),
      redirect: 'error',
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
  } catch (cause) {
    throw new CrmUnavailable('HubSpot’s OAuth service did not answer.', null, cause);
  }
}

type Refused = { readonly status: number; readonly retryAfter: string | null; readonly body: JsonObject };

function refusal(input: OAuthRequestInput, refused: Refused): PassalongError {
  const nowMs = input.clock.now();
  const waitMs = retryAfterMs(refused.retryAfter, nowMs);
  if (refused.status === 429) return new CrmRateLimited(nowMs + (waitMs ?? DEFAULT_WAIT_MS));
  if (refused.status === 408 || refused.status === 477 || refused.status >= 500) {
    const retryAtMs = waitMs === null ? null : nowMs + waitMs;
    return new CrmUnavailable(`HubSpot’s OAuth service answered with status ${String(refused.status)}.`, retryAtMs);
  }
  return sortedRefusal(input.grant, refused);
}

/** HubSpot names its reason in `status`, RFC 6749 in `error`; a fault of ours in either outweighs `invalid_grant`. */
function sortedRefusal(grant: OAuthRequestInput['grant'], refused: Refused): PassalongError {
  const reasons = ['status', 'error', 'category']
    .map((name) => codeName(refused.body[name]))
    .filter((code): code is string => code !== null);
  const facts = { status: refused.status, reasons, correlationId: textOrNull(refused.body['correlationId']) };
  const names = (pattern: RegExp) => reasons.some((reason) => pattern.test(reason.toUpperCase()));
  if (names(MISCONFIGURED)) return misconfigured(facts);
  if (grant === 'code' && names(REFUSED_CODE))
    return new HubSpotCodeRefused('HubSpot refused the authorization code.', facts);
  if (grant === 'refresh' && names(REFUSED_GRANT))
    return new HubSpotGrantRefused('HubSpot refused the refresh token.', facts);
  return misconfigured(facts);
}

function misconfigured(facts: Readonly<Record<string, unknown>>): CrmMisconfigured {
  return new CrmMisconfigured('HubSpot refused our app’s own id, secret, redirect URL or scopes.', facts);
}

/** Only something that looks like a code is kept: a message could repeat what we sent. */
function codeName(value: unknown): string | null {
  const text = textOrNull(value);
  return text !== null && text !== 'error' && /^[A-Za-z0-9_]{1,60}$/.test(text) ? text : null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
