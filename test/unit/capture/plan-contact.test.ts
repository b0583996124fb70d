import { describe, expect, it } from 'vitest';
import { planContact, type PlanContactInput } from '../../../backend/src/capture/plan-contact.ts';
import type { CaptureSettings, DuplicatePolicy, OnExisting } from '../../../shared/capture-settings.ts';
import { CAPTURE_DEFAULTS } from '../../../shared/capture-settings.ts';
import type { IntegrityCheck, IntegrityFinding } from '../../../backend/src/capture/integrity.ts';
import { contact, facts, line, program, REFERRAL_ID, REFERRED_AT } from './build.ts';

const POLICIES: readonly DuplicatePolicy[] = [
  'link',
  'fill_blanks',
  'overwrite_mapped',
  'create_anyway',
  'deny',
  'review',
];
const MINUTE_MS = 60_000;
const OLD = new Date('2024-01-01T00:00:00.000Z');
const FIELD = 'passalong_referral_id';

type Case = Partial<PlanContactInput> & {
  readonly capture?: Partial<CaptureSettings>;
  readonly referral?: Parameters<typeof facts>[0];
};

function plan({ capture = {}, referral = {}, ...input }: Case) {
  return planContact({
    facts: facts({ heldFor: 'capture', ...referral, program: program({ capture }) }),
    existing: null,
    untagged: null,
    findings: [],
    clockOffsetMs: null,
    referralIdField: FIELD,
    ownerField: 'hubspot_owner_id',
    ownerId: null,
    accepted: false,
    ...input,
  });
}

function duplicates(policy: DuplicatePolicy, graceMinutes = 60): Partial<CaptureSettings> {
  return { duplicates: { policy, graceMinutes } };
}

function beforeReferral(ms: number): Date {
  return new Date(REFERRED_AT.getTime() - ms);
}

describe.each(POLICIES)('with the policy %s', (policy) => {
  it('somebody who is not there is created, with the map and its defaults in one go (RF-20, RF-21)', () => {
    const map = [...CAPTURE_DEFAULTS.map, line({ field: 'lead_source', value: 'Referral' })];
    expect(plan({ capture: { ...duplicates(policy), map }, ownerId: '77' })).toEqual({
      do: 'create',
      values: {
        email: 'finn@example.org',
        firstname: 'Finn',
        lastname: 'Friend',
        phone: '+49 30 1',
        lead_source: 'Referral',
        hubspot_owner_id: '77',
      },
    });
  });

  it('nobody is created where capture is switched off, or where the referral has ended', () => {
    expect(plan({ capture: { ...duplicates(policy), enabled: false } })).toEqual({ do: 'nothing' });
    expect(plan({ capture: duplicates(policy), referral: { status: 'denied' } })).toEqual({ do: 'nothing' });
  });

  it('one that our own earlier attempt made is not one that was there before (E6)', () => {
    const made = contact(
      { [FIELD]: REFERRAL_ID, firstname: 'Finn', lastname: 'Changed by a rep', phone: '1', email: 'finn@example.org' },
      new Date(REFERRED_AT.getTime() + 1_000),
    );
    const capture = { ...duplicates(policy, 0), map: CAPTURE_DEFAULTS.map };
    expect(plan({ capture, existing: made })).toEqual({ do: 'link', recordId: '501', changes: {} });
  });

  it('one that is the friend’s by an earlier decision is linked, whatever its age', () => {
    for (const settled of [{ accepted: true }, { referral: { heldFor: null } }]) {
      const { do: action } = plan({ ...settled, capture: duplicates(policy), existing: contact({}, OLD) });
      expect(action).toBe('link');
    }
  });
});

