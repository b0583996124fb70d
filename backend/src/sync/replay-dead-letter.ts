import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';

/** No such dead letter in this workspace, or it was replayed already. */
export class DeadLetterNotFound extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'dead_letter_not_found',
    status: 404,
    retry: 'never',
    remedy: 'GET /api/v1/dead-letters lists what waits; one that is not there any more was replayed.',
  };
}

/**
 * Gives a set-aside item its tries back and makes it due now.
 * @param deadLetterId `dirty~connection~type~record`, `write~connection~type~record` or `outbox~id`.
 */
export async function replayDeadLetter(
  deps: UseCaseDeps,
  { workspaceId, actor }: Caller,
  deadLetterId: string,
): Promise<void> {
  const connectionId = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const [kind, first = '', objectType = '', recordId = ''] = deadLetterId.split('~');
    const now = new Date(deps.clock.now());
    const revived = { dead_at: null, attempts: 0, due_at: now, claimed_until: null };
    const where = { connection_id: first, object_type: objectType, record_id: recordId };
    const table =
      kind === 'dirty' ? 'dirty_records' : kind === 'write' ? 'write_backs' : kind === 'outbox' ? 'outbox' : null;
    const rows =
      table === null
        ? []
        : await tx(table)
            .where(table === 'outbox' ? { id: first } : where)
            .whereNotNull('dead_at')
            .update(revived, ['connection_id']);
    const row = (rows as { connection_id: string }[])[0];
    if (!row) throw new DeadLetterNotFound(`There is no dead letter ${deadLetterId} in this workspace.`);
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: now,
      actor,
      action: 'dead_letter.replayed',
      subject: deadLetterId,
    });
    return row.connection_id;
  });
  deps.wake(workspaceId, [connectionId]);
}
