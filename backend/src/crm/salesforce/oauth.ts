import type { Clock } from '../../clock.ts';
import { objectOrEmpty, requireObject, requireText, textOrNull } from '../answer-shape.ts';
import { CrmMisconfigured } from '../errors.ts';
import { signAssertion } from './jwt-assertion.ts';
import { CertificateMissing } from './oauth-errors.ts';
import type { SalesforceHosts } from './oauth-hosts.ts';
import { readIdentity, readUserInfo, type OrgIdentity } from './oauth-identity.ts';
import { sendOAuth, type OAuthRequest } from './oauth-request.ts';

/** Tokens as Salesforce issued them; times are milliseconds on the service's clock, taken before the request left. */
export type SalesforceGrant = OrgIdentity & {
  readonly accessToken: string;
  /** Null when Salesforce named none: the one that was sent lives on, or none was asked for. */
  readonly refreshToken: string | null;
  readonly instanceUrl: string;
  readonly loginUrl: string;
  readonly scopes: readonly string[];
  readonly obtainedAtMs: number;
  /** Salesforce does not say; an access token that dies before is found out when it is refused. */
  readonly expiresAtMs: number;
};

export type AuthorizeUrlInput = {
  readonly loginUrl: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly codeChallenge: string;
};

export type ExchangeCodeInput = {
  readonly loginUrl: string;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
};

/** Salesforce's OAuth. Every call but `authorizeUrl` raises what `sendOAuth` raises; no error carries a token or secret. */
export type SalesforceOAuth = {
  readonly clientId: string;
  authorizeUrl(input: AuthorizeUrlInput): string;
  exchangeCode(input: ExchangeCodeInput): Promise<SalesforceGrant>;
  /** The given refresh token is dead as soon as Salesforce has answered, whether the answer reaches us or not. */
  refresh(input: { readonly loginUrl: string; readonly refreshToken: string }): Promise<SalesforceGrant>;
  /** Without any stored token: by our certificate, for a user who was allowed our app beforehand. */
  exchangeAssertion(input: { readonly loginUrl: string; readonly username: string }): Promise<SalesforceGrant>;
  /** What the org itself says about the bearer. */
  readUser(grant: Pick<SalesforceGrant, 'instanceUrl' | 'accessToken'>): Promise<ReturnType<typeof readUserInfo>>;
  /** Ends a grant, or one access token; idempotent. */
  revoke(input: { readonly loginUrl: string; readonly token: string }): Promise<void>;
};

export type SalesforceOAuthInput = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM; null: no certificate. */
  readonly jwtPrivateKey: string | null;
  readonly hosts: SalesforceHosts;
  readonly clock: Clock;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;
/** An answer that is not waited for costs the connection; the lease on a renewal lasts a minute. */
const REFRESH_TIMEOUT_MS = 45_000;
/** Renewed well within the thirty days an unused grant lives, and at the latest when an access token is refused. */
const ASSUMED_LIFE_MS = 8 * 86_400_000;

const PATHS = {
  authorize: '/services/oauth2/authorize',
  token: '/services/oauth2/token',
  revoke: '/services/oauth2/revoke',
  userInfo: '/services/oauth2/userinfo',
} as const;

type Form = Readonly<Record<string, string>>;
type TokenCall = { readonly loginUrl: string; readonly form: Form; readonly grant: OAuthRequest['grant'] };

