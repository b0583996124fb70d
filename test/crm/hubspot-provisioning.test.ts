import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, results, startLoopbackAdapter, type LoopbackAdapter } from './support/loopback-adapter.ts';
import type { ReceivedRequest } from './support/loopback-server.ts';

const CONTACTS = '/crm/properties/2026-09/contacts';
const DEALS = '/crm/properties/2026-09/deals';

let hubspot: LoopbackAdapter;
beforeEach(async () => {
  hubspot = await startLoopbackAdapter();
});
afterEach(() => hubspot.server.close());

const reads = ({ method, path }: ReceivedRequest) => method === 'GET' || path.endsWith('/batch/read');

/** Nothing is there, and everything can be made. */
function emptyAccount(): void {
  hubspot.server.answer((request) => (reads(request) ? results() : { status: 201, body: { results: [] } }));
}

type Sent = { readonly name: string; readonly label: string } & Readonly<Record<string, unknown>>;

/** The properties asked for at this address, in one call. */
function created(path: string): readonly Sent[] {
  const requests = hubspot.server.requests.filter((request) => request.path === `${path}/batch/create`);
  expect(requests).toHaveLength(1);
  return (JSON.parse(requests[0]!.text) as { inputs: Sent[] }).inputs;
}

describe('our fields in HubSpot', () => {
  it('are made on contacts and on deals, in one call each, behind their group', async () => {
    emptyAccount();
    const report = await hubspot.crm.provisionFields(ACCOUNT);
    expect(hubspot.calls()).toEqual([
      ...[`GET ${CONTACTS}/groups`, `POST ${CONTACTS}/groups`],
      ...[`POST ${CONTACTS}/batch/read`, `POST ${CONTACTS}/batch/create`],
      ...[`GET ${DEALS}/groups`, `POST ${DEALS}/groups`],
      ...[`POST ${DEALS}/batch/read`, `POST ${DEALS}/batch/create`],
    ]);
    expect(report.alreadyThere).toEqual([]);
    expect(report.created).toHaveLength(18);
  });

  it('are of types that hold what we write, and unique is the referral id alone', async () => {
    emptyAccount();
    await hubspot.crm.provisionFields(ACCOUNT);
    const onContacts = created(CONTACTS);
    const unique = (fields: readonly Sent[]) => fields.filter((field) => field['hasUniqueValue'] === true);
    expect(unique(onContacts).map(({ name }) => name)).toEqual(['passalong_referral_id']);
    const of = (name: string) => onContacts.find((property) => property.name === name);
    const group = { groupName: 'passalong' };
    expect(of('passalong_last_referral_at')).toMatchObject({ type: 'datetime', fieldType: 'date', ...group });
    expect(of('passalong_reward_status')).toMatchObject({ type: 'enumeration', fieldType: 'select' });
    expect(of('passalong_referred_count')).toMatchObject({ type: 'number', fieldType: 'number' });
    expect(created(DEALS)).toEqual([
      {
        ...group,
        name: 'passalong_referral_id',
        label: 'Referral ID',
        description: expect.any(String),
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
        formField: false,
      },
    ]);
  });

  it('that another process made meanwhile count as there', async () => {
    hubspot.server.answer((request) =>
      reads(request) ? results() : { status: 409, body: { category: 'CONFLICT', message: 'exists' } },
    );
    const report = await hubspot.crm.provisionFields(ACCOUNT);
    expect(report.created).toEqual([]);
    expect(report.alreadyThere.filter((name) => name === 'passalong_referral_id')).toHaveLength(2);
  });
});

describe('a program’s own fields in HubSpot', () => {
  it('are made for several programs in one call, each labelled with its program', async () => {
    emptyAccount();
    const report = await hubspot.crm.provisionProgramFields(ACCOUNT, ['partners', 'staff', 'partners']);
    const sent = created(CONTACTS);
    expect(sent.map(({ name }) => name)).toEqual(report.created);
    expect(sent.slice(0, 6).map(({ name, label }) => [name, label])).toEqual([
      ['passalong_partners_referral_link', 'Referral link (partners)'],
      ['passalong_partners_referral_code', 'Referral code (partners)'],
      ['passalong_partners_referred_count', 'People referred (partners)'],
      ['passalong_partners_qualified_count', 'Referrals qualified (partners)'],
      ['passalong_partners_approved_count', 'Referrals approved (partners)'],
      ['passalong_staff_referral_link', 'Referral link (staff)'],
    ]);
    expect(sent).toHaveLength(10);
    expect(hubspot.calls()).toHaveLength(4);
  });

  it('that are there are left alone', async () => {
    const there = ['link', 'code'].map((end) => ({ name: `passalong_staff_referral_${end}`, label: 'Mine' }));
    hubspot.server.answer((request) => {
      if (request.method === 'GET') return results({ name: 'passalong' });
      return reads(request) ? results(...there) : { status: 201, body: { results: [] } };
    });
    const report = await hubspot.crm.provisionProgramFields(ACCOUNT, ['staff']);
    expect(report.alreadyThere).toEqual(there.map(({ name }) => name));
    expect(created(CONTACTS).map(({ name }) => name)).toEqual(report.created);
    expect(report.created).toHaveLength(3);
  });

  it('of no program cost no call', async () => {
    expect(await hubspot.crm.provisionProgramFields(ACCOUNT, [])).toEqual({ created: [], alreadyThere: [] });
    expect(hubspot.calls()).toEqual([]);
  });

  it('of more than twenty programs go in batches of a hundred', async () => {
    emptyAccount();
    const keys = Array.from({ length: 21 }, (_value, index) => `program_${String(index)}`);
    expect((await hubspot.crm.provisionProgramFields(ACCOUNT, keys)).created).toHaveLength(105);
    const sizes = [-3, -1].map((index) => hubspot.body(index).inputs.length);
    expect(sizes).toEqual([100, 5]);
  });
});