it.each<[DuplicatePolicy, string]>([
  ['link', 'link'],
  ['fill_blanks', 'link'],
  ['overwrite_mapped', 'link'],
  ['create_anyway', 'link'],
  ['deny', 'deny'],
  ['review', 'review'],
])('a contact that is old: %s means %s (C7)', (policy, action) => {
  const { do: done, ...rest } = plan({ capture: duplicates(policy), existing: contact({}, OLD) });
  expect(done).toBe(action);
  if (action === 'link') return;
  expect(rest).toEqual({
    recordId: '501',
    ...(action === 'review' ? { values: null } : {}),
    objection: {
      policy: action,
      because: 'existing_contact',
      existing: {
        recordId: '501',
        createdAt: '2024-01-01T00:00:00.000Z',
        referredAt: '2026-11-02T09:00:00.000Z',
        clockOffsetMs: null,
        graceMinutes: 60,
      },
      findings: [],
      referredAt: '2026-11-02T09:00:00.000Z',
      clockOffsetMs: null,
    },
  });
});

it.each([
  ['59:59', 60 * MINUTE_MS - 1_000, 'link'],
  ['60:00', 60 * MINUTE_MS, 'link'],
  ['60:00.001', 60 * MINUTE_MS + 1, 'deny'],
  ['60:01', 60 * MINUTE_MS + 1_000, 'deny'],
])('a contact created %s before the referral: deny means link up to the minute (E6)', (_age, ms, action) => {
  expect(plan({ capture: duplicates('deny'), existing: contact({}, beforeReferral(ms)) }).do).toBe(action);
  // Review asks a person about every one of them.
  expect(plan({ capture: duplicates('review'), existing: contact({}, beforeReferral(ms)) }).do).toBe('review');
});

describe.each([-10 * MINUTE_MS, 10 * MINUTE_MS, 0])('with the CRM’s clock %i ms ahead of ours', (clockOffsetMs) => {
  /** As the CRM states it: by its own clock. */
  const created = (ageMs: number) => new Date(REFERRED_AT.getTime() + clockOffsetMs - ageMs);

  it.each([
    ['59:59', 60 * MINUTE_MS - 1_000, 'link'],
    ['60:00', 60 * MINUTE_MS, 'link'],
    ['60:01', 60 * MINUTE_MS + 1_000, 'deny'],
  ])('a contact created %s before the referral: %s ms of its clock mean %s (E6)', (_age, ms, action) => {
    const planned = plan({ capture: duplicates('deny'), existing: contact({}, created(ms)), clockOffsetMs });
    expect(planned.do).toBe(action);
    if (planned.do !== 'deny') return;
    expect(planned.objection.existing).toMatchObject({
      clockOffsetMs,
      createdAt: created(ms).toISOString(),
      referredAt: new Date(REFERRED_AT.getTime() + clockOffsetMs).toISOString(),
    });
  });

  it('one that our own earlier attempt made is told by the corrected time (E6)', () => {
    const made = contact({ [FIELD]: REFERRAL_ID }, created(-1_000));
    expect(plan({ capture: duplicates('deny', 0), existing: made, clockOffsetMs }).do).toBe('link');
    expect(plan({ capture: duplicates('review', 0), existing: made, clockOffsetMs }).do).toBe('link');
    const older = contact({ [FIELD]: REFERRAL_ID }, created(5 * MINUTE_MS + 1));
    expect(plan({ capture: duplicates('deny', 0), existing: older, clockOffsetMs }).do).toBe('deny');
  });
});

describe('a contact with the address less its plus tag', () => {
  it.each<[DuplicatePolicy, string]>([
    ['link', 'create'],
    ['fill_blanks', 'create'],
    ['overwrite_mapped', 'create'],
    ['deny', 'deny'],
    ['review', 'review'],
  ])('%s means %s, and it is never linked (E17)', (policy, action) => {
    const planned = plan({ capture: duplicates(policy), untagged: contact({}, OLD) });
    expect(planned.do).toBe(action);
    if (planned.do !== 'deny' && planned.do !== 'review') return;
    expect(planned).toMatchObject({ recordId: null, objection: { existing: { recordId: '501', untagged: true } } });
    if (planned.do === 'review') expect(planned.values).toBeNull();
  });

  it('is within the grace as any other, and is no matter once a person accepted', () => {
    const young = contact({}, beforeReferral(60 * MINUTE_MS));
    expect(plan({ capture: duplicates('deny'), untagged: young }).do).toBe('create');
    expect(plan({ capture: duplicates('deny'), untagged: contact({}, OLD), accepted: true }).do).toBe('create');
  });
});

