import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CrmName } from '../crm/port.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { connectAccount, type ConnectDeps } from './connect-account.ts';
import type { Grant } from './grant.ts';
import { InstallDeclined, InstallScopesMissing, InstallStateInvalid } from './install-errors.ts';
import { saveAttempt, takeAttempt, type OAuthAttempt } from './install-store.ts';
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
  /** Ends a grant, where each authorisation makes one of its own. */
  readonly endGrant?: (grant: Grant) => Promise<void>;
};

export type InstallDeps = ConnectDeps & {
  readonly install: CrmInstall;
  readonly joins: JoinSigner;
  /** A grant that came to nothing could not be ended. */
  readonly onLeftOver: (grant: Grant, error: unknown) => void;
};

const ATTEMPT_MS = 10 * 60_000;

export type BeginRequest = {
  readonly returnTo: string | null;
  readonly loginUrl: string | null;
  /** The token of a join link. */
  readonly join: string | null;
};

export type InstallRequest = {
  readonly code: string | null;
  readonly state: string | null;
  readonly cookie: string | null;
  readonly error: string | null;
};

/** Connecting an account of one CRM, from our install page to the CRM's consent and back. */
export function createInstall(deps: InstallDeps): {
  begin(input: BeginRequest): Promise<{ readonly redirectUrl: string; readonly cookie: string }>;
  finish(input: InstallRequest): Promise<{
    readonly returnTo: string | null;
    readonly accountId: string;
    readonly joined: boolean;
  }>;
} {
  const { clock, database, install, joins, seal } = deps;
  return {
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
      const { codeVerifier, loginUrl, join } = await attemptOf(deps, input);
      const grant = await install.exchangeCode({ code: input.code, codeVerifier, loginUrl });
      const missing = install.requiredScopes.filter((scope) => !grant.scopes.includes(scope));
      if (missing.length > 0) throw new InstallScopesMissing('Some permissions were not granted.', { missing });
      await connectAccount(deps, { ...install, grant, join }).catch((error: unknown) => giveBack(deps, grant, error));
      return { returnTo: null, accountId: grant.externalAccountId, joined: join !== null };
    },
  };
}

/**
 * A grant that came to nothing is ended at once where a user may have only a few: left alone, it would push out the one a
 * connection lives on. After a failure of ours nobody knows whether it came to nothing.
 */
async function giveBack({ install, onLeftOver }: InstallDeps, grant: Grant, error: unknown): Promise<never> {
  if (error instanceof PassalongError)
    await install.endGrant?.(grant).catch((failure: unknown) => onLeftOver(grant, failure));
  throw error;
}

/** The CRM's reason is told only where it is a code of its own and not a text somebody put into a link. */
function declined({ title, whyDeclined }: CrmInstall, error: string): InstallDeclined {
  const code = /^\w{1,60}$/.test(error) ? error : null;
  const advice = (code !== null && whyDeclined?.(code)) || null;
  const told = code === null ? `${title} did not grant access.` : `${title} did not grant access (${code}).`;
  return new InstallDeclined(advice === null ? told : `${told} ${advice}`, { error: code ?? 'unknown' });
}

type Attempt = Pick<OAuthAttempt, 'loginUrl' | 'join'> & { readonly codeVerifier: string | null };

const BEGUN_ELSEWHERE: Attempt = { codeVerifier: null, loginUrl: null, join: null };

async function attemptOf(deps: InstallDeps, input: InstallRequest): Promise<Attempt> {
  if (input.state === null) {
    if (deps.install.beginsElsewhere) return BEGUN_ELSEWHERE;
    throw new InstallStateInvalid('This installation was not begun here.');
  }
  const expected = sha256(input.state);
  const held = Buffer.from(input.cookie ?? '', 'base64url');
  if (held.length !== expected.length || !timingSafeEqual(held, expected)) {
    throw new InstallStateInvalid('This installation was begun in another browser.');
  }
  const stateHash = expected.toString('hex');
  const now = new Date(deps.clock.now());
  const attempt = await takeAttempt(deps.database, { stateHash, crm: deps.install.crm, now });
  if (!attempt) throw new InstallStateInvalid('This installation was finished before, or took too long.');
  const { sealedVerifier, loginUrl, join } = attempt;
  return { codeVerifier: deps.seal.open(sealedVerifier, stateHash), loginUrl, join };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
