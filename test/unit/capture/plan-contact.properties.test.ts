import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IntegrityFinding } from '../../../backend/src/capture/integrity.ts';
import { planContact, type PlanContactInput } from '../../../backend/src/capture/plan-contact.ts';
import type { CaptureLine } from '../../../shared/capture-settings.ts';
import { contact, facts, line, person, program, REFERRAL_ID, REFERRED_AT } from './build.ts';

const FIELDS = ['email', 'firstname', 'lifecyclestage', 'city', 'tag', 'size'] as const;
const SOURCES = ['friend.firstName', 'friend.email', 'advocate.name', 'friend.size', 'friend.never', null] as const;

const blankOr = (text: string) => fc.constantFrom(null, '', ' ', text, 'other');
const policy = fc.constantFrom(
  'link' as const,
  'fill_blanks' as const,
  'overwrite_mapped' as const,
  'create_anyway' as const,
  'deny' as const,
  'review' as const,
);
const mapLine: fc.Arbitrary<CaptureLine> = fc
  .record({
    field: fc.constantFrom(...FIELDS),
    from: fc.constantFrom(...SOURCES),
    value: fc.constantFrom(null, '', 'fixed'),
    onExisting: fc.constantFrom('inherit' as const, 'never' as const, 'fill_blank' as const, 'overwrite' as const),
  })
  .map(line);
const map = fc.uniqueArray(mapLine, { maxLength: 6, selector: ({ field }) => field });
const held = fc.record({
  email: blankOr('finn@example.org'),
  firstname: blankOr('Finn'),
  lifecyclestage: blankOr('customer'),
  city: blankOr('Bonn'),
  tag: blankOr('fixed'),
  size: blankOr('50'),
  passalong_referral_id: fc.constantFrom(null, REFERRAL_ID, 'ref_99999999999999999999'),
});

function found(policy: 'review' | 'deny'): IntegrityFinding {
  return { check: 'sameCompany', policy, evidence: [{ shared: 'company', recordId: '900' }] };
}

const anyInput: fc.Arbitrary<PlanContactInput> = fc
  .record({
    map,
    held,
    policy,
    enabled: fc.boolean(),
    accepted: fc.boolean(),
    heldFor: fc.constantFrom(null, 'capture' as const, 'review' as const),
    status: fc.constantFrom('pending' as const, 'approved' as const, 'denied' as const),
    ageMs: fc.integer({ min: -600_000, max: 8_000_000 }),
    graceMinutes: fc.constantFrom(0, 60, 10_080),
    size: fc.constantFrom('', '50'),
    absent: fc.boolean(),
    ownerId: fc.constantFrom(null, '77'),
    untagged: fc.boolean(),
    clockOffsetMs: fc.constantFrom(null, 0, -600_000, 600_000),
    findings: fc.constantFrom<readonly IntegrityFinding[]>([], [found('review')], [found('deny'), found('review')]),
  })
  .map((input) => ({
    facts: facts({
      status: input.status,
      heldFor: input.heldFor,
      answers: { size: input.size },
      friend: person(),
      program: program({
        capture: {
          enabled: input.enabled,
          map: input.map,
          duplicates: { policy: input.policy, graceMinutes: input.graceMinutes },
        },
      }),
    }),
    findings: input.findings,
    clockOffsetMs: input.clockOffsetMs,
    untagged: input.absent && input.untagged ? contact() : null,
    existing: input.absent ? null : contact(input.held, new Date(REFERRED_AT.getTime() - input.ageMs)),
    referralIdField: 'passalong_referral_id',
    ownerField: 'hubspot_owner_id',
    ownerId: input.ownerId,
    accepted: input.accepted,
  }));

const RUNS = { numRuns: 1_000 };

function mapOf(input: PlanContactInput): readonly CaptureLine[] {
  return input.facts.program.definition.capture.map;
}

it('the same input makes the same plan, and nothing given is changed', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const before = structuredClone(input);
      expect(planContact(input)).toEqual(planContact(structuredClone(input)));
      expect(input).toEqual(before);
    }),
    RUNS,
  );
});

it('only fields of the map are written, and with a new contact the owner', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const plan = planContact(input);
      const mapped = mapOf(input).map(({ field }) => field);
      if (plan.do === 'link') expect(mapped).toEqual(expect.arrayContaining(Object.keys(plan.changes)));
      if (plan.do === 'create' || (plan.do === 'review' && plan.values))
        expect([...mapped, 'hubspot_owner_id']).toEqual(expect.arrayContaining(Object.keys(plan.values ?? {})));
    }),
    RUNS,
  );
});

it('nothing blank is ever written, and nothing that stands there already (E14)', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const plan = planContact(input);
      const created = plan.do === 'create' || plan.do === 'review' ? (plan.values ?? {}) : {};
      const written = plan.do === 'link' ? plan.changes : created;
      for (const [field, value] of Object.entries(written)) {
        expect(value?.trim()).toBeTruthy();
        expect(value).not.toBe(input.existing?.values[field]);
      }
    }),
    RUNS,
  );
});

it('a field that is to be filled, or a stage or an address, is never changed where it has a value (E13, E14)', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const plan = planContact(input);
      if (plan.do !== 'link') return;
      const { policy: chosen } = input.facts.program.definition.capture.duplicates;
      for (const field of Object.keys(plan.changes)) {
        const mode = mapOf(input).find((candidate) => candidate.field === field)?.onExisting;
        const overwrites = mode === 'overwrite' || (mode === 'inherit' && chosen === 'overwrite_mapped');
        if (overwrites && field !== 'lifecyclestage' && field !== 'email') continue;
        expect((input.existing?.values[field] ?? '').trim()).toBe('');
      }
    }),
    RUNS,
  );
});

it('a contact is made only where there is none, and a person is asked or a referral denied only while it is held (C7)', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const plan = planContact(input);
      const { do: action } = plan;
      const creates = action === 'create' || (action === 'review' && plan.values !== null);
      if (creates || action === 'nothing') expect(input.existing).toBeNull();
      if (action === 'link') expect(input.existing).not.toBeNull();
      if (action === 'deny' || action === 'review') expect(plan.recordId).toBe(input.existing?.id ?? null);
      if (action === 'deny' || action === 'review') {
        expect([input.accepted, input.facts.heldFor === null, input.facts.status === 'denied']).toEqual([
          false,
          false,
          false,
        ]);
      }
    }),
    RUNS,
  );
});
