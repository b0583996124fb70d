import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import { startLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import type { LocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';

export const PROJECT_DIR = fileURLToPath(new URL('../../hubspot-app', import.meta.url));
/** What the app project asks for, so that a scope more or less of it changes no test of the sandbox. */
export const ourScopes = (): string[] => {
  const text = readFileSync(join(PROJECT_DIR, 'src/app/app-hsmeta.json'), 'utf8');
  const project = JSON.parse(text) as { config: { auth: { requiredScopes: string[] } } };
  return project.config.auth.requiredScopes;
};
/** An app of one card, so that tests of cards do not wait for ours. Files are texts or JSON by path below `src/app`. */
export function writeProject(files: Record<string, string | object> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'hubspot-project-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const project = { name: 'small', srcDir: 'src', platformVersion: '2026.09' };
  const all = { ...SMALL_APP, ...files, '../../hsproject.json': project };
  for (const [name, content] of Object.entries(all)) {
    const path = join(directory, 'src/app', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

export const SMALL_CARD = {
  uid: 'small_card',
  type: 'card',
  config: { name: 'Small', location: 'crm.record.tab', entrypoint: '/app/cards/Small.tsx', objectTypes: ['contacts'] },
};

const SMALL_APP: Record<string, string | object> = {
  'app-hsmeta.json': {
    uid: 'small_app',
    type: 'app',
    config: {
      name: 'Small',
      auth: {
        redirectUrls: ['${PUBLIC_URL}/callback'],
        requiredScopes: ['oauth', 'crm.objects.contacts.read', 'crm.objects.companies.read'],
      },
      permittedUrls: { fetch: ['${PUBLIC_URL}'], iframe: [], img: ['${PUBLIC_URL}'] },
    },
  },
  'cards/Small.tsx': '',
  'cards/small-hsmeta.json': SMALL_CARD,
};

export const APP_ID = 501;
export const PORTAL_ID = 101;
export const CLIENT_ID = 'client-501';
export const SECRET = 'secret-501';

/** A clock that stands still until a test moves it. */
export class ManualClock {
  #nowMs = Date.UTC(2026, 10, 20, 9, 0, 0);

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

export interface Delivery {
  url: string;
  headers: IncomingHttpHeaders;
  raw: string;
  events: Record<string, unknown>[];
}

export interface Receiver {
  url: string;
  deliveries: Delivery[];
  /** what the next requests get: a status, or silence */
  answer: (delivery: Delivery) => number | 'silence' | Promise<number>;
  events(): Record<string, unknown>[];
}

/** Where webhooks go in these tests: keeps what came and answers as told. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    deliveries: [],
    answer: () => 200,
    events: () => receiver.deliveries.flatMap(({ events }) => events),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const events = JSON.parse(raw) as Record<string, unknown>[];
      const delivery = { url: request.url ?? '', headers: request.headers, raw, events };
      receiver.deliveries.push(delivery);
      void Promise.resolve(receiver.answer(delivery)).then((answer) => {
        if (answer !== 'silence') response.writeHead(answer).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

export interface Answer {
  status: number;
  headers: Headers;
  // Bodies are judged by the tests themselves, field by field.
  body: any;
}

export interface Bench {
  hubspot: LocalHubSpot;
  control: LocalHubSpot['control'];
  portal: ReturnType<LocalHubSpot['control']['portal']>;
  clock: ManualClock;
  accessToken: string;
  refreshToken: string;
  api(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
}

export interface StartInput {
  publicUrl?: string;
  clock?: ManualClock;
  dataDir?: string;
  scopes?: string[];
  seed?: 'believable' | 'empty';
  /** how many contacts the account has before the app is connected */
  contacts?: number;
}

/** A local HubSpot with our app uploaded and connected to one account. */
export async function startBench(input: StartInput = {}): Promise<Bench> {
  const clock = input.clock ?? new ManualClock();
  const hubspot = await startLocalHubSpot({ clock, ...(input.dataDir !== undefined && { dataDir: input.dataDir }) });
  onTestFinished(() => hubspot.close());
  const { control } = hubspot;
  uploadOurApp(control, input.publicUrl ?? 'http://127.0.0.1:9');
  control.createPortal({
    portalId: PORTAL_ID,
    ...(input.seed !== undefined && { seed: input.seed }),
    ...(input.contacts !== undefined && { contacts: input.contacts }),
  });
  const { accessToken, refreshToken } = control.portal(PORTAL_ID).install(APP_ID, input.scopes);
  return {
    hubspot,
    control,
    portal: control.portal(PORTAL_ID),
    clock,
    accessToken,
    refreshToken,
    api: (method, path, body, token = accessToken) => request(hubspot.url, method, path, body, token),
  };
}

export function uploadOurApp(control: LocalHubSpot['control'], publicUrl: string): void {
  control.uploadApp({
    projectDir: PROJECT_DIR,
    variables: { PUBLIC_URL: publicUrl },
    appId: APP_ID,
    clientId: CLIENT_ID,
    clientSecrets: [SECRET],
  });
}

export async function request(
  url: string,
  method: string,
  path: string,
  body: unknown,
  token: string,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

export async function postForm(url: string, path: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(url + path, { method: 'POST', body: new URLSearchParams(fields) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

export const contacts = (action: string): string => `/crm/objects/2026-09/contacts${action}`;
export const deals = (action: string): string => `/crm/objects/2026-09/deals${action}`;
