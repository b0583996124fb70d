/** Connecting a HubSpot account, as the routes see it. */
export type InstallUseCase = {
  /**
   * A new attempt: where to send the browser, and what to store in it so that only this browser can finish.
   * `returnTo` is a page of HubSpot's, already checked, or null.
   */
  begin(input: { readonly returnTo: string | null }): Promise<{
    readonly redirectUrl: string;
    /** Value of the cookie, opaque to the route; letters, digits and `-_.` only. */
    readonly cookie: string;
  }>;
  /**
   * HubSpot sent the browser back. Raises typed errors for everything that is not a new or renewed connection.
   * Without a state of ours it is a marketplace install: the tenant then comes from the token answer alone.
   */
  finish(input: FinishInstallInput): Promise<{ readonly returnTo: string | null; readonly portalId: string }>;
};

export type FinishInstallInput = {
  readonly code: string | null;
  readonly state: string | null;
  /** What `begin` stored in this browser; null when it is not there. */
  readonly cookie: string | null;
  /** HubSpot's `error`, such as `access_denied` when the admin said no. */
  readonly error: string | null;
};
