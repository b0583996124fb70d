import { readId } from '../ids.ts';
import { objectOf, columnOf } from '../schema/org-schema.ts';
import { rowOf } from '../state/find-row.ts';
import type { Org } from '../state/org.ts';
import type { Row, Value } from '../state/table.ts';
import { runQuery } from '../soql/run-query.ts';

/** What somebody who sees everything sees. */
export function orgView(org: Org) {
  return {
    /** the record with every column, also from the bin; packaged columns also under their names without the namespace */
    get(id: string): Record<string, Value> | null {
      const row = rowOf(org, readId(id) ?? '');
      return row && plain(org, row);
    },
    /** of live records, those whose column has this value */
    find(object: string, column: string, value: Value): Record<string, Value>[] {
      const type = objectOf(org.schema, named(org, object));
      const field = columnOf(type, column, org.namespace);
      if (!field) throw new Error(`${object} has no column ${column}`);
      const rows = org.tables.of(type.name).having(field.name, [value]);
      return rows.filter((row) => row['IsDeleted'] === false).map((row) => plain(org, row));
    },
    ids(object: string): string[] {
      const type = objectOf(org.schema, named(org, object));
      return [...org.tables.of(type.name).all()].flatMap((row) =>
        row['IsDeleted'] === false ? [row['Id'] as string] : [],
      );
    },
    count: (object: string): number => org.tables.of(objectOf(org.schema, named(org, object)).name).size,
    /** SOQL as an administrator writes it, with what the connected user may see */
    query: (soql: string) => runQuery(org, { soql, version: '67.0', withDeleted: false }).records,
    info: () => {
      const { orgId, name, myDomain, edition, isSandbox, packageInstalled, namespace, instanceUrl, timeZone } = org;
      const { adminId, integrationUserId, currencies } = org;
      return {
        ...{ orgId, name, myDomain, edition, isSandbox, packageInstalled, namespace, instanceUrl, timeZone },
        ...{ adminId, integrationUserId, currencies },
      };
    },
  };
}

/** A packaged object is also known without its namespace. */
export const named = ({ schema, namespace }: Org, object: string): string =>
  schema.has(object.toLowerCase()) || namespace === null ? object : `${namespace}__${object}`;

function plain({ namespace }: Org, row: Row): Record<string, Value> {
  const prefix = `${namespace}__`;
  const bare = Object.entries(row).flatMap(([name, value]) =>
    namespace !== null && name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  );
  return { ...row, ...Object.fromEntries(bare) };
}
