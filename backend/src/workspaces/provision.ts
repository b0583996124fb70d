import { CrmRateLimited } from '../crm/errors.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import type { ConnectionWork } from '../sync/connection-work.ts';
import { nextRetryAt } from '../sync/retry-schedule.ts';
import { postponeProvisioning, type Connection } from './connections-store.ts';
import { describeAccount } from './describe-account.ts';
import { refreshSchema, SCHEMA_REFRESH_MS } from './refresh-schema.ts';

/**
 * After an install and whenever a program is published: our fields exist in the CRM, and its labels are known. What the
 * account offers is read again every few hours.
 */
export async function provisionConnection(work: ConnectionWork): Promise<void> {
  const { connection, port, database, clock } = work;
  try {
    if (connection.currency === null)
      await describeAccount(database, connection, (account) => port.readAccount(account));
    const programs = await database.inWorkspace(connection.workspaceId, (tx) =>
      publishedPrograms(tx, connection.workspaceId),
    );
    if (!isRefresh(connection)) await provisionFields(work, programs);
    await refreshSchema(work, programs);
  } catch (error) {
    // Out of calls is no failure: it stays due, and is the first to go on, or what is written meanwhile would be refused
    // for fields that are not there yet.
    if (error instanceof CrmRateLimited) throw error;
    const now = new Date(clock.now());
    // Provisioning is never given up: without our fields nothing can be shown.
    const dueAt = nextRetryAt(now, Math.min(connection.provisionAttempts + 1, 8)) ?? now;
    await database.inWorkspace(connection.workspaceId, (tx) =>
      postponeProvisioning(tx, {
        connectionId: connection.connectionId,
        dueAt,
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    throw error;
  }
}

/** Nobody installed or published: only the time of the next look has come. */
function isRefresh({ provisionedAt, provisionDueAt }: Connection): boolean {
  return provisionedAt !== null && provisionDueAt?.getTime() === provisionedAt.getTime() + SCHEMA_REFRESH_MS;
}

async function provisionFields(
  { connection, port }: ConnectionWork,
  programs: readonly PublishedProgram[],
): Promise<void> {
  await port.provisionFields(connection);
  const withFields = programs.filter(({ definition }) => definition.enrolment.ownFields).map(({ key }) => key);
  if (withFields.length > 0) await port.provisionProgramFields(connection, withFields);
}
