import { devNull } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openPool } from '../../backend/src/db/database.ts';
import { roleOf } from '../../backend/src/db/migrate.ts';
import { migrateJobs } from '../../backend/src/jobs/job-schema.ts';
import { createApiKey } from '../../backend/src/workspaces/api-keys-store.ts';
import { findConnection } from '../../backend/src/workspaces/connections-store.ts';
import { startLocalHubSpot, type LocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { DEAL_PROGRAM } from '../journeys/program.ts';
import { freePort, MovedClock, SupervisedService } from './supervised-service.ts';

const APP_ID = 4711;
const CLIENT_ID = 'large-client';
const CLIENT_SECRET = 'large-secret';
const PORTAL_ID = 900;
/** How long nothing has to move before the clock is moved on: the work then waits for the call window. */
const STILL_MS = 150;
const GIVE_UP_MS = 240_000;

export type Progress = {
  readonly id: string;
  readonly state: string;
  readonly progress: { readonly seen: number; readonly enrolled: number; readonly already: number };
};

/** The service as a process of its own, a portal with very many contacts, limits on. */
export class LargeEnrolment {
  readonly hubspot: LocalHubSpot;
  readonly service: SupervisedService;
  readonly owner: pg.Pool;
  readonly #database: TestDatabase;
  readonly publicUrl: string;
  readonly #apiKey: string;
  /** Highest seen, in MB, over all lives of the process. */
  peakRssMb = 0;

  private constructor(parts: {
    hubspot: LocalHubSpot;
    service: SupervisedService;
    owner: pg.Pool;
    database: TestDatabase;
    publicUrl: string;
    apiKey: string;
  }) {
    this.hubspot = parts.hubspot;
    this.service = parts.service;
    this.owner = parts.owner;
    this.#database = parts.database;
    this.publicUrl = parts.publicUrl;
    this.#apiKey = parts.apiKey;
  }

  static async open(contacts: number): Promise<LargeEnrolment> {
    const clock = new MovedClock();
    const database = await createTestDatabase();
    const hubspot = await startLocalHubSpot({ clock });
    await migrateJobs({ ownerUrl: database.ownerUrl, appRole: roleOf(database.appUrl) });
    const port = await freePort();
    const publicUrl = `http://localhost:${port}`;
    hubspot.control.uploadApp({
      projectDir: join(import.meta.dirname, '../../hubspot-app'),
      variables: { PUBLIC_URL: publicUrl },
      appId: APP_ID,
      clientId: CLIENT_ID,
      clientSecrets: [CLIENT_SECRET],
    });
    hubspot.control.createPortal({ portalId: PORTAL_ID, contacts });
    const service = new SupervisedService(clock, {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      KILL_LOG: devNull,
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      DATABASE_URL: database.appUrl,
      SECRET_KEYS: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: 'warn',
      HUBSPOT_APP_ID: String(APP_ID),
      HUBSPOT_CLIENT_ID: CLIENT_ID,
      HUBSPOT_CLIENT_SECRETS: CLIENT_SECRET,
      HUBSPOT_API_URL: hubspot.url,
      HUBSPOT_APP_URL: hubspot.url,
    });
    await service.up();
    const apiKey = await install({ publicUrl, database, clock });
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    return new LargeEnrolment({ hubspot, service, owner, database, publicUrl, apiKey });
  }

  portal() {
    return this.hubspot.control.portal(PORTAL_ID);
  }

  async api(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(`${this.publicUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = (await answer.json()) as any;
    // The window is full of what came before: it is asked again when there is room, as the answer says.
    if (read.error?.code === 'crm_rate_limited') {
      await this.service.advance(1_000);
      return this.api(method, path, body);
    }
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(read)}`);
    return read;
  }

  async publishedProgram(settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { id } = await this.api('POST', '/programs', { ...DEAL_PROGRAM, ...settings });
    await this.api('POST', `/programs/${id}/publish`);
    return id;
  }

  /**
   * Until the enrolment is over and nothing is left to write. When the work only waits for its call window the clock is
   * moved on a second at a time; every limit is kept by that clock. The process dies each time one of `killAt` is passed.
   */
  async finish(enrolmentId: string, killAt: readonly number[] = []): Promise<Progress> {
    const deaths = [...killAt];
    const giveUpAt = performance.now() + GIVE_UP_MS;
    let movedAt = performance.now();
    let before = '';
    for (;;) {
      await this.service.up();
      const state = await this.#state(enrolmentId);
      this.#noteMemory();
      if (deaths[0] !== undefined && state.seen >= deaths[0]) {
        deaths.shift();
        await this.#kill();
        continue;
      }
      const now = JSON.stringify(state);
      if (now !== before) movedAt = performance.now();
      before = now;
      if (state.state === 'done' && state.waiting === 0) break;
      if (performance.now() > giveUpAt)
        throw new Error(`not finished: ${now}\n${this.service.output.slice(-20).join('\n')}`);
      if (performance.now() - movedAt > STILL_MS) await this.service.advance(1_000);
      await sleep(20);
    }
    return this.api('GET', `/enrolments/${enrolmentId}`);
  }

  async close(): Promise<void> {
    await this.service.stop();
    await this.owner.end();
    await this.hubspot.close();
    await this.#database.drop();
  }

  async #state(enrolmentId: string) {
    const { rows } = await this.owner.query<{ state: string; seen: number; waiting: number }>(
      `select state, seen, (select count(*)::int from write_backs where due_at is not null) as waiting
         from enrolments where id = $1`,
      [enrolmentId],
    );
    return rows[0] ?? { state: 'missing', seen: 0, waiting: 0 };
  }

  async #kill(): Promise<void> {
    const { pid, deaths } = this.service;
    const before = deaths.length;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    while (deaths.length === before) await sleep(5);
    await this.service.up();
  }

  #noteMemory(): void {
    const used = this.service.residentMb();
    if (used > this.peakRssMb) this.peakRssMb = used;
  }
}

async function install(input: { publicUrl: string; database: TestDatabase; clock: MovedClock }): Promise<string> {
  const { publicUrl, database, clock } = input;
  const begun = await fetch(`${publicUrl}/hubspot/oauth/install`, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(begun.headers.get('location') ?? '');
  consent.searchParams.set('portalId', String(PORTAL_ID));
  consent.searchParams.set('decision', 'grant');
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const finished = await fetch(granted.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
  if (finished.status >= 400) throw new Error(`the installation failed: ${await finished.text()}`);
  const pool = openPool({ url: database.appUrl, maxConnections: 1 });
  try {
    const found = await findConnection(pool, { crm: 'hubspot', externalAccountId: String(PORTAL_ID) });
    if (!found) throw new Error('the portal is not connected');
    return (await createApiKey(pool, found.workspaceId, { label: 'test', now: new Date(clock.now()) })).key;
  } finally {
    await pool.close();
  }
}
