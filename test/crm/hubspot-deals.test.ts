import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DealDraft, WriteOutcome } from '../../backend/src/crm/port.ts';
import { ACCOUNT, record, results, startLoopbackAdapter, type LoopbackAdapter } from './support/loopback-adapter.ts';

const PROPERTY = 'passalong_referral_id';
const CREATE = 'POST /crm/objects/2026-09/deals/batch/create';
const READ = 'POST /crm/objects/2026-09/deals/batch/read';

let hubspot: LoopbackAdapter;
beforeEach(async () => {
  hubspot = await startLoopbackAdapter();
});
afterEach(() => hubspot.server.close());

const draft = (index: number, more: Partial<DealDraft> = {}): DealDraft => ({
  key: `k${String(index)}`,
  referralId: `ref_${String(index)}`,
  contactId: `50${String(index)}`,
  name: `Deal ${String(index)}`,
  pipelineId: 'default',
  stageId: 'appointmentscheduled',
  ownerId: null,
  ...more,
});
const drafts = (count: number) => Array.from({ length: count }, (_value, index) => draft(index));
const create = (given: readonly DealDraft[]) => hubspot.crm.createDeals(ACCOUNT, given);

const told = (outcomes: readonly WriteOutcome[]) =>
  outcomes.map((outcome) =>
    outcome.ok
      ? [outcome.key, outcome.recordId]
      : [outcome.key, outcome.refusal.code, outcome.refusal.existingRecordId ?? null],
  );

type Sent = { readonly id: string; readonly objectWriteTraceId: string; readonly properties: Record<string, string> };

/** HubSpot's answer to a value of a unique property that another record holds. */
function taken(referralId: string, holder: string) {
  const message = `Cannot set PropertyValueCoordinates{propertyName=${PROPERTY}, value=${referralId}}. ${holder} already has that value.`;
  const listed = [{ isValid: false, name: PROPERTY, error: 'CONFLICTING_UNIQUE_VALUE', message }];
  return { category: 'VALIDATION_ERROR', message: `Property values were not valid: ${JSON.stringify(listed)}` };
}

/** A HubSpot that has these deals, by referral, and answers conflicts and reads as `conflict` says. */
function holding(existing: Readonly<Record<string, string>>, conflict: 'whole' | 'singly' | 'silent'): void {
  hubspot.server.answer((request) => {
    const { inputs } = JSON.parse(request.text) as { inputs: Sent[] };
    if (request.path.endsWith('/batch/read'))
      return results(
        ...inputs.filter(({ id }) => id in existing).map(({ id }) => record(existing[id]!, { [PROPERTY]: id })),
      );
    const first = inputs.find(({ properties }) => properties[PROPERTY]! in existing)?.properties[PROPERTY];
    if (first !== undefined && conflict === 'silent')
      return { status: 409, body: { category: 'CONFLICT', message: 'A deal exists' } };
    if (first !== undefined && conflict === 'whole') return { status: 400, body: taken(first, existing[first]!) };
    const isNew = ({ properties }: Sent) => !(properties[PROPERTY]! in existing);
    const made = inputs
      .filter(isNew)
      .map(({ objectWriteTraceId, properties }) =>
        record(`9${properties[PROPERTY]!.slice(4)}`, properties, { objectWriteTraceId }),
      );
    const errors = inputs
      .filter((input) => !isNew(input))
      .map(({ objectWriteTraceId, properties }) => ({
        ...taken(properties[PROPERTY]!, existing[properties[PROPERTY]!]!),
        context: { objectWriteTraceId: [objectWriteTraceId] },
      }));
    return { status: errors.length > 0 ? 207 : 201, body: { results: made, errors } };
  });
}

