import type { Database } from '../../backend/src/db/database.ts';
import { NEW_PROGRAM_SETTINGS } from '../../shared/program-definition.ts';
import { NOW } from './test-server.ts';

/** One of everything in a workspace; ids end in the given letter, so that two workspaces can be told apart. */
export type Seed = {
  readonly programId: string;
  readonly advocateId: string;
  readonly referralId: string;
  readonly rewardId: string;
  readonly entryId: string;
  readonly connectionId: string;
  readonly deadLetterId: string;
  readonly code: string;
  readonly formKey: string;
  readonly enrolmentId: string;
  readonly reEvaluationId: string;
};

export const ALLOWED_ORIGIN = 'https://www.example.com';

export const DEFINITION = {
  ...NEW_PROGRAM_SETTINGS,
  page: { ...NEW_PROGRAM_SETTINGS.page, allowedOrigins: [ALLOWED_ORIGIN] },
  name: 'Partner referrals',
  landingUrl: 'https://example.com/welcome?utm=x',
  rules: [
    {
      id: 'rul_won',
      status: 'approved',
      enabled: true,
      operator: 'any_of',
      object: 'deal',
      field: 'dealstage',
      pipelineId: 'default',
      values: ['closedwon'],
    },
  ],
  rewardRules: [
    {
      id: 'rwr_ten',
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'percent',
      percent: '10',
      saleValue: { object: 'deal', field: 'amount' },
    },
  ],
} as const;

/** `letter` is one of the code alphabet (no vowels), `account` the HubSpot portal. */
export async function seedWorkspace(
  database: Database,
  workspaceId: string,
  { letter, account }: { readonly letter: string; readonly account: string },
): Promise<Seed> {
  const at = new Date(NOW);
  const of = { workspace_id: workspaceId };
  const id = (prefix: string): string => `${prefix}_seed${letter}`;
  const seed: Seed = {
    programId: id('prg'),
    advocateId: id('adv'),
    referralId: id('ref'),
    rewardId: id('rwd'),
    entryId: id('ent'),
    connectionId: id('con'),
    deadLetterId: `write~${id('con')}~contact~501`,
    code: `k7m2x9qdwt${letter}`,
    formKey: `pf_${letter.repeat(26)}`,
    enrolmentId: id('enr'),
    reEvaluationId: id('rev'),
  };
  const { programId, advocateId, referralId, connectionId } = seed;
  const definition = JSON.stringify(DEFINITION);
  await database.inWorkspace(workspaceId, async (tx) => {
    await tx('connections').insert({
      ...of,
      id: connectionId,
      crm: 'hubspot',
      external_account_id: account,
      status: 'connected',
      connected_at: at,
      created_at: at,
    });
    await tx('programs').insert({
      ...of,
      id: programId,
      key: 'partner',
      form_key: seed.formKey,
      draft: definition,
      published_version: 1,
      created_at: at,
      updated_at: at,
    });
    await tx('program_versions').insert({
      ...of,
      program_id: programId,
      version: 1,
      definition,
      published_by: 'seed',
      published_at: at,
    });
    await tx('reward_rules').insert({ ...of, program_id: programId, id: 'rwr_ten', first_version: 1 });
    await tx('people').insert([
      {
        ...of,
        id: id('per_a'),
        email: `ada.${letter}@example.com`,
        first_name: 'Ada',
        last_name: 'Advocate',
        created_at: at,
      },
      { ...of, id: id('per_f'), email: `dana.${letter}@example.com`, first_name: 'Dana', created_at: at },
    ]);
    await tx('advocates').insert({
      ...of,
      id: advocateId,
      program_id: programId,
      person_id: id('per_a'),
      code: seed.code,
      created_at: at,
    });
    await tx('referrals').insert({
      ...of,
      id: referralId,
      program_id: programId,
      advocate_id: advocateId,
      person_id: id('per_f'),
      status: 'approved',
      status_reason: 'The deal reached “Closed won”.',
      status_at: at,
      program_version: 1,
      source: 'api',
      rules_version: 1,
      rules_since: at,
      referred_at: at,
      created_at: at,
    });
    await tx('referral_events').insert([
      {
        ...of,
        referral_id: referralId,
        at,
        from_status: null,
        to_status: 'pending',
        cause: 'recorded',
        actor: 'system',
        reason: 'Referred.',
      },
      {
        ...of,
        referral_id: referralId,
        at,
        from_status: 'pending',
        to_status: 'approved',
        cause: 'rule',
        actor: 'system',
        reason: 'Won.',
        program_version: 1,
        entry_id: seed.entryId,
      },
    ]);
    await tx('entries').insert({
      ...of,
      id: seed.entryId,
      state: 'review',
      reason_code: 'rule_met',
      reason: 'Won.',
      trigger: { kind: 'signal' },
      program_id: programId,
      program_version: 1,
      referral_id: referralId,
      connection_id: connectionId,
      object_type: 'deal',
      record_id: '9001',
      trace: { rules: [{ id: 'rul_won', met: true }] },
      created_at: at,
      updated_at: at,
    });
    await tx('rewards').insert({
      ...of,
      id: seed.rewardId,
      program_id: programId,
      program_version: 1,
      referral_id: referralId,
      reward_rule_id: 'rwr_ten',
      recipient_person_id: id('per_a'),
      milestone: 'approved',
      state: 'pending',
      amount_minor: 12050,
      currency: 'USD',
      basis: { percent: '10' },
      created_at: at,
      state_at: at,
    });
    await tx('re_evaluations').insert({
      ...of,
      id: seed.reEvaluationId,
      program_id: seed.programId,
      connection_id: seed.connectionId,
      version: 1,
      state: 'done',
      requested_by: 'api_key:key_1',
      applied_by: 'api_key:key_1',
      created_at: at,
      updated_at: at,
      finished_at: at,
    });
    await tx('enrolments').insert({
      ...of,
      id: seed.enrolmentId,
      program_id: programId,
      connection_id: connectionId,
      source: 'all',
      ongoing: true,
      state: 'running',
      pass_started_at: at,
      actor: 'seed',
      created_at: at,
    });
    await tx('write_backs').insert({
      ...of,
      connection_id: connectionId,
      object_type: 'contact',
      record_id: '501',
      desired: {},
      attempts: 12,
      last_error: { code: 'crm_rejected' },
      dead_at: at,
    });
  });
  return seed;
}
