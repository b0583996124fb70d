import pg from 'pg';
import { readContactCard, listContactReferrals } from '../../backend/src/cards/contact-card-store.ts';
import type { CardInput } from '../../backend/src/cards/card-input.ts';
import { openPool, type Database, type TenantTransaction } from '../../backend/src/db/database.ts';
import { recountMetrics } from '../../backend/src/metrics/metrics-store.ts';
import type { ContactCardView } from '../../shared/card-view.ts';
import { contactCardView } from '../../shared/contracts/hubspot-card-views.ts';
import type { ReferralStatus, RewardState } from '../../shared/referral-status.ts';
import { createTestDatabase } from '../database.ts';
import { DEFINITION } from '../http/seed.ts';

export const NOW = new Date('2026-11-20T10:00:00.000Z');
export const PUBLIC_URL = 'https://refer.example.com';

export function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 86_400_000);
}

export type World = {
  readonly database: Database;
  /** Workspaces of their own, each with one HubSpot account. */
  workspace(name: string): Promise<WorldOfOne>;
  /** Such a workspace with Ada, who refers, on contact 501. */
  withAda(name: string): Promise<{ readonly ours: WorldOfOne; readonly adaId: string }>;
  /** What autovacuum does in real life. */
  gatherStatistics(): Promise<void>;
  close(): Promise<void>;
};

export type ReferralSeed = {
  readonly advocate: string;
  readonly friend: string;
  readonly program?: string;
  readonly status?: ReferralStatus;
  readonly reason?: string;
  readonly at?: Date;
  readonly statusAt?: Date;
  readonly mergedInto?: string;
};

export type RewardSeed = {
  readonly referral: string;
  readonly recipient: string;
  readonly state: RewardState;
  readonly minor: number;
  readonly currency?: string;
  readonly at?: Date;
  readonly basis?: object;
};

/** Names are the tests' own; ids are made of them: `ada` is the person `per_ada`, her advocacies `adv_ada_<program>`. */
export class WorldOfOne {
  readonly workspaceId: string;
  readonly connectionId: string;
  private readonly database: Database;
  private readonly of: { readonly workspace_id: string };

  constructor(database: Database, name: string) {
    this.database = database;
    this.workspaceId = `ws_${name}`;
    this.connectionId = `con_${name}`;
    this.of = { workspace_id: this.workspaceId };
  }

  run<T>(work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.database.inWorkspace(this.workspaceId, work);
  }

  async connect(account: string, uiDomain: string | null): Promise<void> {
    await this.run(async (tx) => {
      await tx('workspaces').insert({ id: this.workspaceId, name: this.workspaceId, created_at: NOW });
      await tx('connections').insert({
        ...this.of,
        id: this.connectionId,
        crm: 'hubspot',
        external_account_id: account,
        status: 'connected',
        ui_domain: uiDomain,
        connected_at: NOW,
        created_at: NOW,
      });
    });
  }

  /** Published `days` ago: the one published first is the primary one. */
  async program(key: string, name: string, days = 300): Promise<void> {
    const id = `prg_${this.workspaceId}_${key}`;
    const definition = JSON.stringify({ ...DEFINITION, name });
    const at = daysAgo(days);
    await this.run(async (tx) => {
      const row = { ...this.of, id, key, form_key: `pf_${id}`, draft: definition, created_at: at, updated_at: at };
      await tx('programs').insert({ ...row, published_version: 1 });
      const version = { ...this.of, program_id: id, version: 1, definition };
      await tx('program_versions').insert({ ...version, published_by: 'test', published_at: at });
      await tx('reward_rules').insert({ ...this.of, program_id: id, id: 'rwr_ten', first_version: 1 });
    });
  }

  async person(name: string, details: { first?: string; last?: string; email?: string; erased?: boolean } = {}) {
    await this.run((tx) =>
      tx('people').insert({
        ...this.of,
        id: this.personId(name),
        first_name: details.first ?? null,
        last_name: details.last ?? null,
        email: details.email ?? null,
        erased_at: details.erased ? NOW : null,
        created_at: daysAgo(200),
      }),
    );
  }

  /** Somebody who was or will be referred. */
  async friend(name: string, first = 'Dana'): Promise<void> {
    await this.person(name, { first, last: 'Friend', email: `${name}@example.org` });
  }

