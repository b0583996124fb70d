import type { Database, TenantTransaction } from '../../backend/src/db/database.ts';

export type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
};

/** What every statement that `work` sends went through when it ran once more. */
export async function planNodes(
  database: Database,
  input: {
    readonly work: () => Promise<unknown>;
    readonly inWorkspace: <T>(work: (tx: TenantTransaction) => Promise<T>) => Promise<T>;
  },
): Promise<readonly PlanNode[]> {
  const asked: { sql: string; bindings: readonly unknown[] }[] = [];
  const listen = (query: { sql: string; bindings: readonly unknown[] }): void => void asked.push(query);
  database.system.on('query', listen);
  await input.work();
  database.system.off('query', listen);
  const reads = asked.filter(({ sql }) => /^\s*(select|with)/i.test(sql) && !sql.includes('set_config'));
  return input.inWorkspace(async (tx) => {
    const nodes: PlanNode[] = [];
    for (const { sql, bindings } of reads) {
      // Knex numbers its placeholders before it tells us.
      const text = `explain (analyze, format json) ${sql.replace(/\$\d+/g, '?')}`;
      const answer = await tx.raw<{ rows: { 'QUERY PLAN': { Plan: PlanNode }[] }[] }>(text, bindings as string[]);
      nodes.push(...answer.rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan))));
    }
    return nodes;
  });
}

/** Rows a step touched, those it threw away included. */
export function rowsOf(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}

/** Whole tables walked through, of those that grow with what a workspace has. */
export function tablesWalked(nodes: readonly PlanNode[]): readonly string[] {
  return nodes
    .filter((node) => node['Node Type'] === 'Seq Scan' && rowsOf(node) > 100)
    .map((node) => node['Relation Name'] ?? '');
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}
