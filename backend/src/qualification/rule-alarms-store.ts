import type { TenantTransaction } from '../db/database.ts';
import type { FieldProblem } from './check-problem.ts';

/** Something that a version in use names and the account does not have any more. */
export type RuleAlarm = FieldProblem & { readonly programId: string; readonly version: number };

type Scope = { readonly workspaceId: string; readonly connectionId: string; readonly now: Date };

type Row = Omit<RuleAlarm, 'programId'> & { program_id: string };

/**
 * Makes the alarms of an account what was found at this look: new ones are kept, healed ones go.
 * @returns those that were not known before under any version of their program.
 */
export async function settleRuleAlarms(
  tx: TenantTransaction,
  { workspaceId, connectionId, now }: Scope,
  alarms: readonly RuleAlarm[],
): Promise<readonly RuleAlarm[]> {
  const before = await tx<Row & { connection_id: string }>('rule_alarms')
    .where({ connection_id: connectionId })
    .select('program_id', 'version', 'path', 'code');
  const found = new Set(alarms.map(keyOf));
  const healed = before.filter((row) => !found.has(keyOf({ ...row, programId: row.program_id })));
  if (healed.length > 0) {
    await tx('rule_alarms')
      .where({ connection_id: connectionId })
      .whereIn(
        ['program_id', 'version', 'path', 'code'],
        healed.map((row) => [row.program_id, row.version, row.path, row.code]),
      )
      .delete();
  }
  const known = new Set(before.map((row) => keyOf({ ...row, programId: row.program_id })));
  const fresh = alarms.filter((alarm) => !known.has(keyOf(alarm)));
  if (fresh.length > 0) {
    await tx('rule_alarms')
      .insert(
        fresh.map((alarm) => ({
          workspace_id: workspaceId,
          connection_id: connectionId,
          program_id: alarm.programId,
          version: alarm.version,
          path: alarm.path,
          code: alarm.code,
          message: alarm.message,
          remedy: alarm.remedy,
          first_seen_at: now,
        })),
      )
      .onConflict()
      .ignore();
  }
  const told = new Set(before.map((row) => placeOf({ ...row, programId: row.program_id })));
  return fresh.filter((alarm, at) => {
    const isFirst = fresh.findIndex((other) => placeOf(other) === placeOf(alarm)) === at;
    return isFirst && !told.has(placeOf(alarm));
  });
}

type Place = Pick<RuleAlarm, 'programId' | 'path' | 'code'>;

function keyOf(alarm: Place & Pick<RuleAlarm, 'version'>): string {
  return `${String(alarm.version)}:${placeOf(alarm)}`;
}

function placeOf({ programId, path, code }: Place): string {
  return `${programId}:${path}:${code}`;
}

/** More than anybody reads at once. */
const MAX_SHOWN = 50;

/** SQL for the alarms that reports show as JSON, oldest first; `which` narrows the alias `a`. */
export function alarmsJson(which: string): string {
  return `select json_agg(json_build_object('programId', s.program_id, 'version', s.version, 'connectionId', s.connection_id,
            'path', s.path, 'code', s.code, 'message', s.message, 'remedy', s.remedy,
            'firstSeenAt', to_char(s.first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
            order by s.first_seen_at, s.version, s.path)
       from (select * from rule_alarms a where ${which} order by a.first_seen_at, a.version, a.path limit ${MAX_SHOWN}) s`;
}
