import { textOrNull } from '../answer-shape.ts';
import type { CrmAccount, DealDraft } from '../port.ts';
import { asPermission } from './field-permission.ts';
import { idOf } from './mapping.ts';
import type { OrgAccess } from './org-access.ts';
import { childRows, queryByValues } from './query.ts';
import { toLongId } from './record-ids.ts';
import { childQuery, isIn, select, textLiteral } from './soql.ts';

/** `contactIds`: whoever is on it, the org's own people as well. */
export type DealOfReferral = { readonly id: string; readonly contactIds: readonly string[] };

const ROLES = childQuery({ select: ['Id', 'ContactId'], from: 'OpportunityContactRoles' });

/** The opportunities that carry one of these referrals, by its id. */
export async function findDealsOfReferrals(
  org: OrgAccess,
  account: CrmAccount,
  { drafts, externalId }: { readonly drafts: readonly DealDraft[]; readonly externalId: string },
): Promise<ReadonlyMap<string, DealOfReferral>> {
  const rows = await asPermission('Opportunity', () =>
    queryByValues(org.gateway, account, {
      kind: 'default',
      values: drafts.map(({ referralId }) => textLiteral(referralId)),
      soqlOf: (some) =>
        select({ select: ['Id', externalId, ROLES], from: 'Opportunity', where: [isIn(externalId, some)] }),
    }),
  );
  return new Map(
    rows.map((row) => {
      const ids = childRows(row, 'OpportunityContactRoles').flatMap(({ ContactId }) => textOrNull(ContactId) ?? []);
      return [textOrNull(row[externalId]) ?? '', { id: idOf(row), contactIds: ids.map(toLongId) }];
    }),
  );
}
