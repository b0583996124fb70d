import type { JsonObject } from '../answer-shape.ts';
import { CrmScopeMissing } from '../errors.ts';
import type { CallKind, CrmAccount } from '../port.ts';
import type { OrgAccess } from './org-access.ts';
import { queryByValues, queryRows } from './query.ts';
import { SalesforceRejected, safeWords } from './rejection.ts';
import { idLiteral, isIn, isRecordId, select, type SelectInput, type Soql } from './soql.ts';

/** Rows of fields that every org has. One that is not there for us is a missing permission, never an empty answer. */
export async function readStandardRows(
  org: OrgAccess,
  account: CrmAccount,
  input: SelectInput & { readonly kind: CallKind; readonly deletedToo?: boolean },
): Promise<readonly JsonObject[]> {
  const { kind, deletedToo = false } = input;
  return asPermission(account, () => queryRows(org.gateway, account, { soql: select(input), kind, deletedToo }));
}

export type StandardRowsByIdInput = {
  readonly select: readonly (string | Soql)[];
  readonly from: string;
  /** Compared with the ids. */
  readonly by: string;
  readonly ids: readonly string[];
  readonly kind: CallKind;
};

/** The same by ids; what is no id of Salesforce belongs to nobody. */
export async function readStandardRowsById(
  org: OrgAccess,
  account: CrmAccount,
  { select: parts, from, by, ids, kind }: StandardRowsByIdInput,
): Promise<readonly JsonObject[]> {
  const values = [...new Set(ids)].filter(isRecordId).map(idLiteral);
  const soqlOf = (some: readonly Soql[]) => select({ select: parts, from, where: [isIn(by, some)] });
  return asPermission(account, () => queryByValues(org.gateway, account, { kind, values, soqlOf }));
}

async function asPermission<T>(account: CrmAccount, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SalesforceRejected) || !error.has('INVALID_FIELD')) throw error;
    const message = `The connected Salesforce user may not see a field this needs. ${safeWords(error.errors)}`;
    throw new CrmScopeMissing(message, { connectionId: account.connectionId }, error);
  }
}
