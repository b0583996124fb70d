import { objectOrEmpty, requireText, textOrNull } from '../answer-shape.ts';
import { CrmRejected } from '../errors.ts';
import type { AccountDetails, CrmAccount } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import { toUiDomain } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { toLongId } from './record-ids.ts';
import { readStandardRows } from './standard-rows.ts';

/** The org's settings. Raises `CrmRejected` when the token turns out to belong to another org. */
export async function readAccount(org: OrgAccess, account: CrmAccount): Promise<AccountDetails> {
  const [row = {}] = await readStandardRows(org, account, {
    select: ['Id', 'TimeZoneSidKey'],
    from: 'Organization',
    kind: 'default',
  });
  const externalAccountId = requireText(row['Id'], 'the id of the org');
  if (externalAccountId !== toLongId(account.externalAccountId))
    throw new CrmRejected('The token of this connection belongs to another Salesforce org.', {
      expected: account.externalAccountId,
      answered: externalAccountId,
    });
  return {
    externalAccountId,
    timeZone: requireText(row['TimeZoneSidKey'], 'the time zone of the org'),
    currency: await readCurrency(org, account),
    uiDomain: toUiDomain(await org.gateway.instanceUrl(account)),
  };
}

/** Salesforce names a default currency only where there is no other. */
async function readCurrency(org: OrgAccess, account: CrmAccount): Promise<string> {
  const { body } = await org.gateway.call({ account, kind: 'default', method: 'GET', path: REST_PATHS.organization });
  const features = objectOrEmpty(objectOrEmpty(body)['features']);
  if (features['multiCurrency'] === true) return (await org.currencies.of(account)).home;
  return requireText(textOrNull(features['defaultCurrencyIsoCode']), 'the currency of the org');
}
