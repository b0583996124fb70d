import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealName, planDeal, type DealOnContact, type DealPlan } from '../../../backend/src/capture/plan-deal.ts';
import { CAPTURE_DEFAULTS, type DealPolicy, type DealSettings } from '../../../shared/capture-settings.ts';
import { facts, person, program, REFERRAL_ID } from './build.ts';

const FIELDS = { referralId: 'passalong_referral_id', pipeline: 'pipeline', closed: 'hs_is_closed' };

function deal(id: string, input: { pipeline?: string; closed?: string | null; referral?: string } = {}): DealOnContact {
  const { pipeline = 'sales', closed = 'false', referral = null } = input;
  return { id, values: { pipeline, hs_is_closed: closed, passalong_referral_id: referral } };
}

function settings(input: Partial<DealSettings>): DealSettings {
  return { ...CAPTURE_DEFAULTS.deal, pipelineId: 'sales', stageId: 'new', ...input };
}

function plan(
  policy: DealPolicy,
  deals: readonly DealOnContact[],
  referral: Parameters<typeof facts>[0] = {},
): DealPlan {
  const subject = facts({ ...referral, program: program({ capture: { deal: settings({ policy }) } }) });
  return planDeal({ facts: subject, deals, fields: FIELDS });
}

const CREATE: DealPlan = { do: 'create' };
const OURS = deal('7', { referral: REFERRAL_ID });

describe('the deal of a referral, by the deals its friend has (C9, RF-28)', () => {
  it.each<[string, readonly DealOnContact[], { create: DealPlan; attach: DealPlan }]>([
    ['none', [], { create: CREATE, attach: CREATE }],
    ['one open in the pipeline', [deal('1')], { create: CREATE, attach: { do: 'attach', dealId: '1' } }],
    [
      'one that does not say whether it is closed',
      [deal('1', { closed: null })],
      { create: CREATE, attach: { do: 'attach', dealId: '1' } },
    ],
    ['one open in another pipeline', [deal('1', { pipeline: 'renewals' })], { create: CREATE, attach: CREATE }],
    ['closed ones only', [deal('1', { closed: 'true' })], { create: CREATE, attach: CREATE }],
    [
      'a closed one and an open one',
      [deal('1', { closed: 'true' }), deal('2')],
      { create: CREATE, attach: { do: 'attach', dealId: '2' } },
    ],
    [
      'several open ones',
      [deal('1'), deal('2'), deal('3', { closed: 'true' })],
      { create: CREATE, attach: { do: 'review', dealIds: ['1', '2'] } },
    ],
    [
      'ours',
      [deal('1'), deal('2'), OURS],
      { create: { do: 'keep', dealId: '7' }, attach: { do: 'keep', dealId: '7' } },
    ],
    [
      'ours, closed and elsewhere by now',
      [deal('1'), deal('7', { closed: 'true', pipeline: 'renewals', referral: REFERRAL_ID })],
      { create: { do: 'keep', dealId: '7' }, attach: { do: 'keep', dealId: '7' } },
    ],
    ['another referral’s', [deal('1', { referral: 'ref_other' })], { create: CREATE, attach: CREATE }],
    [
      'another referral’s and a free one',
      [deal('1', { referral: 'ref_other' }), deal('2')],
      { create: CREATE, attach: { do: 'attach', dealId: '2' } },
    ],
  ])('%s', (_what, deals, expected) => {
    expect(plan('create', deals)).toEqual(expected.create);
    expect(plan('attach', deals)).toEqual(expected.attach);
    expect(plan('await', deals)).toEqual({ do: 'nothing' });
  });
});

it('a referral that is denied gets no deal', () => {
  for (const policy of ['create', 'attach', 'await'] as const) {
    expect(plan(policy, [deal('1')], { status: 'denied' })).toEqual({ do: 'nothing' });
  }
});

it.each(['capture', 'review'] as const)('the deal of a referral held for %s waits (G4)', (heldFor) => {
  for (const policy of ['create', 'attach'] as const) {
    expect(plan(policy, [deal('1')], { heldFor })).toEqual({ do: 'wait' });
  }
  expect(plan('await', [deal('1')], { heldFor })).toEqual({ do: 'nothing' });
  expect(plan('create', [], { heldFor, status: 'denied' })).toEqual({ do: 'nothing' });
});

it('the order the deals come in changes nothing but the order they are shown in (E3)', () => {
  const anyDeal = fc.record({
    pipeline: fc.constantFrom('sales', 'renewals'),
    closed: fc.constantFrom('true', 'false'),
    referral: fc.constantFrom('', 'ref_other'),
  });
  const anyDeals = fc.array(anyDeal, { maxLength: 5 }).map((all) => all.map((one, index) => deal(String(index), one)));
  const sorted = (planned: DealPlan): DealPlan =>
    planned.do === 'review' ? { ...planned, dealIds: [...planned.dealIds].sort() } : planned;
  fc.assert(
    fc.property(fc.constantFrom('create' as const, 'attach' as const), anyDeals, (policy, deals) => {
      expect(sorted(plan(policy, deals))).toEqual(sorted(plan(policy, deals.toReversed())));
    }),
  );
});

describe('the deal’s name', () => {
  function named(name: string, referral: Parameters<typeof facts>[0] = {}): string {
    return dealName(facts({ ...referral, program: program({ capture: { deal: settings({ name }) } }) }));
  }

  it.each([
    ['{friend}, referred by {advocate}', 'Finn Friend, referred by Ada Advocate'],
    ['{program}: {friend} {friend}', 'Customer referrals: Finn Friend Finn Friend'],
    ['Referral', 'Referral'],
    ['{constructor} {Friend}', '{constructor} {Friend}'],
  ])('%s becomes %s', (template, name) => {
    expect(named(template)).toBe(name);
  });

  it('is not made of what a friend calls themselves in braces, and is cut to what a CRM takes', () => {
    const friend = person({ firstName: '{advocate}', lastName: '$&$1' });
    expect(named('{friend}', { friend })).toBe('{advocate} $&$1');
    expect(named('{friend}', { friend: person({ firstName: 'x'.repeat(300) }) })).toHaveLength(255);
  });
});
