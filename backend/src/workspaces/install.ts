import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CrmName } from '../crm/port.ts';
import type { StoredTokens } from '../crm/token-vault.ts';
import { connectAccount, type ConnectDeps } from './connect-account.ts';
import { endReplaced, giveBack } from './end-grant.ts';
import type { Grant } from './grant.ts';
import { InstallDeclined, InstallScopesMissing, InstallStateInvalid } from './install-errors.ts';
import { saveAttempt, takeAttempt, type OAuthAttempt } from './install-store.ts';
import { readInvitation, type Invitation } from './invitation.ts';
import { openJoinLink, type JoinSigner } from './join-link.ts';
import { codeChallengeOf, createCodeVerifier } from './pkce.ts';

/** What differs between the CRMs. */
export type CrmInstall = {
  readonly crm: CrmName;
  /** For people. */
  readonly title: string;
  readonly requiredScopes: readonly string[];
  /** Whether an installation may begin in the CRM's marketplace, which knows no state and no verifier of ours. */
  readonly beginsElsewhere: boolean;
  /** Whether everybody in the account may authorise our app, and not only who may install apps. */
  readonly anyoneAuthorizes: boolean;
  /** Where to sign in, where there is a choice; raises for an address that is not the CRM's. */
  loginUrl(wanted: string | null): string | null;
  /** What a reason of the CRM for granting nothing asks of the admin, where more can be said than that it did not. */
  readonly whyDeclined?: (code: string) => string | null;
  authorizeUrl(input: {
    readonly state: string;
    readonly codeChallenge: string;
    readonly loginUrl: string | null;
  }): string;
  exchangeCode(input: {
    readonly code: string;
    readonly codeVerifier: string | null;
    readonly loginUrl: string | null;
  }): Promise<Grant>;
  /** Ends the grant of these tokens, where each authorisation makes one of its own. */
  readonly endGrant?: (tokens: StoredTokens) => Promise<void>;
};

export type InstallDeps = ConnectDeps & {
  readonly install: CrmInstall;
  readonly joins: JoinSigner;
  /** A grant that nobody uses could not be ended. */
  readonly onLeftOver: (externalAccountId: string, error: unknown) => void;
};

const ATTEMPT_MS = 10 * 60_000;

export type BeginRequest = {
  readonly loginUrl: string | null;
  /** The token of a join link. */
  readonly join: string | null;
};

export type InstallRequest = {
  readonly code: string | null;
  readonly state: string | null;
  /** What this browser holds of installations it began. */
  readonly cookies: readonly string[];
  readonly error: string | null;
};

/** Connecting an account of one CRM, from our install page to the CRM's consent and back. */
export function createInstall(deps: InstallDeps): {
  invitation(token: string): Promise<Invitation>;
  begin(input: BeginRequest): Promise<{ readonly redirectUrl: string; readonly cookie: string }>;
  finish(input: InstallRequest): Promise<{
    readonly accountId: string;
    readonly joined: boolean;
    readonly cookie: string | null;
  }>;
} {
  const { clock, database, install, joins, seal } = deps;
  return {
    invitation: (token) => readInvitation(deps, { token, install, now: new Date(clock.now()) }),
    async begin({ loginUrl: wanted, join }) {
      const state = randomBytes(24).toString('base64url');
      const verifier = createCodeVerifier();
      const now = new Date(clock.now());
      const stateHash = sha256(state).toString('hex');
      const loginUrl = install.loginUrl(wanted);
      const link = join === null ? null : await openJoinLink({ database, joins }, { token: join, install, now });
      await saveAttempt(database, {
        stateHash,
        crm: install.crm,
        sealedVerifier: seal.seal(verifier, stateHash),
        loginUrl,
        join: link,
        now,
        expiresAt: new Date(now.getTime() + ATTEMPT_MS),
      });
      const redirectUrl = install.authorizeUrl({ state, codeChallenge: codeChallengeOf(verifier), loginUrl });
      return { redirectUrl, cookie: sha256(state).toString('base64url') };
    },
    async finish(input) {
      if (input.error !== null) throw declined(install, input.error);
      if (input.code === null) throw new InstallStateInvalid(`${install.title} sent no authorisation code.`);
      const { codeVerifier, loginUrl, join, cookie } = await attemptOf(deps, input);
      const grant = await install.exchangeCode({ code: input.code, codeVerifier, loginUrl });
      await connect(deps, grant, join).catch((error: unknown) => giveBack(deps, grant, error));
      return { accountId: grant.externalAccountId, joined: join !== null, cookie };
    },
  };
}

async function connect(deps: InstallDeps, grant: Grant, join: OAuthAttempt['join']): Promise<void> {
  const { install } = deps;
  const missing = install.requiredScopes.filter((scope) => !grant.scopes.includes(scope));
  if (missing.length > 0) throw new InstallScopesMissing('Some permissions were not granted.', { missing });
  const former = await connectAccount(deps, { ...install, grant, join });
  await endReplaced(deps, grant, former);
}

/** The CRM's reason is told only where it is a code of its own and not a text somebody put into a link. */
function declined({ title, whyDeclined }: CrmInstall, error: string): InstallDeclined {
  const code = /^\w{1,60}$/.test(error) ? error : null;
  const advice = (code !== null && whyDeclined?.(code)) || null;
  const told = code === null ? `${title} did not grant access.` : `${title} did not grant access (${code}).`;
  return new InstallDeclined(advice === null ? told : `${told} ${advice}`, { error: code ?? 'unknown' });
}

type Attempt = Pick<OAuthAttempt, 'loginUrl' | 'join'> & {
  readonly codeVerifier: string | null;
  /** What bound it to this browser. */
  readonly cookie: string | null;
};

const BEGUN_ELSEWHERE: Attempt = { codeVerifier: null, loginUrl: null, join: null, cookie: null };

async function attemptOf(deps: InstallDeps, input: InstallRequest): Promise<Attempt> {
  if (input.state === null) {
    if (deps.install.beginsElsewhere) return BEGUN_ELSEWHERE;
    throw new InstallStateInvalid('This installation was not begun here.');
  }
  const expected = sha256(input.state);
  const cookie = input.cookies.find((held) => isSame(Buffer.from(held, 'base64url'), expected));
  if (cookie === undefined) throw new InstallStateInvalid('This installation was begun in another browser.');
  const stateHash = expected.toString('hex');
  const now = new Date(deps.clock.now());
  const attempt = await takeAttempt(deps.database, { stateHash, crm: deps.install.crm, now });
  if (!attempt) throw new InstallStateInvalid('This installation was finished before, or took too long.');
  const { sealedVerifier, loginUrl, join } = attempt;
  return { codeVerifier: deps.seal.open(sealedVerifier, stateHash), loginUrl, join, cookie };
}

function isSame(held: Buffer, expected: Buffer): boolean {
  return held.length === expected.length && timingSafeEqual(held, expected);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
