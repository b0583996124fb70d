import type { Stage, Tenant } from '../journeys/stage.ts';

/** What is due next of one connection, looking for changes included; and nothing before its pause is over. */
const NEXT_DUE = `
  select greatest(due, (select paused_until from budgets b where b.connection_id = $1 and b.kind = 'default')) as due
    from (
      select greatest(due_at, claimed_until) as due from dirty_records where connection_id = $1 and dead_at is null
      union all select greatest(due_at, claimed_until) from write_backs where connection_id = $1 and due_at is not null and dead_at is null
      union all select greatest(due_at, claimed_until) from outbox where connection_id = $1 and due_at is not null and dead_at is null
      union all select greatest(due_at, claimed_until) from poll_cursors where connection_id = $1
      union all select greatest(due_at, claimed_until) from enrolments where connection_id = $1 and due_at is not null
      union all select greatest(due_at, claimed_until) from re_evaluations where connection_id = $1 and due_at is not null
      union all select provision_due_at from connections where id = $1 and provision_due_at is not null
    ) d
   where due is not null and exists (select 1 from connections c where c.id = $1 and c.status = 'connected')
   order by 1 limit 1`;

const MOST_ROUNDS = 3_000;

/**
 * Lets `ms` of the clock go by for one connection, from one due moment to the next: whatever the CRM tells by itself and
 * whatever has to be looked for has arrived afterwards, and the clock stands exactly `ms` later.
 */
export async function letTimePass(stage: Stage, tenant: Tenant, ms: number): Promise<void> {
  const { clock } = stage;
  const untilMs = clock.now() + ms;
  const moveTo = (atMs: number): void => clock.advance(Math.max(0, Math.min(atMs, untilMs) - clock.now()));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await stage.deliver();
    const [next] = await stage.rows<{ due: Date }>(NEXT_DUE, [tenant.connectionId]);
    const dueMs = next?.due.getTime() ?? Infinity;
    if (dueMs > untilMs) return moveTo(untilMs);
    moveTo(dueMs);
    const againAtMs = await stage.service.process(tenant);
    if (againAtMs !== null) moveTo(againAtMs);
  }
  throw new Error('the connection did not come to rest');
}
