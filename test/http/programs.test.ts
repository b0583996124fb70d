import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CrmUnavailable } from '../../backend/src/crm/errors.ts';
import type { FieldDescription, Pipeline } from '../../backend/src/crm/port.ts';
import { NEW_PROGRAM_SETTINGS } from '../../shared/program-definition.ts';
import type { HttpServerDeps } from '../../backend/src/http/server.ts';
import { createWorkspace, NOW, startTestServer, type TestServer, type Workspace } from './test-server.ts';

const pipelines: Pipeline[] = [
  {
    id: 'default',
    label: 'Sales',
    stages: [{ id: 'closedwon', label: 'Closed won', order: 1, won: true, lost: false }],
  },
];
const fields: Record<string, FieldDescription[]> = {
  contact: [
    {
      name: 'lifecyclestage',
      label: 'Lifecycle stage',
      type: 'choice',
      options: [{ value: 'customer', label: 'Customer' }],
    },
    { name: 'birthday', label: 'Birthday', type: 'date', options: [] },
    { name: 'their_link', label: 'Their link', type: 'text', options: [] },
  ],
  deal: [{ name: 'amount', label: 'Amount', type: 'number', options: [] }],
};

type Reader = NonNullable<HttpServerDeps['accountReaders']['hubspot']>;

/** A CRM that can be switched off. */
const crm: Reader & { down: boolean } = {
  down: false,
  readPipelines: async () => reachable(pipelines),
  readFields: async (_account, objectType) => reachable(fields[objectType] ?? []),
  findLists: async () => reachable([]),
  readContactRoles: async () => reachable([{ id: 'USER_DEFINED:36', label: 'Decision maker' }]),
  readOwners: async () => reachable([{ id: '7', name: 'Olga Owner', email: null }]),
};
async function reachable<T>(value: T): Promise<T> {
  if (crm.down) throw new CrmUnavailable('HubSpot does not answer.');
  return Promise.resolve(value);
}

const DEAL_RULE = { status: 'approved', object: 'deal', pipelineId: 'default', values: ['closedwon'] };
const CONTACT_RULE = { status: 'approved', object: 'contact', field: 'lifecyclestage', values: ['customer'] };
const TEN_PERCENT = {
  onStatus: 'approved',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: 'amount' },
};

function draft(more: object = {}): object {
  return {
    name: 'Partner referrals',
    landingUrl: 'https://example.com/in',
    rules: [DEAL_RULE],
    rewardRules: [TEN_PERCENT],
    ...more,
  };
}

let server: TestServer;
let plain: Workspace;
let connected: Workspace;

beforeAll(async () => {
  server = await startTestServer({ accountReaders: { hubspot: crm } });
  plain = await createWorkspace(server.database, 'ws_plain');
  connected = await createWorkspace(server.database, 'ws_connected');
  await connect('ws_connected', '111', {});
});
afterAll(() => server.close());
beforeEach(() => {
  crm.down = false;
});

async function connect(workspaceId: string, account: string, crmSchema: object): Promise<void> {
  const at = new Date(NOW);
  await server.database.inWorkspace(workspaceId, (tx) =>
    tx('connections').insert({
      id: `con_${account}`,
      workspace_id: workspaceId,
      crm: 'hubspot',
      external_account_id: account,
      status: 'connected',
      crm_schema: JSON.stringify(crmSchema),
      connected_at: at,
      created_at: at,
    }),
  );
}

type Program = {
  id: string;
  key: string;
  primary: boolean;
  rowVersion: number;
  draft: { rules: { id: string }[]; rewardRules: { id: string }[] };
  published: { version: number; definition: unknown; publishedBy: string } | null;
  warnings: { code: string; message: string }[];
};

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

