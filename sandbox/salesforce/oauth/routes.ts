import type { Route } from '../http/router.ts';
import { decideConsent, showConsent } from './authorize.ts';
import { readIdentity, readUserInfo, revokeToken } from './identity.ts';
import { issueToken } from './token.ts';

/** On every host, those of the orgs too. */
export const authorizationRoutes: readonly Route[] = [
  { method: 'GET', path: '/services/oauth2/authorize', needs: 'none', handle: showConsent },
  { method: 'POST', path: '/services/oauth2/authorize', needs: 'none', handle: decideConsent },
  { method: 'POST', path: '/services/oauth2/token', needs: 'none', handle: issueToken },
  { method: 'POST', path: '/services/oauth2/revoke', needs: 'none', handle: revokeToken },
  { method: 'GET', path: '/services/oauth2/userinfo', needs: 'session', handle: readUserInfo },
  { method: 'GET', path: '/id/:orgId/:userId', needs: 'session', handle: readIdentity },
];