describe('what the checks found', () => {
  const finding = (policy: 'review' | 'deny', check: IntegrityCheck = 'sameCompany'): IntegrityFinding => ({
    check,
    policy,
    evidence: [{ shared: 'company', recordId: '900' }],
  });

  it('denies, and nobody is created', () => {
    expect(plan({ findings: [finding('deny')] })).toMatchObject({
      do: 'deny',
      recordId: null,
      objection: { because: 'integrity', existing: null, findings: [{ check: 'sameCompany' }] },
    });
  });

  it('asks a person, and the contact is made meanwhile: sales may call them all the same', () => {
    const planned = plan({ findings: [finding('review')] });
    expect(planned).toMatchObject({ do: 'review', recordId: null, objection: { because: 'integrity' } });
    expect(planned).toMatchObject({ values: { email: 'finn@example.org' } });
    expect(plan({ findings: [finding('review')], capture: { enabled: false } })).toMatchObject({ values: null });
  });

  it('is no matter once the referral is not held, or a person accepted it', () => {
    expect(plan({ findings: [finding('deny')], accepted: true }).do).toBe('create');
    expect(plan({ findings: [finding('deny')], referral: { heldFor: null } }).do).toBe('create');
  });

  it.each<[DuplicatePolicy, 'review' | 'deny', string, string]>([
    ['review', 'deny', 'deny', 'integrity'],
    ['deny', 'review', 'deny', 'existing_contact'],
    ['review', 'review', 'review', 'existing_contact'],
    ['link', 'review', 'review', 'integrity'],
  ])(
    'duplicates %s and a finding %s: the stronger one decides, %s for %s, with all evidence',
    (policy, of, action, because) => {
      const planned = plan({ capture: duplicates(policy), existing: contact({}, OLD), findings: [finding(of)] });
      expect(planned).toMatchObject({
        do: action,
        recordId: '501',
        objection: { because, findings: [{ policy: of }] },
      });
      if (policy !== 'link') expect(planned).toMatchObject({ objection: { existing: { recordId: '501' } } });
    },
  );
});

it.each([
  [0, 1, 'deny'],
  [0, 0, 'link'],
  [0, -30_000, 'link'],
  [10_080, 7 * 24 * 60 * MINUTE_MS, 'link'],
  [10_080, 7 * 24 * 60 * MINUTE_MS + 1, 'deny'],
])('with %i minutes of grace a contact %i ms older means %s', (graceMinutes, ms, action) => {
  expect(plan({ capture: duplicates('deny', graceMinutes), existing: contact({}, beforeReferral(ms)) }).do).toBe(
    action,
  );
});

it('our id on an old contact does not make it one of our making: it is written to known contacts, too (E6)', () => {
  const written = contact({ [FIELD]: REFERRAL_ID }, OLD);
  expect(plan({ capture: duplicates('deny'), existing: written }).do).toBe('deny');
  expect(plan({ capture: duplicates('review'), existing: written }).do).toBe('review');
});

it('a contact we made counts as ours although the CRM’s clock is some minutes behind', () => {
  const made = (lagMs: number) => contact({ [FIELD]: REFERRAL_ID }, beforeReferral(lagMs));
  expect(plan({ capture: duplicates('deny', 0), existing: made(5 * MINUTE_MS) }).do).toBe('link');
  expect(plan({ capture: duplicates('deny', 0), existing: made(5 * MINUTE_MS + 1) }).do).toBe('deny');
});

