import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { FieldDescription, Pipeline } from '../../backend/src/crm/port.ts';
import type { HttpServerDeps } from '../../backend/src/http/server.ts';
import { createWorkspace, NOW, startTestServer, type TestServer, type Workspace } from './test-server.ts';

const pipelines: Pipeline[] = [
  {
    id: 'default',
    label: 'Sales',
    stages: [{ id: 'closedwon', label: 'Closed won', order: 1, won: true, lost: false }],
  },
];
/** Behind the stage that is won, and one that is lost. */
const longer: Pipeline[] = pipelines.map((pipeline) => ({
  ...pipeline,
  stages: [
    ...pipeline.stages,
    { id: 'paid', label: 'Paid', order: 2, won: false, lost: false },
    { id: 'closedlost', label: 'Closed lost', order: 3, won: false, lost: true },
  ],
}));
const fields: Record<string, FieldDescription[]> = {
  contact: [{ name: 'lifecyclestage', label: 'Stage', type: 'text', options: [] }],
  deal: [{ name: 'amount', label: 'Amount', type: 'number', options: [] }],
};

type Reader = NonNullable<HttpServerDeps['accountReaders']['hubspot']>;

/** A CRM that can be switched off, with pipelines that change. */
const crm: Reader & { down: boolean; pipelines: Pipeline[] } = {
  down: false,
  pipelines,
  readPipelines: async () => reachable(crm.pipelines),
  readFields: async (_account, object) => reachable(fields[object] ?? []),
  findLists: async () => reachable([]),
  readContactRoles: async () => reachable([{ id: 'USER_DEFINED:36', label: 'Decision maker' }]),
  readOwners: async () => reachable([]),
};
async function reachable<T>(value: T): Promise<T> {
  if (crm.down) throw new CrmUnavailable('HubSpot does not answer.');
  return Promise.resolve(value);
}

const DEAL_RULE = { status: 'approved', object: 'deal', pipelineId: 'default', values: ['closedwon'] };
const CONTACT_RULE = { status: 'approved', object: 'contact', field: 'lifecyclestage', values: ['customer'] };

function draft(more: object = {}): object {
  return { name: 'Partner referrals', rules: [DEAL_RULE], rewardRules: [], ...more };
}

let server: TestServer;
let plain: Workspace;
let connected: Workspace;

beforeAll(async () => {
  server = await startTestServer({ accountReaders: { hubspot: crm } });
  plain = await createWorkspace(server.database, 'ws_plain');
  connected = await createWorkspace(server.database, 'ws_connected');
  const at = new Date(NOW);
  await server.database.inWorkspace('ws_connected', (tx) =>
    tx('connections').insert({
      id: 'con_111',
      workspace_id: 'ws_connected',
      crm: 'hubspot',
      external_account_id: '111',
      status: 'connected',
      connected_at: at,
      created_at: at,
    }),
  );
});
afterAll(() => server.close());
beforeEach(() => {
  crm.down = false;
  crm.pipelines = pipelines;
});

type Program = { id: string; draft: unknown; published: { version: number; definition: unknown } | null };

async function create(body: object, workspace = plain): Promise<request.Response> {
  return request(server.app).post('/api/v1/programs').set('Authorization', workspace.authorization).send(body);
}
async function put(id: string, body: object, workspace = plain): Promise<request.Response> {
  return request(server.app).put(`/api/v1/programs/${id}`).set('Authorization', workspace.authorization).send(body);
}
async function publish(id: string, workspace = plain): Promise<request.Response> {
  return request(server.app).post(`/api/v1/programs/${id}/publish`).set('Authorization', workspace.authorization);
}
async function get(id: string, workspace = plain): Promise<Program> {
  const answer = await request(server.app).get(`/api/v1/programs/${id}`).set('Authorization', workspace.authorization);
  return answer.body as Program;
}
function problems(answer: request.Response): [string, string][] {
  const { fields: refused } = (answer.body as { error: { fields: { path: string; code: string }[] } }).error;
  return refused.map(({ path, code }) => [path, code]);
}

