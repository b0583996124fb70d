import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import { freePort, MovedClock, SupervisedService, type Death } from './supervised-service.ts';

const PORTAL_ID = 101;
const APP_ID = 4711;
const CLIENT_ID = 'fault-client';
const CLIENT_SECRET = 'fault-secret';
const ADVOCATE = { email: 'ada.advocate@example.com', firstName: 'Ada', lastName: 'Advocate' };
const FRIEND = { email: 'finn.friend@example.org', firstName: 'Finn', lastName: 'Friend' };
/** The service makes the friend's contact and their deal: neither may come twice. */
const PROGRAM = {
  ...DEAL_PROGRAM,
  capture: { deal: { policy: 'create', pipelineId: 'default', stageId: 'qualifiedtobuy' } },
};

/** What an asker waits for before it asks again; a step that needs longer has failed. */
const STEP_MS = 60_000;
/** Work due later than this is not part of the journey. */
const HORIZON_MS = 15 * 60_000;
/** After this the access token has expired and the search for lost changes is due. */
const TOKEN_LIFE_MS = 35 * 60_000;
/** Nothing has moved for so long: the next thing is only a matter of the clock. */
const STILL_MS = 600;

export type Outcome = Readonly<Record<string, unknown>>;

export type Travelled = {
  readonly outcome: Outcome;
  /** Every moment passed, in order. */
  readonly moments: readonly string[];
  readonly deaths: readonly Death[];
  readonly tookMs: number;
};

/**
 * From the installation to an approved reward, the service dying at each of the moments named. Whoever asks the service
 * for something, asks again until there is an answer.
 */
