import type { JsonObject } from '../answer-shape.ts';
import type { CallKind, CrmAccount } from '../port.ts';
import { asPermission, namesUnknownField } from './field-permission.ts';
import { FieldSelection, nameOnObject } from './field-selection.ts';
import { idOf } from './mapping.ts';
import type { ObjectDescription } from './object-description.ts';
import type { OrgAccess } from './org-access.ts';
import { queryByValues } from './query.ts';
import { idLiteral, isIn, select, type Soql } from './soql.ts';

export type SelectedRowsInput = {
  readonly sobject: string;
  /** Well-formed ids, compared with this field. */
  readonly ids: readonly string[];
  readonly by?: string;
  /** As the port names them. */
  readonly fields: readonly string[];
  /** Salesforce's own names, and child queries, that the caller needs besides. */
  readonly besides: readonly (string | Soql)[];
  readonly where?: readonly Soql[];
  readonly kind: CallKind;
  readonly deletedToo?: boolean;
};

export type SelectedRows = { readonly rows: readonly JsonObject[]; readonly selection: FieldSelection };

/** Names of fields in one query; the rest of its address is for ids. */
const CHARACTERS_FOR_FIELDS = 5_000;

/** Rows by id with the fields an object has of those asked for. */
export function readSelectedRows(org: OrgAccess, account: CrmAccount, input: SelectedRowsInput): Promise<SelectedRows> {
  const { sobject, fields: names } = input;
  return withDescription(org, account, {
    sobject,
    names,
    run: async (description) => {
      const selection = new FieldSelection(description, names);
      const rows = new Map<string, JsonObject>();
      for (const [index, part] of inParts(selection.names).entries()) {
        const query = toQuery(input, index === 0 ? [...input.besides, ...part] : part);
        for (const row of await queryByValues(org.gateway, account, query))
          rows.set(idOf(row), { ...rows.get(idOf(row)), ...row });
      }
      return { rows: [...rows.values()], selection };
    },
  });
}

function toQuery(input: SelectedRowsInput, parts: readonly (string | Soql)[]) {
  const { sobject, by = 'Id', where = [], kind, deletedToo = false } = input;
  const asked = [...new Set(['Id', ...parts])];
  return {
    kind,
    deletedToo,
    values: input.ids.map(idLiteral),
    soqlOf: (ids: readonly Soql[]) => select({ select: asked, from: sobject, where: [...where, isIn(by, ids)] }),
  };
}

export function fitsOneQuery(names: readonly string[]): boolean {
  return inParts(names).length === 1;
}

/** At least one part, which may be empty. */
function inParts(names: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let length = 0;
  for (const name of names) {
    length += name.length + 4;
    if (length > CHARACTERS_FOR_FIELDS) {
      parts.push([]);
      length = name.length + 4;
    }
    parts.at(-1)?.push(name);
  }
  return parts;
}

export type WithDescriptionInput<T> = {
  readonly sobject: string;
  /** As the port names them. */
  readonly names: readonly string[];
  readonly run: (description: ObjectDescription) => Promise<T>;
};

/**
 * Runs a read by the description at hand, and once more by a new one when Salesforce knows a field of it no longer. What
 * it still does not know then is a field of our own choice, and hidden.
 */
export async function withDescription<T>(
  org: OrgAccess,
  account: CrmAccount,
  { sobject, names, run }: WithDescriptionInput<T>,
): Promise<T> {
  const own = names.map((name) => nameOnObject(sobject, name)).filter((name) => name !== null);
  try {
    return await run(await org.descriptions.with(account, sobject, own));
  } catch (error) {
    if (!namesUnknownField(error)) throw error;
    org.descriptions.forget(account, sobject);
    const description = await org.descriptions.of(account, sobject);
    return asPermission(sobject, () => run(description));
  }
}
