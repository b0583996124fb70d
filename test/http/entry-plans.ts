import type { Database } from '../../backend/src/db/database.ts';
import type { TestServer } from './test-server.ts';

/** How PostgreSQL ran every statement that `work` sends, as it would: nothing is priced out. */
export async function readPlans(server: TestServer, work: (database: Database) => Promise<unknown>): Promise<string> {
  const asked: { sql: string; bindings: readonly unknown[] }[] = [];
  const listen = (query: { sql: string; bindings: readonly unknown[] }): void => void asked.push(query);
  server.database.system.on('query', listen);
  await work(server.database);
  server.database.system.off('query', listen);
  const selects = asked.filter(({ sql }) => /^\s*select/i.test(sql) && !sql.includes('set_config'));
  return server.database.inWorkspace('ws_mine', async (tx) => {
    let plans = '';
    for (const { sql, bindings } of selects) {
      const answer = await tx.raw<{ rows: { 'QUERY PLAN': string }[] }>(
        `explain (analyze, timing off) ${sql.replace(/\$\d+/g, '?')}`,
        bindings as string[],
      );
      plans += `${answer.rows.map((row) => row['QUERY PLAN']).join('\n')}\n\n`;
    }
    return plans;
  });
}

/** The number behind every `label:` of the plans, added up. */
export function sumOf(plans: string, label: string): number {
  const found = [...plans.matchAll(new RegExp(`${label}: (\\d+)`, 'g'))];
  return found.reduce((sum, [, number = '0']) => sum + Number(number), 0);
}
