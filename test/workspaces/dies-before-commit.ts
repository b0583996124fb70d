import type { CrmAccount } from '../../backend/src/crm/port.ts';
import { createSalesforceHosts } from '../../backend/src/crm/salesforce/oauth-hosts.ts';
import { createSalesforceOAuth } from '../../backend/src/crm/salesforce/oauth.ts';
import { createOrgTokens } from '../../backend/src/crm/salesforce/org-tokens.ts';
import { openPool } from '../../backend/src/db/database.ts';
import { createSeal } from '../../backend/src/workspaces/seal.ts';
import { createTokenVault } from '../../backend/src/workspaces/token-vault.ts';

type Order = {
  readonly url: string;
  readonly secretKey: string;
  readonly nowMs: number;
  readonly account: CrmAccount;
  readonly app: { readonly clientId: string; readonly clientSecret: string };
  readonly hosts: { readonly loginUrl: string; readonly sandboxLoginUrl: string };
};

/** A process of its own that renews a token, and tells when Salesforce has answered and nothing is stored yet. */
process.once('message', (message) => {
  const { url, secretKey, nowMs, account, app, hosts } = message as Order;
  const clock = { now: () => nowMs };
  const vault = createTokenVault({ database: openPool({ url }), seal: createSeal([secretKey]), clock });
  const tokens = createOrgTokens({
    vault: {
      ...vault,
      storeRenewed: () =>
        new Promise(() => {
          process.send?.('answered');
        }),
    },
    oauth: createSalesforceOAuth({ ...app, jwtPrivateKey: null, hosts: createSalesforceHosts(hosts), clock }),
    clock,
  });
  void tokens.accessToken(account);
});