/** Binds Salesforce's OAuth endpoints to our app's consumer key, secret and certificate. */
export function createSalesforceOAuth(input: SalesforceOAuthInput): SalesforceOAuth {
  const { clientId, clientSecret, clock, hosts } = input;
  const limits = { clock, timeoutMs: input.timeoutMs ?? TIMEOUT_MS };
  const client = { client_id: clientId, client_secret: clientSecret };
  const revoke: SalesforceOAuth['revoke'] = async ({ loginUrl, token }) => {
    const request: OAuthRequest = { url: `${loginUrl}${PATHS.revoke}`, form: { token }, grant: 'none' };
    await sendOAuth(limits, request).catch((error: unknown) => {
      if (!isUnknownToken(error)) throw error;
    });
  };
  const askForToken = async ({ loginUrl, form, grant }: TokenCall): Promise<SalesforceGrant> => {
    const obtainedAtMs = clock.now();
    const patience = grant === 'refresh' ? { timeoutMs: input.timeoutMs ?? REFRESH_TIMEOUT_MS } : {};
    const answer = await sendOAuth({ ...limits, ...patience }, { url: `${loginUrl}${PATHS.token}`, form, grant });
    try {
      return { ...readGrant(answer, hosts), loginUrl, obtainedAtMs, expiresAtMs: obtainedAtMs + ASSUMED_LIFE_MS };
    } catch (error) {
      if (grant === 'code') await revokeUnread(revoke, loginUrl, answer);
      throw error;
    }
  };
  return {
    clientId,
    authorizeUrl: (request) => authorizeUrl(clientId, request),
    exchangeCode: ({ loginUrl, code, redirectUri, codeVerifier }) => {
      const form = { code, redirect_uri: redirectUri, code_verifier: codeVerifier };
      return askForToken({
        loginUrl,
        form: { grant_type: 'authorization_code', ...client, ...form },
        grant: 'code',
      });
    },
    refresh: ({ loginUrl, refreshToken }) =>
      askForToken({
        loginUrl,
        form: { grant_type: 'refresh_token', ...client, refresh_token: refreshToken },
        grant: 'refresh',
      }),
    exchangeAssertion: async ({ loginUrl, username }) =>
      askForToken({ loginUrl, form: assertionForm(input, { loginUrl, username }), grant: 'assertion' }),
    readUser: async ({ instanceUrl, accessToken }) =>
      readUserInfo(await sendOAuth(limits, { url: `${instanceUrl}${PATHS.userInfo}`, accessToken, grant: 'none' })),
    revoke,
  };
}

/** What comes to nothing is given back; that it cannot be is less to know than why it came to nothing. */
async function revokeUnread(revoke: SalesforceOAuth['revoke'], loginUrl: string, answer: unknown): Promise<void> {
  const body = objectOrEmpty(answer);
  const token = textOrNull(body['refresh_token']) ?? textOrNull(body['access_token']);
  if (token !== null) await revoke({ loginUrl, token }).catch(() => undefined);
}

/** A token that Salesforce knows no more is what a revocation is for. */
function isUnknownToken(error: unknown): boolean {
  return error instanceof CrmMisconfigured && error.facts['error'] === 'invalid_token';
}

function authorizeUrl(clientId: string, request: AuthorizeUrlInput): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  });
  return `${request.loginUrl}${PATHS.authorize}?${query.toString().replaceAll('+', '%20')}`;
}

function assertionForm(
  { clientId, jwtPrivateKey, hosts, clock }: SalesforceOAuthInput,
  { loginUrl, username }: { readonly loginUrl: string; readonly username: string },
): Form {
  if (jwtPrivateKey === null) throw new CertificateMissing('The service holds no certificate for Salesforce.');
  const audience = hosts.audience(loginUrl);
  const assertion = signAssertion({ clientId, username, audience, privateKey: jwtPrivateKey, nowMs: clock.now() });
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
}

function readGrant(answer: unknown, hosts: SalesforceHosts) {
  const body = requireObject(answer, 'the token answer');
  if (textOrNull(body['token_type'])?.toLowerCase() !== 'bearer')
    throw new CrmMisconfigured('Salesforce’s token answer holds no bearer token.');
  return {
    ...readIdentity(requireText(body['id'], 'id')),
    accessToken: requireText(body['access_token'], 'access_token'),
    refreshToken: textOrNull(body['refresh_token']),
    instanceUrl: hosts.instanceUrl(requireText(body['instance_url'], 'instance_url')),
    scopes: textOrNull(body['scope'])?.split(' ') ?? [],
  };
}
