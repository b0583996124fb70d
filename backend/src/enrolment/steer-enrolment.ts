import type { EnrolmentReport } from '../../../shared/contracts/enrolments.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { EnrolmentNotFound, EnrolmentStateRefused } from './enrolment-errors.ts';
import { readEnrolment } from './enrolment-reports-store.ts';
import { moveEnrolment, type Steering } from './steering-store.ts';

const REACHED: Readonly<Record<Steering, (report: EnrolmentReport) => boolean>> = {
  pause: ({ state }) => state === 'paused',
  resume: ({ state }) => state === 'running' || state === 'watching',
  cancel: ({ state }) => state === 'cancelled',
  ongoing_on: ({ ongoing }) => ongoing,
  ongoing_off: ({ ongoing }) => !ongoing,
};

/** Pauses, resumes, cancels an enrolment, or switches its ongoing part. Links already given stay (RF-17, E22). */
export async function steerEnrolment(
  deps: Pick<UseCaseDeps, 'database' | 'clock' | 'wake'>,
  caller: Caller,
  input: { readonly enrolmentId: string; readonly steering: Steering },
): Promise<EnrolmentReport> {
  const { workspaceId } = caller;
  const report = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const before = await readEnrolment(tx, workspaceId, input.enrolmentId);
    if (!before) throw new EnrolmentNotFound(`There is no enrolment ${input.enrolmentId} in this workspace.`);
    if (REACHED[input.steering](before)) return before;
    const moved = await moveEnrolment(tx, { ...input, ...caller, now: new Date(deps.clock.now()) });
    if (!moved) throw new EnrolmentStateRefused(`The enrolment is ${before.state}.`);
    return (await readEnrolment(tx, workspaceId, input.enrolmentId)) ?? before;
  });
  deps.wake(workspaceId, [report.connectionId]);
  return report;
}
