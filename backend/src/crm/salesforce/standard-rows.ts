import type { JsonObject } from '../answer-shape.ts';
import type { CallKind, CrmAccount } from '../port.ts';
import { asPermission, namesUnknownField } from './field-permission.ts';
import type { OrgAccess } from './org-access.ts';
import { queryByValues, queryRows } from './query.ts';
import { idLiteral, isIn, isRecordId, select, type SelectInput, type Soql } from './soql.ts';

type Optional = {
  /** Further fields, left out where the user may not see them (E23): whoever reads the rows finds them empty. */
  readonly optional?: readonly string[];
};

export type StandardRowsInput = SelectInput & Optional & { readonly kind: CallKind; readonly deletedToo?: boolean };

/** Rows of fields that every org has. One that is not there for us is a missing permission, never an empty answer. */
export async function readStandardRows(
  org: OrgAccess,
  account: CrmAccount,
  input: StandardRowsInput,
): Promise<readonly JsonObject[]> {
  const { kind, deletedToo = false } = input;
  const run = (parts: SelectInput['select']) => {
    const soql = select({ ...input, select: parts });
    return queryRows(org.gateway, account, { soql, kind, deletedToo });
  };
  return withOptional(org, account, { ...input, run });
}

export type StandardRowsByIdInput = Optional & {
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
  input: StandardRowsByIdInput,
): Promise<readonly JsonObject[]> {
  const { from, by, kind } = input;
  const values = [...new Set(input.ids)].filter(isRecordId).map(idLiteral);
  const run = (parts: SelectInput['select']) => {
    const soqlOf = (some: readonly Soql[]) => select({ select: parts, from, where: [isIn(by, some)] });
    return queryByValues(org.gateway, account, { kind, values, soqlOf });
  };
  return withOptional(org, account, { ...input, run });
}

type Selection = Optional &
  Pick<SelectInput, 'select' | 'from'> & {
    readonly run: (parts: SelectInput['select']) => Promise<readonly JsonObject[]>;
  };

/** The object is described only once something of it was refused: as a rule nothing is hidden. */
async function withOptional(
  org: OrgAccess,
  account: CrmAccount,
  { select: needed, from, optional = [], run }: Selection,
): Promise<readonly JsonObject[]> {
  const visible = async () => {
    const description = await org.descriptions.with(account, from, optional);
    return optional.filter((name) => description.find(name) !== null);
  };
  const isKnown = optional.length > 0 && org.descriptions.isKnown(account, from);
  const first = isKnown ? await visible() : optional;
  try {
    return await asPermission(from, () => run([...needed, ...first]));
  } catch (error) {
    if (first.length === 0 || !(error instanceof Error) || !namesUnknownField(error.cause)) throw error;
    org.descriptions.forget(account, from);
    const second = await visible();
    if (second.length === first.length) throw error;
    return asPermission(from, () => run([...needed, ...second]));
  }
}
