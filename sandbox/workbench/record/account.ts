import type { Bench } from '../workbench.ts';

export interface AccountUser {
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
}

export interface InstalledApp {
  appId: number;
  name: string;
  variables: Record<string, string>;
  /** where pictures and frames of its cards may come from */
  imageOrigins: string[];
  iframeOrigins: string[];
}

/** The account as its record pages need it. */
export interface Account {
  portalId: number;
  name: string;
  timeZone: string;
  users: AccountUser[];
  /** who works at the workbench now */
  user: AccountUser;
  /** null until an app is connected */
  app: InstalledApp | null;
}

const NOBODY: AccountUser = { userId: 1, email: 'rep@example.com', firstName: 'Sample', lastName: 'Rep' };

export function accountOf({ control, portalId, desk }: Bench): Account {
  const { name, timeZone } = control.portals().find((portal) => portal.portalId === portalId) ?? {
    name: 'sample account',
    timeZone: 'UTC',
  };
  const portal = control.portal(portalId);
  const users = portal
    .owners()
    .filter(({ archivedAtMs }) => archivedAtMs === null)
    .map(({ userId, email, firstName, lastName }) => ({ userId, email, firstName, lastName }));
  const user = users.find(({ userId }) => userId === desk.userId) ?? users[0] ?? NOBODY;
  return { portalId, name, timeZone, users, user, app: installedApp({ control, portalId }) };
}

function installedApp({ control, portalId }: Pick<Bench, 'control' | 'portalId'>): InstalledApp | null {
  const [appId] = control.portal(portalId).installedApps();
  const app = control.apps().find((candidate) => candidate.appId === appId);
  if (!app) return null;
  const { name, variables, permittedUrls } = app;
  const origins = (urls: readonly string[]) => [...new Set(urls.map((url) => new URL(url).origin))];
  return {
    appId: app.appId,
    name,
    variables,
    imageOrigins: origins(permittedUrls.img),
    iframeOrigins: origins(permittedUrls.iframe),
  };
}
