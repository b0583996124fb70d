import type { TenantTransaction } from '../db/database.ts';
import { labelsOf } from '../qualification/labels.ts';
import { publishedPrograms } from '../qualification/published-programs.ts';
import { referralsOfFriends } from '../referrals/referrals-store.ts';
import { sharersOfPeople } from '../referrals/sharers-store.ts';
import type { UseCaseDeps } from '../referrals/use-case-deps.ts';
import { schemaOfWorkspace } from '../workspaces/connections-store.ts';
import { workspaceCurrency } from '../workspaces/workspaces-store.ts';
import { decideReferrals, type Decided } from './decide-referrals.ts';
import type { DecisionTrigger } from './decision-input.ts';

export type DecideNowInput = {
  readonly deps: Pick<UseCaseDeps, 'settle' | 'publicUrl'>;
  readonly workspaceId: string;
  readonly now: Date;
  readonly personIds: readonly string[];
  readonly trigger: DecisionTrigger;
  /** (Default: false) */
  readonly replay?: boolean;
  /**
   * A person just settled something about these friends: their numbers and records are refreshed whether the rules add to it
   * or not, and others on the same deals are decided too (E3). (Default: false)
   */
  readonly afterPerson?: boolean;
};

/**
 * Decides these friends' referrals from what is stored, without asking the CRM: after a person's answer, or under other
 * rules. Numbers and write-backs follow in the same transaction; whoever calls holds the workspace (`aloneInWorkspace`).
 * @returns the connections that have work now.
 */
export async function decideNow(
  tx: TenantTransaction,
  input: DecideNowInput,
): Promise<{ readonly decided: Decided; readonly connectionIds: readonly string[] }> {
  const { deps, workspaceId, now, personIds, trigger } = input;
  const { crmSchema, timeZone } = await schemaOfWorkspace(tx, workspaceId);
  const sharers = input.afterPerson ? await sharersOfPeople(tx, personIds) : [];
  const settled = input.afterPerson ? await referralsOfFriends(tx, personIds) : [];
  const decided = await decideReferrals(tx, {
    workspaceId,
    now,
    workspaceCurrency: await workspaceCurrency(tx, workspaceId),
    programs: await publishedPrograms(tx, workspaceId),
    labels: labelsOf(crmSchema, timeZone),
    triggers: new Map([...personIds, ...sharers].map((personId) => [personId, trigger])),
    replay: input.replay ?? false,
  });
  const connectionIds = await deps.settle(tx, {
    workspaceId,
    now,
    publicUrl: deps.publicUrl,
    advocateIds: [...new Set([...decided.advocateIds, ...settled.map(({ advocateId }) => advocateId)])],
    personIds: [
      ...new Set([
        ...decided.friendIds,
        ...decided.advocatePersonIds,
        ...settled.flatMap(({ personId, advocatePersonId }) => [personId, advocatePersonId]),
      ]),
    ],
    captureIds: [],
  });
  return { decided, connectionIds };
}