  async contact(recordId: string, name: string | null, more: object = {}): Promise<void> {
    await this.run((tx) =>
      tx('crm_records').insert({
        ...this.of,
        connection_id: this.connectionId,
        object_type: 'contact',
        record_id: recordId,
        person_id: name === null ? null : this.personId(name),
        first_seen_at: daysAgo(200),
        ...more,
      }),
    );
  }

  async advocate(name: string, program: string, more: object = {}): Promise<string> {
    const id = `adv_${this.workspaceId}_${name}_${program}`;
    await this.run((tx) =>
      tx('advocates').insert({
        ...this.of,
        id,
        program_id: this.programId(program),
        person_id: this.personId(name),
        code: `${this.workspaceId}-${name}-${program}`,
        created_at: daysAgo(100),
        ...more,
      }),
    );
    return id;
  }

  async referral(id: string, seed: ReferralSeed): Promise<void> {
    const at = seed.at ?? daysAgo(1);
    await this.run((tx) =>
      tx('referrals').insert({
        ...this.of,
        id: this.referralId(id),
        program_id: this.programId(seed.program ?? 'main'),
        advocate_id: `adv_${this.workspaceId}_${seed.advocate}_${seed.program ?? 'main'}`,
        person_id: this.personId(seed.friend),
        status: seed.status ?? 'pending',
        status_reason: seed.reason ?? 'Waiting for a deal to reach Closed won',
        status_at: seed.statusAt ?? at,
        source: 'link',
        merged_into: seed.mergedInto === undefined ? null : this.referralId(seed.mergedInto),
        referred_at: at,
        created_at: at,
      }),
    );
  }

  async reward(id: string, seed: RewardSeed): Promise<void> {
    const at = seed.at ?? daysAgo(1);
    const basis = seed.basis ?? { kind: 'fixed', amount: '1.00', currency: seed.currency ?? 'USD' };
    await this.run((tx) =>
      tx('rewards').insert({
        ...this.of,
        id: `rwd_${id}`,
        program_id: this.programId('main'),
        program_version: 1,
        referral_id: this.referralId(seed.referral),
        reward_rule_id: 'rwr_ten',
        recipient_person_id: this.personId(seed.recipient),
        milestone: 'approved',
        state: seed.state,
        amount_minor: seed.minor,
        currency: seed.currency ?? 'USD',
        basis: JSON.stringify(basis),
        created_at: at,
        state_at: at,
      }),
    );
  }

  /** As the service does with every change. */
  async recount(...advocateIds: readonly string[]): Promise<void> {
    await this.run((tx) => recountMetrics(tx, { workspaceId: this.workspaceId, now: NOW, advocateIds }));
  }

  /** The card, held against its contract. */
  async card(recordId: string, input: Partial<CardInput> = {}): Promise<ContactCardView> {
    const view = await this.run((tx) => readContactCard(tx, { ...this.input(recordId), ...input }));
    return contactCardView.parse(view);
  }

  page(recordId: string, after: readonly string[] | null) {
    return this.run((tx) => listContactReferrals(tx, { ...this.input(recordId), after }));
  }

  input(recordId: string): CardInput {
    const { workspaceId, connectionId } = this;
    const appUrl = 'https://app.hubspot.com';
    return { workspaceId, connectionId, recordId, publicUrl: PUBLIC_URL, appUrl, now: NOW };
  }

  personId(name: string): string {
    return `per_${this.workspaceId}_${name}`;
  }

  programId(key: string): string {
    return `prg_${this.workspaceId}_${key}`;
  }

  referralId(id: string): string {
    return `ref_${this.workspaceId}_${id}`;
  }
}

export async function openWorld(): Promise<World> {
  const testDatabase = await createTestDatabase();
  const database = openPool({ url: testDatabase.appUrl, maxConnections: 4 });
  let account = 100;
  const workspace = async (name: string): Promise<WorldOfOne> => {
    const one = new WorldOfOne(database, name);
    account += 1;
    await one.connect(String(account), 'app-eu1.hubspot.com');
    await one.program('main', 'Customer referrals');
    return one;
  };
  return {
    database,
    workspace,
    async withAda(name) {
      const ours = await workspace(name);
      await ours.person('ada', { first: 'Ada', last: 'Advocate', email: 'ada@example.com' });
      await ours.contact('501', 'ada');
      return { ours, adaId: await ours.advocate('ada', 'main') };
    },
    async gatherStatistics() {
      const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
      await owner.connect();
      await owner.query('vacuum (analyze)');
      await owner.end();
    },
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
}
