import type { Clock } from '../../clock.ts';
import { listOrEmpty, requireObject, requireText, textOrNull, type JsonObject } from './answer-shape.ts';
import { API_PATHS } from './api-paths.ts';
import { postOAuth, type OAuthRequestInput } from './oauth-request.ts';

/** Tokens as HubSpot issued them; times are milliseconds on the service's clock, taken before the request left. */
export type HubSpotGrant = {
  /** The portal that was authorised: the only thing a tenant may be derived from. */
  readonly hubId: string;
  readonly userId: string | null;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Ours: tokens work with no other app's id. */
  readonly clientId: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  readonly scopes: readonly string[];
};

export type TokenDescription =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly hubId: string | null;
      readonly userId: string | null;
      readonly userEmail: string | null;
      readonly clientId: string | null;
      readonly scopes: readonly string[];
    };

export type AuthorizeUrlInput = {
  readonly redirectUri: string;
  /** Every required scope of the app, and the conditional ones wanted now. */
  readonly scopes: readonly string[];
  readonly optionalScopes?: readonly string[];
  /** Single use, bound to the browser, kept for minutes. */
  readonly state: string;
  /** S256, from `codeChallengeOf`. */
  readonly codeChallenge: string;
};

export type ExchangeCodeInput = {
  readonly code: string;
  readonly redirectUri: string;
  /** Null for an installation that started in HubSpot's marketplace, which knows no verifier of ours. */
  readonly codeVerifier: string | null;
};

/** HubSpot's OAuth. Every call but `authorizeUrl` raises what `postOAuth` raises; no error carries a token or secret. */
export type HubSpotOAuth = {
  readonly clientId: string;
  authorizeUrl(input: AuthorizeUrlInput): string;
  exchangeCode(input: ExchangeCodeInput): Promise<HubSpotGrant>;
  /** Keeps the given refresh token when HubSpot's answer names none. */
  refresh(refreshToken: string): Promise<HubSpotGrant>;
  introspect(token: string, hint: 'access_token' | 'refresh_token'): Promise<TokenDescription>;
  /** Ends the refresh token; access tokens already issued live on until they expire. */
  revoke(refreshToken: string): Promise<void>;
};

export type HubSpotOAuthInput = {
  readonly apiUrl: string;
  readonly appUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;

type Form = Readonly<Record<string, string>>;

/** Binds HubSpot's OAuth endpoints to our app's id and secret. */
export function createHubSpotOAuth(input: HubSpotOAuthInput): HubSpotOAuth {
  const client = { client_id: input.clientId, client_secret: input.clientSecret };
  const post = (path: string, form: Form, grant: OAuthRequestInput['grant']) =>
    postOAuth({
      apiUrl: input.apiUrl,
      path,
      form: { ...client, ...form },
      grant,
      clock: input.clock,
      timeoutMs: input.timeoutMs ?? TIMEOUT_MS,
    });
  const { clientId } = input;
  return {
    clientId,
    authorizeUrl: (request) => authorizeUrl(input, request),
    async exchangeCode({ code, redirectUri, codeVerifier }) {
      const obtainedAtMs = input.clock.now();
      const verifier: Form = codeVerifier === null ? {} : { code_verifier: codeVerifier };
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...verifier };
      return readGrant(await post(API_PATHS.token, form, 'code'), { clientId, obtainedAtMs, refreshToken: null });
    },
    async refresh(refreshToken) {
      const obtainedAtMs = input.clock.now();
      const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
      return readGrant(await post(API_PATHS.token, form, 'refresh'), { clientId, obtainedAtMs, refreshToken });
    },
    async introspect(token, hint) {
      return readDescription(await post(API_PATHS.introspect, { token, token_type_hint: hint }, 'none'));
    },
    async revoke(refreshToken) {
      await post(API_PATHS.revoke, { token: refreshToken, token_type_hint: 'refresh_token' }, 'none');
    },
  };
}

/** Spaces must be `%20`: HubSpot compares the scope list after its own decoding. */
function authorizeUrl(input: HubSpotOAuthInput, request: AuthorizeUrlInput): string {
  const optionalScopes = request.optionalScopes ?? [];
  const query = {
    client_id: input.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(' '),
    ...(optionalScopes.length > 0 ? { optional_scope: optionalScopes.join(' ') } : {}),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  };
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${input.appUrl.replace(/\/+$/, '')}/oauth/authorize?${pairs.join('&')}`;
}

type Known = { readonly clientId: string; readonly obtainedAtMs: number; readonly refreshToken: string | null };

function readGrant(answer: JsonObject | null, known: Known): HubSpotGrant {
  const body = requireObject(answer, 'the token answer');
  const lifeSeconds = Number(requireText(body['expires_in'], 'expires_in'));
  return {
    hubId: requireText(body['hub_id'], 'hub_id'),
    userId: textOrNull(body['user_id']),
    accessToken: requireText(body['access_token'], 'access_token'),
    refreshToken: textOrNull(body['refresh_token']) ?? requireText(known.refreshToken, 'refresh_token'),
    clientId: known.clientId,
    obtainedAtMs: known.obtainedAtMs,
    expiresAtMs: known.obtainedAtMs + lifeSeconds * 1_000,
    scopes: scopeList(body),
  };
}

function readDescription(answer: JsonObject | null): TokenDescription {
  const body = requireObject(answer, 'the introspection answer');
  if (body['active'] !== true) return { active: false };
  return {
    active: true,
    hubId: textOrNull(body['hub_id']),
    userId: textOrNull(body['user_id']),
    userEmail: textOrNull(body['user']),
    clientId: textOrNull(body['client_id']),
    scopes: scopeList(body),
  };
}

/** The dated endpoints list scopes; RFC 6749 joins them with spaces under `scope`. */
function scopeList(body: JsonObject): readonly string[] {
  const listed = listOrEmpty(body['scopes']).filter((scope): scope is string => typeof scope === 'string');
  return listed.length > 0 ? listed : (textOrNull(body['scope'])?.split(' ') ?? []);
}
