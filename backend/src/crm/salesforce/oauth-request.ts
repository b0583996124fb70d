import { Agent, fetch } from 'undici';
import type { Clock } from '../../clock.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import { objectOrEmpty, textOrNull } from '../answer-shape.ts';
import { readAnswerText } from '../answer-text.ts';
import { CrmMisconfigured, CrmRateLimited, CrmUnavailable } from '../errors.ts';
import { retryAfterMs } from '../retry-after.ts';
import { SalesforceAddressRefused, SalesforceCodeRefused, SalesforceGrantRefused } from './oauth-errors.ts';

export type OAuthRequest = {
  /** A host that `SalesforceHosts` let through, with the path. */
  readonly url: string;
  /** Sent form-encoded; holds secrets, so nothing of it may reach a message. Absent: the call is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  readonly accessToken?: string;
  /** Whose fault a refusal is: the callback's code, the stored grant, or our certificate's. */
  readonly grant: 'code' | 'refresh' | 'assertion' | 'none';
};

type Refused = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly error: string;
  readonly words: string;
};

/** Waits as long as a call's own time-out says: that of the process is shorter. */
const dispatcher = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });
const DEFAULT_WAIT_MS = 60_000;
const BUSY = /^(rate_limit_exceeded|login_rate_exceeded|too_many_requests)$/;
const PASSING = /^(server_error|temporarily_unavailable|unknown_error)$/;
const ADDRESS = /ip restricted|restricted ip|ip address|ip range|allow ?list/;

/**
 * Sends one call of OAuth and returns the parsed answer, null when there is no body. Raises `CrmRateLimited` or
 * `CrmUnavailable` (transient), `CrmMisconfigured`, `SalesforceCodeRefused` or `SalesforceGrantRefused`.
 */
export async function sendOAuth(
  input: { readonly clock: Clock; readonly timeoutMs: number },
  request: OAuthRequest,
): Promise<unknown> {
  const { status, retryAfter, text } = await send(request, input.timeoutMs);
  const body = parseOrNull(text);
  if (status >= 200 && status < 300) return body;
  const answer = objectOrEmpty(body);
  const error = codeName(answer['error']);
  const words = (textOrNull(answer['error_description']) ?? '').toLowerCase();
  throw refusal(request.grant, { status, retryAfter, error, words }, input.clock.now());
}

async function send({ url, form, accessToken }: OAuthRequest, timeoutMs: number) {
  try {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
      dispatcher,
    });
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, text: await readAnswerText(response) };
  } catch (cause) {
    throw new CrmUnavailable('Salesforce’s login service did not answer.', null, cause);
  }
}

function refusal(grant: OAuthRequest['grant'], refused: Refused, nowMs: number): PassalongError {
  const waitMs = retryAfterMs(refused.retryAfter, nowMs);
  if (refused.status === 429 || BUSY.test(refused.error))
    return new CrmRateLimited(nowMs + (waitMs ?? DEFAULT_WAIT_MS));
  if (refused.status === 408 || refused.status >= 500 || PASSING.test(refused.error)) {
    const retryAtMs = waitMs === null ? null : nowMs + waitMs;
    return new CrmUnavailable(`Salesforce’s login service answered with status ${String(refused.status)}.`, retryAtMs);
  }
  if (ADDRESS.test(refused.words))
    return new SalesforceAddressRefused('Salesforce takes tokens of our app from other addresses only.');
  return sortedRefusal(grant, refused);
}

/** What ended a grant, in words a person can act on; the first that fits. The org stands first: its words name locks too. */
const ENDED: readonly (readonly [RegExp, string, 'org' | 'user' | 'approval' | 'grant'])[] = [
  [
    /inactive_org|org_locked|org(ani[sz]ation)? (is )?(locked|inactive|suspended|closed)|inactive org/,
    'Salesforce says that this org is locked, suspended or closed: have it opened again there, then connect it again.',
    'org',
  ],
  [
    /inactive_user|inactive user|user is inactive|user_locked|locked/,
    'Salesforce says that the user who connected this org is inactive or locked: activate them and connect again, or connect as another user.',
    'user',
  ],
  [
    /invalid_app_access|app_access_denied|app_blocked|not admin approved|hasn.t approved|not approved/,
    'Salesforce says that the user may not use the Passalong app: an administrator of the org has to allow it for them, then connect again.',
    'approval',
  ],
  [
    /^(invalid_grant|expired_token|authentication_failure)$/,
    'Salesforce has ended the authorisation of this org (revoked, expired, or used twice): connect it again.',
    'grant',
  ],
];

function sortedRefusal(grant: OAuthRequest['grant'], { status, error, words }: Refused): PassalongError {
  const facts = { status, error };
  if (/^invalid_client(_id|_credentials)?$/.test(error))
    return new CrmMisconfigured('Salesforce does not know our app’s consumer key and secret.', facts);
  // Their words mean a grant only where a grant was refused: other refusals speak of locks and approvals too.
  const ended = ENDED.find(([pattern]) => pattern.test(error) || (error === 'invalid_grant' && pattern.test(words)));
  if (grant === 'none' || ended === undefined)
    return new CrmMisconfigured('Salesforce refused our app’s own request.', facts);
  if (ended === ENDED.at(-1) && grant === 'code')
    return new SalesforceCodeRefused('Salesforce refused the authorisation code.', facts);
  // Where nothing is stored nothing can end: our certificate, our clock or the user's name is wrong.
  if (ended === ENDED.at(-1) && grant === 'assertion') return new CrmMisconfigured(whyNoAssertion(words), facts);
  return new SalesforceGrantRefused(ended[1], { ...facts, ended: ended[2] });
}

/** As far as Salesforce tells them apart. */
function whyNoAssertion(words: string): string {
  if (/audience/.test(words))
    return 'Salesforce says that the assertion is for another sign-in host: a sandbox has its own, test.salesforce.com.';
  if (/expired/.test(words))
    return 'Salesforce says that the assertion is too old: the clock of this service is wrong.';
  if (/assertion|signature|certificate/.test(words))
    return 'Salesforce does not accept the signature: the app holds no certificate, or not the one of SALESFORCE_JWT_PRIVATE_KEY.';
  return 'Salesforce refused our certificate, our clock or the user name.';
}

/** Only something that looks like a code is kept: a message could repeat what we sent. */
function codeName(value: unknown): string {
  const text = textOrNull(value) ?? '';
  return /^[A-Za-z0-9_]{1,60}$/.test(text) ? text.toLowerCase() : '';
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
