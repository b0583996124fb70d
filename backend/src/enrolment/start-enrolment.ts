import type { EnrolmentReport } from '../../../shared/contracts/enrolments.ts';
import { CrmListGone } from '../crm/errors.ts';
import type { ContactList, CrmAccount, CrmPort } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { requirePublishedProgram } from '../referrals/published-program-store.ts';
import type { Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { EnrolmentOff, EnrolmentWithoutConnection } from './enrolment-errors.ts';
import { readEnrolment } from './enrolment-reports-store.ts';
import { insertEnrolment, wakeLiveEnrolment } from './start-store.ts';

export type EnrolmentDeps = Pick<UseCaseDeps, 'database' | 'clock' | 'wake'> & {
  /** The CRM accounts a workspace is connected to now. */
  readonly liveConnections: (workspaceId: string) => Promise<readonly CrmAccount[]>;
  readonly ports: Readonly<Partial<Record<CrmAccount['crm'], Pick<CrmPort, 'findLists'>>>>;
};

export type NewEnrolment = {
  readonly programId: string;
  /** Null: the only live connection. */
  readonly connectionId: string | null;
  readonly source: 'all' | 'list';
  readonly listId: string | null;
  readonly ongoing: boolean;
};

export type StartedEnrolment = { readonly created: boolean; readonly enrolment: EnrolmentReport };

/**
 * Begins to make advocates of the contacts of a source. One that is live for the same source is answered instead of
 * started anew, and looks at its source again now. Nobody is notified (RF-08).
 */
export async function startEnrolment(
  deps: EnrolmentDeps,
  caller: Caller,
  input: NewEnrolment,
): Promise<StartedEnrolment> {
  const { workspaceId } = caller;
  await requireOpenProgram(deps.database, workspaceId, input.programId);
  const account = await chooseAccount(deps, workspaceId, input.connectionId);
  const list = input.listId === null ? null : await findList(deps, account, input.listId);
  const started = await deps.database.inWorkspace(workspaceId, async (tx) => {
    const start = { ...caller, ...input, connectionId: account.connectionId, list, now: new Date(deps.clock.now()) };
    const id = await insertEnrolment(tx, start);
    const live = id ?? (await wakeLiveEnrolment(tx, start));
    const enrolment = await readEnrolment(tx, workspaceId, live);
    if (!enrolment) throw new Error('an enrolment that conflicts with a new one must exist');
    return { created: id !== null, enrolment };
  });
  deps.wake(workspaceId, [account.connectionId]);
  return started;
}

async function requireOpenProgram(database: Database, workspaceId: string, programId: string): Promise<void> {
  const program = await database.inWorkspace(workspaceId, (tx) => requirePublishedProgram(tx, workspaceId, programId));
  if (!program.definition.enrolment.enabled) throw new EnrolmentOff('Enrolment is switched off in this program.');
}

async function chooseAccount(
  deps: EnrolmentDeps,
  workspaceId: string,
  connectionId: string | null,
): Promise<CrmAccount> {
  const live = await deps.liveConnections(workspaceId);
  const chosen = connectionId === null ? live : live.filter((account) => account.connectionId === connectionId);
  const [account, second] = chosen;
  if (account && !second) return account;
  throw new EnrolmentWithoutConnection(
    account ? 'Several CRM accounts are connected.' : 'No such CRM account is connected.',
  );
}

async function findList(deps: EnrolmentDeps, account: CrmAccount, listId: string): Promise<ContactList> {
  const port = deps.ports[account.crm];
  const found = port ? await port.findLists(account, { query: null, listIds: [listId] }) : [];
  const list = found.find(({ id }) => id === listId);
  if (list) return list;
  throw new CrmListGone(`The CRM account has no list of contacts with the id ${listId}.`);
}
