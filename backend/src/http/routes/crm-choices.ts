import {
  listCrmContactRoles,
  listCrmFields,
  listCrmLists,
  listCrmOwners,
  listCrmPipelines,
} from '../../../../shared/contracts/crm-choices.ts';
import { CrmAuthorizationRevoked, CrmUnavailable } from '../../crm/errors.ts';
import type { CrmAccount, CrmName, CrmPort } from '../../crm/port.ts';
import type { Database } from '../../db/database.ts';
import { PassalongError } from '../../errors/passalong-error.ts';
import { withinMs } from '../../within-ms.ts';
import { findConnectionReport } from '../../workspaces/connection-reports-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import { HubSpotNotConfigured, NotFound, SalesforceNotConfigured } from '../http-errors.ts';

/** The part of the CRM port that pickers ask. */
export type ChoiceReader = Pick<
  CrmPort,
  'readPipelines' | 'readFields' | 'readOwners' | 'findLists' | 'readContactRoles'
>;

export type CrmChoicesInput = {
  readonly database: Database;
  readonly choiceReaders: Readonly<Partial<Record<CrmName, ChoiceReader>>>;
  /** How long somebody in front of a picker waits. (Default: 5000) */
  readonly crmPatienceMs?: number;
};

/** More than any account we know of; a bound all the same. The port itself finds at most 500 lists. */
const MAX_FIELDS = 2_000;
const MAX_OPTIONS = 1_000;
const MAX_PIPELINES = 200;
const MAX_LISTS = 500;
const MAX_OWNERS = 2_000;
const MAX_ROLES = 200;

/** What the pickers of the settings offer, asked of the CRM at each request: one question each, over one resource. */
export function crmChoiceRoutes(input: CrmChoicesInput): readonly ApiRoute[] {
  return [
    apiRoute(listCrmFields, async ({ workspaceId, params: { connectionId }, query: { object } }) => {
      const account = await findAccount(input, workspaceId, connectionId);
      const fields = await ask(input, account, (crm) => crm.readFields(account, object));
      const items = byLabel(fields).map(({ name, label, type, options }) => ({
        name,
        label,
        type,
        options: options.slice(0, MAX_OPTIONS).map((option) => ({ value: option.value, label: option.label })),
      }));
      const shortened = fields.some(({ options }) => options.length > MAX_OPTIONS);
      return { status: 200, body: bounded(items, MAX_FIELDS, shortened) };
    }),
    apiRoute(listCrmPipelines, async ({ workspaceId, params: { connectionId } }) => {
      const account = await findAccount(input, workspaceId, connectionId);
      const pipelines = await ask(input, account, (crm) => crm.readPipelines(account));
      const items = pipelines.map(({ id, label, stages }) => ({
        id,
        label,
        stages: stages.map((stage) => ({
          id: stage.id,
          label: stage.label,
          order: stage.order,
          won: stage.won,
          lost: stage.lost,
        })),
      }));
      return { status: 200, body: bounded(items, MAX_PIPELINES) };
    }),
    apiRoute(listCrmLists, async ({ workspaceId, params: { connectionId }, query: { query = null } }) => {
      const account = await findAccount(input, workspaceId, connectionId);
      const lists = await ask(input, account, (crm) => crm.findLists(account, { query, listIds: [] }));
      const items = lists.map(({ id, name, kind, size }) => ({ id, name, kind, size }));
      // The port stops there by itself, without saying whether there are more.
      return { status: 200, body: bounded(items, MAX_LISTS, lists.length >= MAX_LISTS) };
    }),
    apiRoute(listCrmOwners, async ({ workspaceId, params: { connectionId } }) => {
      const account = await findAccount(input, workspaceId, connectionId);
      const owners = await ask(input, account, (crm) => crm.readOwners(account));
      const items = owners.map(({ id, name, email }) => ({ id, name, email }));
      return { status: 200, body: bounded(items, MAX_OWNERS) };
    }),
    apiRoute(listCrmContactRoles, async ({ workspaceId, params: { connectionId } }) => {
      const account = await findAccount(input, workspaceId, connectionId);
      const roles = await ask(input, account, (crm) => crm.readContactRoles(account));
      return { status: 200, body: bounded(byLabel(roles.map(({ id, label }) => ({ id, label }))), MAX_ROLES) };
    }),
  ];
}

/** A live account of the workspace; one that needs its people first says so without a call to the CRM. */
async function findAccount(
  { database }: Pick<CrmChoicesInput, 'database'>,
  workspaceId: string,
  connectionId: string,
): Promise<CrmAccount> {
  const connection = await findConnectionReport(database, workspaceId, connectionId);
  if (!connection) throw new NotFound('connection', connectionId);
  const { crm, externalAccountId, status } = connection;
  if (status === 'connected') return { workspaceId, connectionId, crm, externalAccountId };
  throw new CrmAuthorizationRevoked(
    status === 'disconnected'
      ? 'This account is disconnected, so its CRM cannot be asked.'
      : 'This connection has no valid authorization any more, so its CRM cannot be asked.',
  );
}

async function ask<T>(
  { choiceReaders, crmPatienceMs = 5_000 }: CrmChoicesInput,
  { crm }: CrmAccount,
  question: (reader: ChoiceReader) => Promise<T>,
): Promise<T> {
  const reader = choiceReaders[crm];
  if (!reader) throw crm === 'hubspot' ? new HubSpotNotConfigured() : new SalesforceNotConfigured();
  try {
    return await withinMs(crmPatienceMs, question(reader));
  } catch (error) {
    if (error instanceof PassalongError) throw error;
    throw new CrmUnavailable('The CRM did not answer in time.', null, error);
  }
}

function byLabel<T extends { readonly label: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

function bounded<T>(items: readonly T[], max: number, shortened = false): { items: T[]; truncated: boolean } {
  return { items: items.slice(0, max), truncated: shortened || items.length > max };
}
