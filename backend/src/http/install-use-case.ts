import type { CrmName } from '../crm/port.ts';

/** Connecting an account of one CRM, as the routes see it. */
export type InstallUseCase = {
  /** What the token of a join link leads to. Raises typed errors for a link that leads nowhere. */
  invitation(join: string): Promise<{
    /** Its name. */
    readonly workspace: string;
    readonly accounts: readonly { readonly crm: CrmName; readonly id: string }[];
  }>;
  /** A new attempt: where to send the browser, and what to store in it so that only this browser can finish. */
  begin(input: BeginInstallInput): Promise<{
    readonly redirectUrl: string;
    /** Value of the cookie, opaque to the route; letters, digits and `-_.` only. */
    readonly cookie: string;
  }>;
  /** The CRM sent the browser back. Raises typed errors for everything that is not a new or renewed connection. */
  finish(input: FinishInstallInput): Promise<{
    /** The CRM’s own id of the account. */
    readonly accountId: string;
    /** By a link, into a workspace that was there before. */
    readonly joined: boolean;
    /** What bound the attempt to this browser and is not needed any more. */
    readonly cookie: string | null;
  }>;
};

export type BeginInstallInput = {
  /** Where to sign in, as the address bar says it: to be checked. */
  readonly loginUrl: string | null;
  /** The token of a join link: to be checked. */
  readonly join: string | null;
};

export type FinishInstallInput = {
  readonly code: string | null;
  readonly state: string | null;
  /** What `begin` stored in this browser, for each installation that was begun in it. */
  readonly cookies: readonly string[];
  /** The CRM’s `error`, such as `access_denied` when the admin said no. */
  readonly error: string | null;
};
