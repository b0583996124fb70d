import pg from 'pg';
import { openPool, type Database, type TenantTransaction } from '../../backend/src/db/database.ts';
import type { CardInput } from '../../backend/src/cards/card-input.ts';
import type { FieldValues } from '../../backend/src/crm/port.ts';
import { newId } from '../../backend/src/ids.ts';
import { recountMetrics } from '../../backend/src/metrics/metrics-store.ts';
import type { QualificationRule, RewardRule } from '../../shared/program-definition.ts';
import { NEW_PROGRAM_SETTINGS } from '../../shared/program-definition.ts';
import type { ReferralStatus, RewardState } from '../../shared/referral-status.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

export const NOW = new Date('2026-11-20T10:15:00.000Z');
const AT = new Date('2026-11-18T09:00:00.000Z');

export type ReferralRow = {
  readonly programId: string;
  readonly advocateId: string;
  readonly personId: string;
  readonly status?: ReferralStatus;
  readonly reason?: string;
  readonly at?: Date;
  readonly heldFor?: 'review' | null;
};

/** Rows of one workspace with one account, put in by hand: what the cards read, without the loop that writes it. */
export type WorkspaceRows = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly input: (recordId: string) => CardInput;
  readonly read: <T>(work: (tx: TenantTransaction) => Promise<T>) => Promise<T>;
  readonly program: (input: {
    readonly name: string;
    readonly rules?: readonly QualificationRule[];
    readonly rewardRules?: readonly RewardRule[];
  }) => Promise<string>;
  /** A person and their contact, which may name a company. */
  readonly person: (contactId: string | null, name: string, companyId?: string) => Promise<string>;
  readonly advocate: (programId: string, personId: string) => Promise<string>;
  readonly referral: (row: ReferralRow) => Promise<string>;
  readonly reward: (input: {
    readonly referralId: string;
    readonly ruleId: string;
    readonly state: RewardState;
    readonly amountMinor: number;
    readonly basis: Readonly<Record<string, unknown>>;
  }) => Promise<void>;
  readonly deal: (dealId: string, contactIds: readonly string[], values: FieldValues) => Promise<void>;
  readonly recount: (advocateIds: readonly string[]) => Promise<void>;
};

export type RowsDatabase = {
  readonly database: Database;
  readonly workspace: (portalId: string, crmSchema?: object) => Promise<WorkspaceRows>;
  /** What autovacuum does in real life. */
  readonly gatherStatistics: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openRowsDatabase(): Promise<RowsDatabase> {
  const test: TestDatabase = await createTestDatabase();
  const database = openPool({ url: test.appUrl });
  return {
    database,
    workspace: (portalId, crmSchema = {}) => createRows(database, portalId, crmSchema),
    async gatherStatistics() {
      const owner = new pg.Client({ connectionString: test.ownerUrl });
      await owner.connect();
      await owner.query('analyze');
      await owner.end();
    },
    async close() {
      await database.close();
      await test.drop();
    },
  };
}

async function createRows(database: Database, portalId: string, crmSchema: object): Promise<WorkspaceRows> {
  const workspaceId = newId('ws');
  const connectionId = newId('con');
  const read: WorkspaceRows['read'] = (work) => database.inWorkspace(workspaceId, work);
  const insert = async (table: string, row: object): Promise<void> => {
    await read((tx) => tx(table).insert({ workspace_id: workspaceId, ...row }));
  };
  await read((tx) => tx('workspaces').insert({ id: workspaceId, name: portalId, currency: 'EUR', created_at: AT }));
  await insert('connections', {
    id: connectionId,
    crm: 'hubspot',
    external_account_id: portalId,
    status: 'connected',
    crm_schema: crmSchema,
    connected_at: AT,
    created_at: AT,
  });
  const record = (objectType: string, recordId: string, more: object = {}): Promise<void> =>
    insert('crm_records', {
      connection_id: connectionId,
      object_type: objectType,
      record_id: recordId,
      first_seen_at: AT,
      ...more,
    });
  return {
    workspaceId,
    connectionId,
    read,
    input: (recordId) => ({
      workspaceId,
      connectionId,
      recordId,
      publicUrl: 'https://refer.example.com',
      appUrl: 'https://app.hubspot.com',
      now: NOW,
    }),
    program: ({ name, rules = [], rewardRules = [] }) => createProgram(insert, { name, rules, rewardRules }),
    async person(contactId, name, companyId) {
      const id = newId('per');
      const [first = '', last = ''] = name.split(' ');
      const email = `${first}@example.com`.toLowerCase();
      await insert('people', { id, email, first_name: first, last_name: last, created_at: AT });
      if (contactId !== null) await record('contact', contactId, { person_id: id, company_id: companyId ?? null });
      return id;
    },
    async advocate(programId, personId) {
      const id = newId('adv');
      const code = id.slice(4, 16);
      await insert('advocates', { id, program_id: programId, person_id: personId, code, created_at: AT });
      return id;
    },
    async referral({
      programId,
      advocateId,
      personId,
      status = 'pending',
      reason = 'Waiting',
      at = AT,
      heldFor = null,
    }) {
      const id = newId('ref');
      const who = { program_id: programId, advocate_id: advocateId, person_id: personId };
      const where = { status, status_reason: reason, status_at: at, held_for: heldFor };
      await insert('referrals', { id, ...who, ...where, source: 'link', referred_at: at, created_at: at });
      return id;
    },
    async reward({ referralId, ruleId, state, amountMinor, basis }) {
      await read((tx) =>
        tx.raw(
          `insert into rewards (id, workspace_id, program_id, program_version, referral_id, reward_rule_id, recipient_person_id,
                                milestone, state, amount_minor, currency, basis, created_at, state_at)
           select ?, r.workspace_id, r.program_id, 1, r.id, ?, a.person_id, 'approved', ?, ?, 'EUR', ?::jsonb, ?::timestamptz, ?::timestamptz
             from referrals r join advocates a on a.id = r.advocate_id where r.id = ?`,
          [newId('rwd'), ruleId, state, amountMinor, JSON.stringify(basis), AT, AT, referralId],
        ),
      );
    },
    async deal(dealId, contactIds, values) {
      await record('deal', dealId);
      for (const contactId of contactIds) {
        await insert('record_links', { connection_id: connectionId, deal_id: dealId, contact_id: contactId });
      }
      await insert('snapshots', {
        connection_id: connectionId,
        object_type: 'deal',
        record_id: dealId,
        modified_at: AT,
        read_at: AT,
        values: JSON.stringify(values),
        contact_ids: [...contactIds].sort(),
      });
    },
    recount: (advocateIds) => read((tx) => recountMetrics(tx, { workspaceId, advocateIds, now: NOW })),
  };
}

async function createProgram(
  insert: (table: string, row: object) => Promise<void>,
  input: {
    readonly name: string;
    readonly rules: readonly QualificationRule[];
    readonly rewardRules: readonly RewardRule[];
  },
): Promise<string> {
  const id = newId('prg');
  const definition = JSON.stringify({ ...NEW_PROGRAM_SETTINGS, landingUrl: null, ...input });
  const times = { created_at: AT, updated_at: AT };
  await insert('programs', { id, key: id, form_key: id, draft: definition, published_version: 1, ...times });
  await insert('program_versions', { program_id: id, version: 1, definition, published_by: 'test', published_at: AT });
  for (const rule of input.rewardRules) {
    await insert('reward_rules', { program_id: id, id: rule.id, first_version: 1 });
  }
  return id;
}