it('a contact of our making gets what its creation had to leave out, and keeps what it has', () => {
  const made = contact({ [FIELD]: REFERRAL_ID, firstname: 'Finn', lastname: '', tag: 'theirs' }, REFERRED_AT);
  const map = [...CAPTURE_DEFAULTS.map, line({ field: 'tag', value: 'ours', onExisting: 'overwrite' })];
  expect(plan({ capture: { map }, existing: made })).toMatchObject({
    do: 'link',
    changes: { lastname: 'Friend', phone: '+49 30 1' },
  });
});

it('an old contact whose referral was denied is linked so that it can say so, and not changed', () => {
  const denied = { referral: { status: 'denied' as const }, capture: duplicates('overwrite_mapped') };
  expect(plan({ ...denied, existing: contact({}, OLD) })).toEqual({ do: 'link', recordId: '501', changes: {} });
});

describe('what is written to a contact that was there', () => {
  type Written = 'nothing' | 'blanks' | 'all';
  const BY_POLICY: Readonly<Record<DuplicatePolicy, Written>> = {
    link: 'nothing',
    fill_blanks: 'blanks',
    overwrite_mapped: 'all',
    create_anyway: 'nothing',
    deny: 'nothing',
    review: 'nothing',
  };
  const BY_FIELD: Readonly<Record<Exclude<OnExisting, 'inherit'>, Written>> = {
    never: 'nothing',
    fill_blank: 'blanks',
    overwrite: 'all',
  };
  const rows = POLICIES.flatMap((policy) =>
    (['inherit', 'never', 'fill_blank', 'overwrite'] as const).map(
      (onExisting): [DuplicatePolicy, OnExisting, Written] => [
        policy,
        onExisting,
        onExisting === 'inherit' ? BY_POLICY[policy] : BY_FIELD[onExisting],
      ],
    ),
  );

  function changes(policy: DuplicatePolicy, onExisting: OnExisting, field = 'city'): unknown {
    const map = [line({ field, value: 'Berlin', onExisting })];
    return ['Bonn', '', ' ', null, undefined, 'Berlin'].map((held) => {
      const existing = contact(held === undefined ? {} : { [field]: held }, OLD);
      const planned = plan({ capture: { ...duplicates(policy), map }, existing, accepted: true });
      return planned.do === 'link' ? planned.changes : planned.do;
    });
  }

  const WRITE = { city: 'Berlin' };
  const EXPECTED: Readonly<Record<Written, unknown>> = {
    nothing: [{}, {}, {}, {}, {}, {}],
    blanks: [{}, WRITE, WRITE, WRITE, WRITE, {}],
    all: [WRITE, WRITE, WRITE, WRITE, WRITE, {}],
  };

  it.each(rows)('%s, the field set to %s: %s (E14)', (policy, onExisting, written) => {
    expect(changes(policy, onExisting)).toEqual(EXPECTED[written]);
  });

  it.each(['lifecyclestage', 'email'])('%s is filled where it is blank and never replaced (E13)', (field) => {
    const filled = { [field]: 'Berlin' };
    for (const policy of POLICIES) {
      expect(changes(policy, 'overwrite', field)).toEqual([{}, filled, filled, filled, filled, {}]);
    }
  });

  it('nothing at all where capture is switched off', () => {
    const capture = { ...duplicates('overwrite_mapped'), enabled: false };
    expect(plan({ capture, existing: contact({}, OLD) })).toEqual({ do: 'link', recordId: '501', changes: {} });
  });

  it('never an owner: the one it has stays, and it may have none on purpose (RL-05)', () => {
    const capture = duplicates('overwrite_mapped');
    const planned = plan({ capture, existing: contact({}, OLD), ownerId: '77' });
    expect(planned).toMatchObject({ do: 'link', changes: { firstname: 'Finn' } });
    expect(planned).not.toHaveProperty('changes.hubspot_owner_id');
  });
});
