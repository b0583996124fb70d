import { API_PATHS } from '../../backend/src/crm/hubspot/api-paths.ts';
import type { ApiCall, PathName } from './api-calls.ts';

const PLURAL: Readonly<Record<string, string>> = { contact: 'contacts', company: 'companies', deal: 'deals' };
const records = (type: string, right: 'read' | 'write'): string => `crm.objects.${PLURAL[type] ?? type}.${right}`;
const schemas = (type: string, right: 'read' | 'write'): string => `crm.schemas.${PLURAL[type] ?? type}.${right}`;
const readsOrCreates = (verb: string): 'read' | 'write' => (verb === 'read' || verb === 'GET' ? 'read' : 'write');

type Demand = (filledWith: readonly string[], method: string) => readonly string[];
const byClientSecret: Demand = () => [];
const base: Demand = () => ['oauth'];
/** Whoever may read companies may read what fields they have; nobody writes those. */
const onSchema: Demand = ([type = ''], method) =>
  type === 'company' && method === 'GET' ? [records(type, 'read')] : [schemas(type, readsOrCreates(method))];

/** What HubSpot's reference demands of a token for each path the service has. A path more or less is a type error. */
const DEMANDS: Readonly<Record<PathName, Demand>> = {
  token: byClientSecret,
  introspect: byClientSecret,
  revoke: byClientSecret,
  accountDetails: base,
  externalInstall: base,
  dealPipelines: () => ['crm.objects.deals.read'],
  owners: () => ['crm.objects.owners.read'],
  listSearch: () => ['crm.lists.read'],
  listMembers: () => ['crm.lists.read'],
  objectBatch: ([type = '', verb = '']) => [records(type, readsOrCreates(verb))],
  search: ([type = '']) => [records(type, 'read')],
  associationsRead: ([from = '', to = '']) => [records(from, 'read'), records(to, 'read')],
  associationLabels: ([from = '', to = '']) => [records(from, 'read'), records(to, 'read')],
  properties: onSchema,
  propertyGroups: onSchema,
  propertyBatch: ([type = '', verb = '']) => [schemas(type, readsOrCreates(verb))],
};

export function scopesOf({ path, filledWith, method }: ApiCall): readonly string[] {
  return DEMANDS[path](filledWith, method);
}

/** The path as it leaves, without its query. */
export function addressOf({ path, filledWith }: ApiCall): string {
  const entry = API_PATHS[path] as string | ((...values: readonly string[]) => string);
  const address = typeof entry === 'string' ? entry : entry(...filledWith);
  return address.split('?')[0] ?? address;
}

/** Every subscription of the webhooks component, as HubSpot asks for it: the read scope of its object. */
export function scopesOfSubscriptions(webhooks: {
  readonly subscriptions: Readonly<Record<string, readonly { subscriptionType: string; objectType?: string }[]>>;
}): readonly string[] {
  return Object.values(webhooks.subscriptions)
    .flat()
    .map(({ subscriptionType, objectType }) => records(objectType ?? subscriptionType.split('.')[0] ?? '', 'read'));
}
