import { requireObject, requireText } from '../answer-shape.ts';
import { CrmMisconfigured } from '../errors.ts';
import { toLongId } from './record-ids.ts';

/** Who was authorised, with 18-character ids: the only thing a tenant may be derived from. */
export type OrgIdentity = { readonly orgId: string; readonly userId: string };

const IDENTITY_PATH = /^\/id\/(00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)\/(005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)$/;

/** The org and the user of a token answer's `id`, an address that ends in both. */
export function readIdentity(id: string): OrgIdentity {
  const path = URL.canParse(id) ? new URL(id).pathname : '';
  const [, orgId, userId] = IDENTITY_PATH.exec(path) ?? [];
  if (orgId === undefined || userId === undefined)
    throw new CrmMisconfigured('Salesforce’s token answer does not say whose token it is.');
  return { orgId: toLongId(orgId), userId: toLongId(userId) };
}

/** What the org itself says about the bearer of a token. */
export function readUserInfo(body: unknown): OrgIdentity & { readonly username: string } {
  const info = requireObject(body, 'the user info answer');
  return {
    orgId: toLongId(requireText(info['organization_id'], 'organization_id')),
    userId: toLongId(requireText(info['user_id'], 'user_id')),
    username: requireText(info['preferred_username'], 'preferred_username'),
  };
}
