import type { ConnectionWork } from '../sync/connection-work.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { nextRetryAt } from '../sync/retry-schedule.ts';
import { describeAccount } from './describe-account.ts';
import { postponeProvisioning, saveSchema } from './connections-store.ts';

/** After an install and whenever a program is published: our fields exist in the CRM, and its labels are known. */
export async function provisionConnection(work: ConnectionWork): Promise<void> {
  const { connection, port, database, clock } = work;
  try {
    if (connection.currency === null)
      await describeAccount(database, connection, (account) => port.readAccount(account));
    await port.provisionFields(connection);
    const programs = await database.inWorkspace(connection.workspaceId, (tx) =>
      publishedPrograms(tx, connection.workspaceId),
    );
    const withFields = programs.filter(({ definition }) => definition.enrolment.ownFields).map(({ key }) => key);
    if (withFields.length > 0) await port.provisionProgramFields(connection, withFields);
    const named = programs.flatMap(({ definition }) =>
      definition.rules.flatMap((rule) => (rule.object === 'contact' ? rule.field : [])),
    );
    const pipelines = await port.readPipelines(connection);
    const contactFields =
      named.length === 0
        ? []
        : (await port.readFields(connection, 'contact')).filter((field) => named.includes(field.name));
    await database.inWorkspace(connection.workspaceId, (tx) =>
      saveSchema(tx, {
        connectionId: connection.connectionId,
        crmSchema: { pipelines, contactFields },
        now: new Date(clock.now()),
      }),
    );
  } catch (error) {
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
