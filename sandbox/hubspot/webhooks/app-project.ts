import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { objectTypeOf } from '../crm/object-types.ts';
import type { App, Subscription } from '../state/state.ts';

export interface UploadInput {
  /** the directory with hsproject.json */
  projectDir: string;
  /** what `${NAME}` in the hsmeta files stands for: HubSpot takes it from a profile */
  variables: Record<string, string>;
  appId: number;
  clientId: string;
  /** the first signs */
  clientSecrets: string[];
  /** public origin -> loopback origin, where the two differ */
  proxy?: Record<string, string>;
}

type Json = Record<string, unknown>;

const PLATFORM_VERSIONS = ['2025.2', '2026.03', '2026.09'];

/** Reads an app project as HubSpot does at upload, and refuses what HubSpot refuses. */
export function readAppProject(input: UploadInput): App {
  const project = json(join(input.projectDir, 'hsproject.json'));
  for (const key of ['name', 'srcDir', 'platformVersion'])
    if (typeof project[key] !== 'string') throw new Error(`hsproject.json lacks "${key}"`);
  if (!PLATFORM_VERSIONS.includes(project['platformVersion'] as string))
    throw new Error(`platformVersion ${String(project['platformVersion'])} is not supported`);
  const appDir = join(input.projectDir, project['srcDir'] as string, 'app');
  const app = component(join(appDir, 'app-hsmeta.json'), 'app', input.variables);
  const auth = app['auth'] as Json;
  const webhooks = webhooksConfig(appDir, input.variables);
  const settings = webhooks?.['settings'] as Json | undefined;
  return {
    appId: input.appId,
    name: app['name'] as string,
    clientId: input.clientId,
    clientSecrets: input.clientSecrets,
    redirectUrls: redirectUrls(auth),
    requiredScopes: scopes(auth, 'requiredScopes'),
    optionalScopes: scopes(auth, 'optionalScopes'),
    conditionallyRequiredScopes: scopes(auth, 'conditionallyRequiredScopes'),
    fetchUrls: ((app['permittedUrls'] as Json)['fetch'] as string[] | undefined) ?? [],
    targetUrl: (settings?.['targetUrl'] as string | undefined) ?? null,
    maxConcurrentRequests: concurrency(settings),
    subscriptions: webhooks ? subscriptionsOf(webhooks, scopes(auth, 'requiredScopes')) : [],
    proxy: input.proxy ?? {},
  };
}

function json(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

function component(file: string, type: string, variables: Record<string, string>): Json {
  const meta = json(file);
  const strange = Object.keys(meta).filter(
    (key) => !['uid', 'type', 'config', 'dependencies', 'permissions'].includes(key),
  );
  if (strange.length > 0) throw new Error(`${file}: unknown keys ${strange.join(', ')}`);
  if (meta['type'] !== type) throw new Error(`${file}: type must be ${type}`);
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(String(meta['uid']))) throw new Error(`${file}: bad uid`);
  return substitute(meta['config'], variables) as Json;
}

function substitute(value: unknown, variables: Record<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = variables[name];
      if (found === undefined) throw new Error(`No value for \${${name}} in the profile`);
      return found;
    });
  if (Array.isArray(value)) return value.map((item) => substitute(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, variables)]));
}

function webhooksConfig(appDir: string, variables: Record<string, string>): Json | null {
  const directory = join(appDir, 'webhooks');
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('-hsmeta.json')) : [];
  if (files.length > 1) throw new Error('An app has at most one webhooks component');
  return files[0] === undefined ? null : component(join(directory, files[0]), 'webhooks', variables);
}

function redirectUrls(auth: Json): string[] {
  const urls = auth['redirectUrls'] as string[];
  // Real HubSpot takes https and http://localhost; the local one also the loopback address.
  const bad = urls.find((url) => !/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/)/.test(url));
  if (bad !== undefined) throw new Error(`Redirect URL ${bad} must be https or http://localhost`);
  return urls;
}

function scopes(auth: Json, key: string): string[] {
  const found = (auth[key] as string[] | undefined) ?? [];
  if (key === 'requiredScopes' && !found.includes('oauth')) throw new Error('requiredScopes must contain oauth');
  return found;
}

function concurrency(settings: Json | undefined): number {
  const given = (settings?.['maxConcurrentRequests'] as number | undefined) ?? 10;
  if (given <= 5) throw new Error('maxConcurrentRequests must be over 5');
  return given;
}

/** Each subscription gets a stable id by its place in the file, and needs the read scope of its object. */
function subscriptionsOf(webhooks: Json, granted: string[]): Subscription[] {
  const lists = webhooks['subscriptions'] as Record<string, Json[] | undefined>;
  const active = (key: string) => (lists[key] ?? []).filter((entry) => entry['active'] !== false);
  const found = [
    ...active('crmObjects').map((entry) => subscription(entry, String(entry['objectType']), false)),
    ...active('legacyCrmObjects').map((entry) =>
      subscription(entry, String(entry['subscriptionType']).split('.')[0] ?? '', true),
    ),
    ...active('hubEvents').map((entry) => subscription(entry, 'contact', true)),
  ];
  for (const { objectTypeId } of found) {
    const scope = `crm.objects.${objectTypeOf(objectTypeId).plural}.read`;
    if (!granted.includes(scope)) throw new Error(`A webhook subscription needs the scope ${scope}`);
  }
  return found.map((entry, index) => ({ ...entry, subscriptionId: 1001 + index }));
}

const KINDS = ['creation', 'deletion', 'merge', 'restore', 'propertyChange', 'associationChange', 'privacyDeletion'];

function subscription(entry: Json, objectType: string, legacy: boolean): Subscription {
  const type = String(entry['subscriptionType']);
  const kind = type.split('.')[1] ?? '';
  if (!KINDS.includes(kind)) throw new Error(`Unknown subscriptionType ${type}`);
  const propertyName = (entry['propertyName'] as string | undefined) ?? null;
  if ((kind === 'propertyChange') !== (propertyName !== null)) throw new Error(`${type} and propertyName do not fit`);
  return {
    subscriptionId: 0,
    kind: kind as Subscription['kind'],
    objectTypeId: objectTypeOf(objectType).id,
    propertyName,
    legacy,
  };
}