describe('creating deals in HubSpot', () => {
  it('sends the deal with its contact, its referral and its key, and an owner only where one is named', async () => {
    holding({}, 'whole');
    const outcomes = await create([draft(1), draft(2, { ownerId: '77' })]);
    expect(hubspot.calls()).toEqual([CREATE]);
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }];
    expect(hubspot.body(0)).toEqual({
      inputs: [
        {
          properties: {
            dealname: 'Deal 1',
            pipeline: 'default',
            dealstage: 'appointmentscheduled',
            [PROPERTY]: 'ref_1',
          },
          associations: [{ to: { id: '501' }, types }],
          objectWriteTraceId: 'k1',
        },
        {
          properties: expect.objectContaining({ [PROPERTY]: 'ref_2', hubspot_owner_id: '77' }),
          associations: [{ to: { id: '502' }, types }],
          objectWriteTraceId: 'k2',
        },
      ],
    });
    expect(told(outcomes)).toEqual([
      ['k1', '91'],
      ['k2', '92'],
    ]);
    expect(outcomes[0]).toMatchObject({ values: { dealname: 'Deal 1', dealstage: 'appointmentscheduled' } });
  });

  it('calls nobody for nothing', async () => {
    expect(await create([])).toEqual([]);
    expect(hubspot.calls()).toEqual([]);
  });

  it('tells results apart by the referral where HubSpot leaves out the trace ids', async () => {
    hubspot.server.answer(() => results(record('92', { [PROPERTY]: 'ref_2' }), record('91', { [PROPERTY]: 'ref_1' })));
    expect(told(await create([draft(1), draft(2)]))).toEqual([
      ['k1', '91'],
      ['k2', '92'],
    ]);
  });

  it.each(['whole', 'silent'] as const)(
    'asks once which deals exist when HubSpot refuses all because of one (%s), and creates the others together',
    async (conflict) => {
      holding({ ref_3: '31', ref_90: '32', ref_91: '33' }, conflict);
      const outcomes = told(await create(drafts(100)));
      expect(outcomes.filter(([, code]) => code === 'record_exists')).toEqual([
        ['k3', 'record_exists', '31'],
        ['k90', 'record_exists', '32'],
        ['k91', 'record_exists', '33'],
      ]);
      expect(outcomes).toHaveLength(100);
      expect(hubspot.calls()).toEqual([CREATE, READ, CREATE]);
      expect(hubspot.body(1)).toMatchObject({ idProperty: PROPERTY, properties: [PROPERTY] });
      expect(hubspot.body(1).inputs).toHaveLength(100);
    },
  );

  it('reads the existing id out of HubSpot’s words where each deal is answered for itself', async () => {
    holding({ ref_1: '31' }, 'singly');
    expect(told(await create([draft(1), draft(2)]))).toEqual([
      ['k1', 'record_exists', '31'],
      ['k2', '92'],
    ]);
    expect(hubspot.calls()).toEqual([CREATE]);
  });

  it('looks up in one call the deals that are called existing without an id', async () => {
    const refuse = (key: string) => ({
      category: 'CONFLICT',
      message: 'exists',
      context: { objectWriteTraceId: [key] },
    });
    hubspot.server.answer(({ path }) =>
      path.endsWith('/batch/read')
        ? results(record('31', { [PROPERTY]: 'ref_1' }))
        : { status: 207, body: { results: [], errors: [refuse('k1'), refuse('k2')] } },
    );
    expect(told(await create([draft(1), draft(2)]))).toEqual([
      ['k1', 'record_exists', '31'],
      ['k2', 'record_exists', null],
    ]);
    expect(hubspot.calls()).toEqual([CREATE, READ]);
  });

  it('does not give one id to two deals an error names together', async () => {
    const context = { objectWriteTraceId: ['k1', 'k2'] };
    const error = { category: 'CONFLICT', message: 'Deal already exists. Existing ID: 31', context };
    hubspot.server.answer(({ path }) =>
      path.endsWith('/batch/read')
        ? results(record('32', { [PROPERTY]: 'ref_2' }), record('31', { [PROPERTY]: 'ref_1' }))
        : { status: 207, body: { results: [], errors: [error] } },
    );
    expect(told(await create([draft(1), draft(2)]))).toEqual([
      ['k1', 'record_exists', '31'],
      ['k2', 'record_exists', '32'],
    ]);
  });

  it('calls a value that is taken in another unique property rejected, not existing', async () => {
    const body = taken('x', '31');
    hubspot.server.answer(() => ({
      status: 400,
      body: { ...body, message: body.message.replaceAll(PROPERTY, 'other') },
    }));
    const [outcome] = await create([draft(1)]);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'record_rejected', fields: ['other'] } });
  });

  it('lets a deal whose contact is gone block no other, though HubSpot refuses all and names none', async () => {
    hubspot.server.answer((request) => {
      const { inputs } = JSON.parse(request.text) as { inputs: Sent[] };
      if (inputs.some(({ objectWriteTraceId }) => objectWriteTraceId === 'k37'))
        return { status: 400, body: { category: 'VALIDATION_ERROR', message: 'One association is not valid' } };
      return results(...inputs.map((input, index) => record(String(index + 1), input.properties)));
    });
    const outcomes = await create(drafts(100));
    expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([{ key: 'k37', refusal: { code: 'record_rejected' } }]);
    expect(hubspot.calls().length).toBeLessThanOrEqual(16);
  });
});