describe('the order of a pipeline', () => {
  const AT_OR_AFTER = { ...DEAL_RULE, id: 'rul_won', operator: 'at_or_after' };
  const of = (rule: object) => draft({ rules: [rule], rewardRules: [] });
  const stagesOf = (answer: request.Response): unknown =>
    (answer.body as { draft: { rules: { stages?: unknown }[] } }).draft.rules[0]?.stages;

  test('is taken over when a draft is saved, whatever the request says about it (RL-22)', async () => {
    crm.pipelines = longer;
    const sent = { reached: ['closedlost'], kept: ['closedlost'] };
    const created = await create(of({ ...AT_OR_AFTER, stages: sent }), connected);
    const known = longer[0]?.stages.map(({ id }) => id).sort();
    const both = { reached: ['closedwon', 'paid'], kept: ['closedwon', 'paid'], known };
    expect(stagesOf(created)).toEqual(both);
    crm.down = true;
    const { id } = created.body as Program;
    expect(stagesOf(await put(id, of({ ...AT_OR_AFTER, stages: sent }), connected))).toEqual(both);
  });

  test('makes a new version when it changed and somebody publishes, and none while it is the same (E11)', async () => {
    const { id } = (await create(of(AT_OR_AFTER), connected)).body as Program;
    const versions = async (): Promise<unknown> => ((await publish(id, connected)).body as Program).published?.version;
    expect([await versions(), await versions()]).toEqual([1, 1]);
    crm.pipelines = longer;
    expect((await get(id, connected)).published).toMatchObject({
      version: 1,
      definition: { rules: [{ stages: { reached: ['closedwon'] } }] },
    });
    expect([await versions(), await versions()]).toEqual([2, 2]);
    const after = await get(id, connected);
    expect(after.published).toMatchObject({ definition: { rules: [{ stages: { reached: ['closedwon', 'paid'] } }] } });
    expect(after.draft).toEqual(after.published?.definition);
  });

  test('has to be known for at_or_after, and a list of stages needs none (RL-22)', async () => {
    const { id } = (await create(of(AT_OR_AFTER))).body as Program;
    const refused = await publish(id);
    expect([refused.status, problems(refused)]).toEqual([422, [['rules.0.pipelineId', 'pipeline_order_unknown']]]);
    expect((await put(id, of({ ...AT_OR_AFTER, operator: 'any_of' }))).status).toBe(200);
    expect((await publish(id)).status).toBe(200);
  });
});

describe('bad rules and settings', () => {
  test.each<[string, object, string, string]>([
    ['a label instead of a stage', { ...DEAL_RULE, values: ['Closed won'] }, 'rules.0.values.0', 'closedwon instead'],
    ['a stage by number', { ...DEAL_RULE, operator: 'at_least' }, 'rules.0.operator', 'any_of'],
    ['an order of a property', { ...CONTACT_RULE, operator: 'at_or_after' }, 'rules.0.operator', 'at_least'],
    ['a company property that is not there', { ...CONTACT_RULE, object: 'company' }, 'rules.0.field', 'internal name'],
    ['a deal property of a pipeline', { ...DEAL_RULE, field: 'amount', values: ['5'] }, 'rules.0.pipelineId', 'null'],
  ])('%s is refused on its field, with a remedy', async (_what, rule, path, remedy) => {
    const answer = await create(draft({ rules: [rule], rewardRules: [] }), connected);
    expect([answer.status, problems(answer).map(([where]) => where)]).toEqual([422, [path]]);
    expect(answer.text).toContain(remedy);
  });

  test.each<[string, object, string]>([
    ['an unknown operator', { rules: [{ ...DEAL_RULE, operator: 'at_most' }] }, 'rules.0.operator'],
    ['a priority of none', { rules: [{ ...DEAL_RULE, priority: 0 }] }, 'rules.0.priority'],
    ['a policy nobody knows', { decisions: { alreadyMet: 'pay' } }, 'decisions.alreadyMet'],
    [
      'a review that ends at once',
      { decisions: { reviewTimeout: { afterDays: 0 } } },
      'decisions.reviewTimeout.afterDays',
    ],
    ['a score above one', { matching: { names: { threshold: 1.1 } } }, 'matching.names.threshold'],
    ['a setting nobody knows', { integrity: { velocity: 'deny' } }, 'integrity.velocity'],
  ])('%s is no program at all', async (_what, more, path) => {
    const answer = await create(draft({ rewardRules: [], ...more }));
    expect([answer.status, problems(answer).map(([where]) => where)]).toEqual([422, [path]]);
  });

  test('a role the account does not have is refused with those it has (E3)', async () => {
    const decisions = { severalContacts: 'primary', primaryRole: 'USER_DEFINED:1' };
    const answer = await create(draft({ decisions }), connected);
    expect(problems(answer)).toEqual([['decisions.primaryRole', 'role_unknown']]);
    expect(answer.text).toContain('USER_DEFINED:36 (Decision maker)');
    const there = { severalContacts: 'primary', primaryRole: 'USER_DEFINED:36' };
    expect((await create(draft({ decisions: there }), connected)).status).toBe(201);
  });
});
