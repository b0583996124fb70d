import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { cardComponents } from '../cards/card-components.ts';
import { permittedUrls } from '../cards/permitted-urls.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import type { App, Subscription } from '../state/state.ts';
import { component, json } from './hsmeta.ts';
import type { Component, Json } from './hsmeta.ts';

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

const PLATFORM_VERSIONS = ['2025.2', '2026.03', '2026.09'];

/** Reads an app project as HubSpot does at upload, and refuses what HubSpot refuses. */
export function readAppProject(input: UploadInput): App {
  const project = json(join(input.projectDir, 'hsproject.json'));
  for (const key of ['name', 'srcDir', 'platformVersion'])
    if (typeof project[key] !== 'string') throw new Error(`hsproject.json lacks "${key}"`);
  if (!PLATFORM_VERSIONS.includes(project['platformVersion'] as string))
    throw new Error(`platformVersion ${String(project['platformVersion'])} is not supported`);
  const srcDir = join(input.projectDir, project['srcDir'] as string);
  const appDir = join(srcDir, 'app');
  const { uid, config: app } = component(join(appDir, 'app-hsmeta.json'), 'app', input.variables);
  const auth = app['auth'] as Json;
  const hooks = webhooksComponent(appDir, input.variables);
  const webhooks = hooks?.config;
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
    permittedUrls: permittedUrls(app['permittedUrls']),
    cards: cardComponents({
      srcDir,
      read: (file) => component(file, 'card', input.variables),
      takenUids: hooks ? [uid, hooks.uid] : [uid],
    }),
    variables: input.variables,
    targetUrl: (settings?.['targetUrl'] as string | undefined) ?? null,
    maxConcurrentRequests: concurrency(settings),
    subscriptions: webhooks ? subscriptionsOf(webhooks, scopes(auth, 'requiredScopes')) : [],
    proxy: input.proxy ?? {},
  };
}

function webhooksComponent(appDir: string, variables: Record<string, string>): Component | null {
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