describe('saving a draft', () => {
  test('missing rule ids are given and given ones are kept', async () => {
    const answer = await create(draft({ rules: [DEAL_RULE, { ...DEAL_RULE, id: 'rul_mine', enabled: false }] }));
    const { rules, rewardRules } = (answer.body as Program).draft;
    expect(rules[0]?.id).toMatch(/^rul_[0-9a-z]{20}$/);
    expect(rules[1]?.id).toBe('rul_mine');
    expect(rewardRules[0]?.id).toMatch(/^rwr_[0-9a-z]{20}$/);
    expect((await get((answer.body as Program).id)).draft).toEqual((answer.body as Program).draft);
  });

  test('a deal value with a contact rule is refused on the field (RF-44)', async () => {
    const answer = await create(draft({ rules: [CONTACT_RULE] }));
    expect(answer.status).toBe(422);
    expect(problems(answer)).toEqual([['rewardRules.0.saleValue.object', 'sale_value_wrong_object']]);
  });

  test('a contact value with a deal rule is refused on the field (RF-45)', async () => {
    const saleValue = { object: 'contact', field: 'revenue' };
    const answer = await create(draft({ rewardRules: [{ ...TEN_PERCENT, saleValue }] }));
    expect(problems(answer)).toEqual([['rewardRules.0.saleValue.object', 'sale_value_wrong_object']]);
  });

  test('two programs of one name get two keys', async () => {
    const [first, second] = [
      await create(draft({ name: 'Müller & Söhne' })),
      await create(draft({ name: 'Müller & Söhne' })),
    ];
    expect([(first.body as Program).key, (second.body as Program).key]).toEqual(['mu_ller_so_hne', 'mu_ller_so_hne_2']);
  });

  test('a save that rests on an old reading is refused with 409', async () => {
    const { id, rowVersion } = (await create(draft())).body as Program;
    expect((await put(id, draft({ name: 'Mine', rowVersion }))).status).toBe(200);
    const late = await put(id, draft({ name: 'Yours', rowVersion }));
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ error: { code: 'program_changed', rowVersion: rowVersion + 1 } });
    expect((await put(id, draft({ name: 'Whatever it is now' }))).status).toBe(200);
  });

  test('stages, pipelines and options the account does not have are refused with what it has', async () => {
    const rules = [
      { ...DEAL_RULE, values: ['closedwon', 'won'] },
      { ...DEAL_RULE, pipelineId: 'Sales' },
      { ...CONTACT_RULE, values: ['Customer'] },
      { ...CONTACT_RULE, field: 'Lifecycle' },
      { ...CONTACT_RULE, field: 'birthday', values: ['2020-01-01'] },
    ];
    const answer = await create(draft({ rules, rewardRules: [] }), connected);
    expect(answer.status).toBe(422);
    expect(problems(answer)).toEqual([
      ['rules.0.values.1', 'stage_unknown'],
      ['rules.1.pipelineId', 'pipeline_unknown'],
      ['rules.2.values.0', 'option_unknown'],
      ['rules.3.field', 'field_unknown'],
      ['rules.4.field', 'field_type_unsupported'],
    ]);
    expect(answer.text).toContain('closedwon (Closed won)');
  });

  test('a CRM that is down does not keep a draft from being saved, and the answer says what was not checked', async () => {
    crm.down = true;
    const answer = await create(draft({ rules: [{ ...DEAL_RULE, values: ['nonsense'] }] }), connected);
    expect(answer.status).toBe(201);
    expect((answer.body as Program).warnings).toEqual([
      { code: 'crm_not_checked', message: expect.stringContaining('HubSpot account 111 did not answer') as string },
    ]);
  });
});

describe('the settings of capture, enrolment and pages', () => {
  const EMAIL = { field: 'email', from: 'friend.email' };
  const FIRST_NAME = { field: 'firstname', from: 'friend.firstName' };

  test.each([
    ['friends without their first name', { capture: { map: [EMAIL] } }, 'capture.map', 'capturing friends'],
    ['friends without their e-mail address', { capture: { map: [FIRST_NAME] } }, 'capture.map', 'capturing friends'],
    [
      'advocates without their first name',
      { enrolment: { mapIn: [{ field: 'email', to: 'email' }] } },
      'enrolment.mapIn',
      'enrolling contacts',
    ],
    [
      'advocates without their e-mail address',
      { enrolment: { mapIn: [{ field: 'firstname', to: 'firstName' }] } },
      'enrolment.mapIn',
      'enrolling contacts',
    ],
  ])(
    'a map of %s cannot be switched on, and the answer says why (RF-33, RF-40)',
    async (_what, settings, path, part) => {
      const { id } = (await create(draft())).body as Program;
      for (const answer of [await create(draft(settings)), await put(id, draft(settings))]) {
        expect(answer.status).toBe(422);
        expect(problems(answer)).toEqual([[path, 'required_map_missing']]);
        expect(answer.text).toContain(`is not mapped, and ${part} cannot be switched on without it.`);
      }
      const [section = ''] = path.split('.');
      const off = { [section]: { ...(settings as Record<string, object>)[section], enabled: false } };
      expect((await put(id, draft(off))).status).toBe(200);
    },
  );

  test('are checked against the connected account: properties, options, types, pipelines, stages, owners (RF-14, RF-15)', async () => {
    const settings = {
      enrolment: {
        mapIn: [...NEW_PROGRAM_SETTINGS.enrolment.mapIn, { field: 'gone', to: 'tier' }],
        mapOut: [
          { from: 'link', field: 'their_link' },
          { from: 'code', field: 'birthday' },
        ],
        contactValues: [{ field: 'lifecyclestage', value: 'Customer' }],
      },
      capture: {
        map: [EMAIL, FIRST_NAME, { field: 'lifecyclestage', value: 'customer' }, { field: 'lost', value: 'x' }],
        duplicates: { policy: 'create_anyway' },
        deal: { policy: 'create', pipelineId: 'default', stageId: 'first' },
        owner: { policy: 'fixed', ownerId: '8' },
      },
    };
    const answer = await create(draft(settings), connected);
    expect(answer.status).toBe(422);
    expect(problems(answer)).toEqual([
      ['enrolment.mapIn.4.field', 'field_unknown'],
      ['enrolment.mapOut.1.field', 'field_type_unsupported'],
      ['enrolment.contactValues.0.value', 'option_unknown'],
      ['capture.map.3.field', 'field_unknown'],
      ['capture.duplicates.policy', 'policy_unsupported'],
      ['capture.deal.stageId', 'stage_unknown'],
      ['capture.owner.ownerId', 'owner_unknown'],
    ]);
    expect(answer.text).toContain('HubSpot keeps one contact per e-mail address');
  });

  test('are saved with a warning while the CRM is down, and not published', async () => {
    crm.down = true;
    const map = [EMAIL, FIRST_NAME, { field: 'their_link', from: 'advocate.link' }];
    const saved = await create(draft({ capture: { map } }), connected);
    expect([saved.status, (saved.body as Program).warnings.length]).toEqual([201, 1]);
    expect((await publish((saved.body as Program).id, connected)).status).toBe(503);
    crm.down = false;
    expect((await publish((saved.body as Program).id, connected)).status).toBe(200);
  });
});