export async function travel(killAt: readonly string[] = []): Promise<Travelled> {
  const startedAt = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'passalong-faults-'));
  const log = join(dir, 'moments');
  const clock = new MovedClock();
  const database = await createTestDatabase();
  const hubspot = await startLocalHubSpot({ clock });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  let service: SupervisedService | null = null;
  try {
    await owner.connect();
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
    hubspot.control.createPortal({ portalId: PORTAL_ID, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR' });
    service = new SupervisedService(clock, {
      ...environmentOf({ port, publicUrl, database, hubspot }),
      KILL_LOG: log,
      KILL_AT: killAt.join('\n'),
    });
    const journey = new Journey({ clock, hubspot, owner, service, publicUrl, database });
    await journey.walk();
    const outcome = await journey.outcome();
    const told = await accountOf(service, { log, killAt });
    return { outcome, ...told, tookMs: performance.now() - startedAt };
  } finally {
    await service?.stop();
    await owner.end();
    await hubspot.close();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * A death is written down before the process is gone, and the last one may still be on its way when the journey ends: waits
 * until the log and the deaths agree. Where they never do, both are told as they are.
 */
async function accountOf(
  service: SupervisedService,
  { log, killAt }: { readonly log: string; readonly killAt: readonly string[] },
): Promise<Pick<Travelled, 'moments' | 'deaths'>> {
  const giveUpAt = performance.now() + 5_000;
  for (;;) {
    const moments = readFileSync(log, 'utf8').trimEnd().split('\n');
    const deaths = [...service.deaths];
    const expected = killAt.filter((moment) => moments.includes(moment)).length;
    if (deaths.length === expected || performance.now() > giveUpAt) return { moments, deaths };
    await sleep(20);
  }
}

function environmentOf(input: {
  readonly port: number;
  readonly publicUrl: string;
  readonly database: TestDatabase;
  readonly hubspot: LocalHubSpot;
}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return {
    PATH,
    TMPDIR,
    PORT: String(input.port),
    PUBLIC_URL: input.publicUrl,
    LOG_LEVEL: 'warn',
    // Without the owner's URL the schema is taken as it is: starting is not what dies here.
    DATABASE_URL: input.database.appUrl,
    SECRET_KEYS: Buffer.alloc(32, 5).toString('base64'),
    HUBSPOT_APP_ID: String(APP_ID),
    HUBSPOT_CLIENT_ID: CLIENT_ID,
    HUBSPOT_CLIENT_SECRETS: CLIENT_SECRET,
    HUBSPOT_API_URL: input.hubspot.url,
    HUBSPOT_APP_URL: input.hubspot.url,
  };
}

type Parts = {
  readonly clock: MovedClock;
  readonly hubspot: LocalHubSpot;
  readonly owner: pg.Client;
  readonly service: SupervisedService;
  readonly publicUrl: string;
  readonly database: TestDatabase;
};

/** The earliest moment at which some work is due, by the tables; null when there is none. */
const NEXT_DUE = `
  select min(greatest(due, claimed_until, (select paused_until from budgets b
           where b.connection_id = d.connection_id and b.kind = 'default'))) as due
    from (
      select connection_id, due_at as due, claimed_until from dirty_records where dead_at is null
      union all select connection_id, due_at, claimed_until from write_backs where due_at is not null and dead_at is null
      union all select connection_id, due_at, claimed_until from outbox where due_at is not null and dead_at is null
      union all select id, provision_due_at, null from connections where provision_due_at is not null
      union all select connection_id, due_at, claimed_until from poll_cursors where due_at <= $1
    ) d`;

function toSecond(date: Date): string {
  return date.toISOString().replace(/\.\d{3}/, '.000');
}

class Journey {
  readonly #parts: Parts;
  #apiKey = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async walk(): Promise<void> {
    const portal = this.#parts.hubspot.control.portal(PORTAL_ID);
    await this.#install();
    await this.#rest();
    const program = await this.#ask('POST', '/programs', PROGRAM);
    await this.#ask('POST', `/programs/${program.id}/publish`);
    portal.createContact({ email: ADVOCATE.email, firstname: 'Ada', lastname: 'Advocate' });
    const advocate = await this.#ask('POST', `/programs/${program.id}/advocates`, ADVOCATE);
    await this.#rest();
    await this.#ask('POST', `/programs/${program.id}/referrals`, { code: advocate.code, ...FRIEND });
    await this.#rest();
    await this.#parts.service.advance(TOKEN_LIFE_MS);
    await this.#rest();
    const friend = portal.find('contacts', 'email', FRIEND.email)[0];
    if (!friend) throw new Error('the friend never became a contact');
    const [deal] = portal.ids('deals');
    if (deal === undefined) throw new Error('the friend never got a deal');
    portal.setProperties('deals', deal, { amount: '1999.90' });
    await this.#rest();
    portal.moveDeal(deal, 'closedwon');
    await this.#rest();
    const { items } = await this.#ask('GET', '/rewards');
    if (items.length !== 1) throw new Error(`${items.length} rewards after the sale`);
    await this.#ask('POST', `/rewards/${items[0].id}/approve`);
    await this.#rest();
  }

  /** What the business would see. What is made up anew each time is replaced by its name: HubSpot must hold the ledger's. */
  async outcome(): Promise<Outcome> {
    const portal = this.#parts.hubspot.control.portal(PORTAL_ID);
    const rows = async (sql: string): Promise<any[]> => (await this.#parts.owner.query(sql)).rows;
    const contacts = (email: string) =>
      portal
        .find('contacts', 'email', email)
        .map(({ properties }) =>
          Object.fromEntries(Object.entries(properties).filter(([name, value]) => /^passalong_/.test(name) && value)),
        );
    const outcome = {
      workspaces: await rows('select currency from workspaces'),
      connections: await rows('select crm, external_account_id, status, status_reason from connections'),
      programs: await rows('select published_version from programs'),
      advocates: await rows('select code from advocates'),
      people: await rows('select email from person_emails order by email'),
      referrals: await rows('select id, status, status_reason, program_version, source, merged_into from referrals'),
      referralMoves: await rows(
        `select from_status, to_status, cause, actor, reason, program_version from referral_events
          where from_status is distinct from to_status order by id`,
      ),
      rewards: await rows(
        'select program_version, milestone, state, amount_minor::text, currency, basis, row_version from rewards',
      ),
      rewardMoves: await rows(
        'select from_state, to_state, cause, amount_minor::text, currency from reward_events order by id',
      ),
      metrics: await rows('select metrics from advocate_metrics'),
      givenUp: await rows(
        `select 'change' as what from dirty_records where dead_at is not null
         union all select 'values' from write_backs where dead_at is not null
         union all select 'person' from outbox where dead_at is not null`,
      ),
      advocateContacts: contacts(ADVOCATE.email),
      friendContacts: contacts(FRIEND.email),
      deals: portal.ids('deals').map((id) => {
        const { properties, associations } = portal.get('deals', id)!;
        const { dealname, dealstage, amount, passalong_referral_id: referral } = properties;
        return { dealname, dealstage, amount, referral, contacts: associations['contacts']?.length };
      }),
    };
    const [made] = await rows(
      'select r.id, a.code, r.referred_at from referrals r join advocates a on a.id = r.advocate_id',
    );
    const [counted] = await rows('select updated_at from advocate_metrics');
    const text = JSON.stringify(outcome)
      .replaceAll(this.#parts.publicUrl, '(service)')
      .replaceAll(made.id, '(referral)')
      .replaceAll(made.code, '(code)')
      .replaceAll(made.referred_at.toISOString(), '(sign-up)')
      // HubSpot is told the second.
      .replaceAll(toSecond(made.referred_at), '(sign-up)')
      .replaceAll(`"passalong_counted_at":"${toSecond(counted.updated_at)}"`, '"passalong_counted_at":"(counted)"')
      .replaceAll(/key_[a-z0-9]{20}/g, '(key)');
    return JSON.parse(text) as Outcome;
  }

  /** The real consent, from its first page again whenever an answer is missing. */
  async #install(): Promise<void> {
    const { database, publicUrl } = this.#parts;
    await this.#persist('the installation', async () => {
      const begun = await open(`${publicUrl}/hubspot/oauth/install`);
      const consent = new URL(begun.headers.get('location') ?? '');
      consent.searchParams.set('portalId', String(PORTAL_ID));
      consent.searchParams.set('decision', 'grant');
      const granted = await open(consent, { method: 'POST' });
      const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      const finished = await open(granted.headers.get('location') ?? '', { headers: { cookie } });
      if (finished.status >= 400) throw new Error(`${finished.status} ${await finished.text()}`);
    });
    const pool = openPool({ url: database.appUrl, maxConnections: 1 });
    try {
      const found = await findConnection(pool, { crm: 'hubspot', externalAccountId: String(PORTAL_ID) });
      if (!found) throw new Error('the portal is not connected');
      const now = new Date(this.#parts.clock.now());
      this.#apiKey = (await createApiKey(pool, found.workspaceId, { label: 'faults', now })).key;
    } finally {
      await pool.close();
    }
  }

  /** A request with an Idempotency-Key, repeated word for word until it is answered. */
  async #ask(method: string, path: string, body?: unknown): Promise<any> {
    const { publicUrl, service } = this.#parts;
    const key = `journey:${method}:${path}`;
    return this.#persist(`${method} ${path}`, async () => {
      const answer = await open(`${publicUrl}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#apiKey}`,
          ...(method === 'GET' ? {} : { 'idempotency-key': key, 'content-type': 'application/json' }),
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      const text = await answer.text();
      if (answer.status < 300) return JSON.parse(text);
      if (answer.status < 500 && !text.includes('idempotency_key_busy')) throw new Refused(`${answer.status} ${text}`);
      if (answer.status < 500) await service.advance(121_000);
      throw new Error(`${answer.status} ${text}`);
    });
  }

  async #persist<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + STEP_MS;
    for (;;) {
      await this.#parts.service.up();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof Refused || performance.now() > giveUpAt) {
          throw new Error(`${what} failed.\n${this.#parts.service.output.slice(-20).join('\n')}`, { cause: error });
        }
        await sleep(20);
      }
    }
  }

  /** Until nothing is due and nothing is on its way. Where only the clock is waited for, the clock is moved. */
  async #rest(): Promise<void> {
    const { clock, service } = this.#parts;
    const giveUpAt = performance.now() + STEP_MS;
    let seen: number | null = null;
    let seenAt = performance.now();
    while (performance.now() < giveUpAt) {
      await service.up();
      const due = await this.#nextDue();
      if (due === null || due > clock.now() + HORIZON_MS) return;
      if (due !== seen) {
        seen = due;
        seenAt = performance.now();
      } else if (performance.now() - seenAt > STILL_MS && due > clock.now()) {
        await service.advance(due - clock.now());
      }
      await sleep(20);
    }
    throw new Error(`The service did not come to rest.\n${this.#parts.service.output.slice(-20).join('\n')}`);
  }

  async #nextDue(): Promise<number | null> {
    const { clock, hubspot, owner } = this.#parts;
    const onTheWay = hubspot.control.deliveries.pending().map(({ dueAtMs }) => dueAtMs);
    const { rows } = await owner.query<{ due: Date | null }>(NEXT_DUE, [new Date(clock.now())]);
    const ours = rows[0]?.due ? [rows[0].due.getTime()] : [];
    const all = [...onTheWay, ...ours];
    return all.length === 0 ? null : Math.min(...all);
  }
}

/** An answer that asking again would not change. */
class Refused extends Error {}

function open(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...init });
}
