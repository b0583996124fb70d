import { hasBrokenAccount, heldByBroken, letGo, sayWhyHeld } from '../../capture/held-by-broken-store.ts';
import { CRM_TITLES } from '../../crm/crm-titles.ts';
import type { CrmName } from '../../crm/port.ts';
import type { TenantTransaction } from '../../db/database.ts';
import { markDirty } from '../../ingest/dirty-store.ts';
import { publishedPrograms, type PublishedProgram } from '../../qualification/published-programs.ts';
import type { ConnectionWork } from '../connection-work.ts';
import { refreshWriteBacks } from '../write-back-store.ts';

const CRMS: readonly CrmName[] = ['hubspot', 'salesforce'];

function whyHeld(crm: CrmName): string {
  return `Waiting until ${CRM_TITLES[crm]} is connected again: this program asks there first who the friend is`;
}

/**
 * An account that people must connect again answers nothing until they do, and must not stop the referrals of the others.
 * Asked when it is back, it only links: nobody who was let go is denied. Where what it knows could have ended the referral,
 * the advocate might be paid for somebody who does not count, so those wait for it, and say so.
 */
export async function letGoOfHeld(work: ConnectionWork): Promise<void> {
  const { workspaceId, connectionId } = work.connection;
  const isNeeded = await work.database.inWorkspace(workspaceId, (tx) => hasBrokenAccount(tx, workspaceId));
  if (!isNeeded) return;
  const now = new Date(work.clock.now());
  await work.database.aloneInWorkspace(workspaceId, async (tx) => {
    const programs = await publishedPrograms(tx, workspaceId);
    const waitingPrograms = programs.filter(canBeEnded).map(({ id }) => id);
    const sentences = CRMS.map(whyHeld);
    const held = await heldByBroken(tx, { workspaceId, connectionId, waitingPrograms, sentences });
    const [waiting, free] = [
      held.filter(({ programId }) => waitingPrograms.includes(programId)),
      held.filter(({ programId }) => !waitingPrograms.includes(programId)),
    ];
    for (const crm of CRMS) {
      const referralIds = waiting.filter((item) => item.crm === crm).map(({ referralId }) => referralId);
      await sayWhyHeld(tx, { referralIds, reason: whyHeld(crm) });
    }
    await letGo(
      tx,
      free.map(({ referralId }) => referralId),
    );
    await tell(tx, work, { programs, personIds: waiting.map(({ personId }) => personId) });
    const hints = free.flatMap(({ contactIds }) =>
      contactIds.map((recordId) => ({ objectType: 'contact' as const, recordId })),
    );
    await markDirty(tx, { workspaceId, connectionId, kind: 'captured', now, hints });
  });
}

/** Only a question for a person is not worth stopping everybody for. */
function canBeEnded({ definition: { capture, integrity } }: PublishedProgram): boolean {
  const { policy } = capture.duplicates;
  return policy === 'deny' || policy === 'review' || Object.values(integrity).includes('deny');
}

async function tell(
  tx: TenantTransaction,
  { connection: { workspaceId }, clock, publicUrl, workspaceCurrency }: ConnectionWork,
  about: { readonly programs: readonly PublishedProgram[]; readonly personIds: readonly string[] },
): Promise<void> {
  await refreshWriteBacks(tx, { ...about, workspaceId, now: new Date(clock.now()), publicUrl, workspaceCurrency });
}