describe('publishing', () => {
  test('makes a version that no later save changes, and keeps its reward rules', async () => {
    const { id } = (await create(draft())).body as Program;
    const published = (await publish(id)).body as Program;
    expect(published.published).toMatchObject({
      version: 1,
      publishedBy: `api_key:${plain.apiKeyId}`,
      definition: published.draft,
    });
    await put(id, draft({ name: 'Renamed', rewardRules: [] }));
    expect((await get(id)).published).toEqual(published.published);
    const kept = await server.database.inWorkspace('ws_plain', (tx) =>
      tx('reward_rules').where({ program_id: id }).select('id', 'first_version'),
    );
    expect(kept).toEqual([{ id: published.draft.rewardRules[0]?.id, first_version: 1 }]);
    expect(((await publish(id)).body as Program).published?.version).toBe(2);
  });

  test('publishing twice makes one version', async () => {
    const { id } = (await create(draft())).body as Program;
    await publish(id);
    expect(((await publish(id)).body as Program).published?.version).toBe(1);
  });

  test('publishing at once makes one version', async () => {
    const { id } = (await create(draft())).body as Program;
    const answers = await Promise.all([publish(id), publish(id), publish(id)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await get(id)).published?.version).toBe(1);
  });

  test('a draft without a rule that is switched on is saved and not published', async () => {
    const answer = await create(draft({ rules: [], rewardRules: [] }));
    expect(answer.status).toBe(201);
    const refused = await publish((answer.body as Program).id);
    expect(refused.status).toBe(422);
    expect(problems(refused)).toEqual([['rules', 'no_enabled_rule']]);
  });

  test('the first program a workspace published is its primary one, whenever it was created', async () => {
    const fresh = await createWorkspace(server.database, 'ws_fresh');
    const older = (await create(draft({ name: 'Older' }), fresh)).body as Program;
    server.clock.moveMs(1000);
    const newer = (await create(draft({ name: 'Newer' }), fresh)).body as Program;
    await publish(newer.id, fresh);
    server.clock.moveMs(1000);
    await publish(older.id, fresh);
    expect([(await get(newer.id, fresh)).primary, (await get(older.id, fresh)).primary]).toEqual([true, false]);
  });

  test('with the CRM down and nothing known of the account, publishing is refused for now', async () => {
    crm.down = true;
    const { id } = (await create(draft(), connected)).body as Program;
    const refused = await publish(id, connected);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '10']);
    expect(refused.body).toMatchObject({ error: { code: 'crm_unavailable' } });
    crm.down = false;
    expect((await publish(id, connected)).status).toBe(200);
  });

  test('with the CRM down, pipelines as last read are enough for rules on stages', async () => {
    const cached = await createWorkspace(server.database, 'ws_cached');
    await connect('ws_cached', '333', { pipelines });
    crm.down = true;
    const { id } = (await create(draft({ rewardRules: [] }), cached)).body as Program;
    const published = await publish(id, cached);
    expect(published.status).toBe(200);
    expect((published.body as Program).warnings).toHaveLength(1);
  });

  test('a stage that was deleted since the draft was saved is refused', async () => {
    crm.down = true;
    const { id } = (await create(draft({ rules: [{ ...DEAL_RULE, values: ['gone'] }] }), connected)).body as Program;
    crm.down = false;
    const refused = await publish(id, connected);
    expect(problems(refused)).toEqual([['rules.0.values.0', 'stage_unknown']]);
  });

  test('what is published is what was checked: a save in between refuses the publishing', async () => {
    const { id } = (await create(draft(), connected)).body as Program;
    const savesMeanwhile: Reader = {
      ...crm,
      readPipelines: async () => {
        await put(id, draft({ name: 'Changed meanwhile' }), connected);
        return pipelines;
      },
    };
    const app = server.appWith({ accountReaders: { hubspot: savesMeanwhile } });
    const refused = await request(app)
      .post(`/api/v1/programs/${id}/publish`)
      .set('Authorization', connected.authorization);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ error: { code: 'program_changed' } });
    expect((await get(id, connected)).published).toBeNull();
  });
});
