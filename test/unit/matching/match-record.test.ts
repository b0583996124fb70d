import { describe, expect, it } from 'vitest';
import { ANY_PROGRAM } from '../../../backend/src/matching/match-look-ups.ts';
import { matchRecord } from '../../../backend/src/matching/match-record.ts';
import { advocate, contact, found, keyed, program, referral, type ContactInput } from './build.ts';

const PROGRAM = program('A', {
  target: [
    { object: 'contact', field: 'ref', holds: 'referral_id' },
    { object: 'contact', field: 'ext', holds: 'external_id' },
    { object: 'deal', field: 'deal_ref', holds: 'referral_id' },
    { object: 'company', field: 'company_ref', holds: 'referral_id' },
  ],
  additional: [
    { object: 'contact', field: 'second_email', holds: 'friend_email' },
    { object: 'contact', field: 'mobile', holds: 'friend_phone' },
  ],
  member: [
    { object: 'contact', field: 'code', holds: 'advocate_code' },
    { object: 'contact', field: 'link', holds: 'advocate_link' },
    { object: 'contact', field: 'referrer', holds: 'advocate_email' },
    { object: 'contact', field: 'partner', holds: 'advocate_external_id' },
    { object: 'company', field: 'company_code', holds: 'advocate_code' },
  ],
  names: { enabled: true, threshold: 0.9, margin: 0.1 },
});
const CODE = '23456789bcd';
const PHONE = '+49 30 1234567';

/** Everything leads to a person of its own, so that the one found says which route it was. */
const EVERYTHING = found({
  linked: new Map([['101', 'of link']]),
  referrals: keyed(
    ['referral_id', ANY_PROGRAM, 'ref_own', referral('of own id')],
    ['referral_id', 'A', 'ref_1', referral('of target')],
    ['friend_email', 'A', 'second@example.com', referral('of additional')],
  ),
  people: new Map([['friend@example.com', 'of email']]),
  advocates: keyed(['advocate_code', 'A', CODE, advocate('of code')]),
  names: [{ referral: referral('of name'), name: 'Ann Lee' }],
});

const ALL_SAID: ContactInput = {
  programs: [PROGRAM],
  referralId: 'ref_own',
  values: { ref: 'ref_1', second_email: 'second@example.com', code: CODE },
  email: 'Friend@Example.com',
  name: 'Lee, Ann',
};

function match(input: ContactInput, lookUps = EVERYTHING) {
  return matchRecord(contact(input), { programs: input.programs ?? [PROGRAM], found: lookUps });
}

describe('the routes in their order', () => {
  const unlinked = { ...EVERYTHING, linked: new Map<string, string>() };
  const noId = (input: ContactInput): ContactInput => {
    const { referralId: _, ...rest } = input;
    return rest;
  };
  const without = (input: ContactInput, ...fields: string[]): ContactInput => ({
    ...input,
    values: Object.fromEntries(Object.entries(input.values ?? {}).filter(([field]) => !fields.includes(field))),
  });
  const noEmail = ({ email: _, ...rest }: ContactInput): ContactInput => rest;
  const said = noId(ALL_SAID);

  it.each([
    ['link', ALL_SAID, EVERYTHING, 'of link'],
    ['referral_id', ALL_SAID, unlinked, 'of own id'],
    ['target', said, unlinked, 'of target'],
    ['email', without(said, 'ref'), unlinked, 'of email'],
    ['additional', noEmail(without(said, 'ref')), unlinked, 'of additional'],
    ['member', noEmail(without(said, 'ref', 'second_email')), unlinked, null],
    ['names', noEmail(without(said, 'ref', 'second_email', 'code')), unlinked, null],
    ['none', { programs: [PROGRAM] }, unlinked, null],
  ] as const)('%s is tried when all before it say nothing (RR-35, RR-36, RR-40)', (route, input, lookUps, personId) => {
    const result = match(input, lookUps);
    expect(result.route).toBe(route);
    expect(result.friend?.personId ?? null).toBe(personId);
  });
});

it.each([
  ['a referral id', { ref: ' ref_1 ' }, 'direct', 'friend', 'ref'],
  ['an external id', { ext: 'order-9' }, 'direct', 'friend', 'ext'],
  ['an address', { second_email: 'SECOND@example.com' }, 'fuzzy', 'friend', 'second_email'],
  ['a number, however written', { mobile: PHONE }, 'fuzzy', 'friend', 'mobile'],
] as const)('%s leads to the referral, and says what was seen (RR-35, RR-37)', (_, values, kind, personId, field) => {
  const friend = referral('friend');
  const referrals = keyed(
    ['referral_id', 'A', 'ref_1', friend],
    ['external_id', 'A', 'order-9', friend],
    ['friend_email', 'A', 'second@example.com', friend],
    ['friend_phone', 'A', PHONE, friend],
  );
  expect(match({ values, programs: [PROGRAM] }, found({ referrals }))).toMatchObject({
    kind,
    friend: { personId, referralId: friend.referralId, programId: 'A', seen: { object: 'contact', field } },
  });
});

it('what leads to several people leads to nobody, and says to whom it might (E16)', () => {
  const referrals = keyed(
    ['referral_id', 'A', 'ref_1', referral('one')],
    ['external_id', 'A', 'order-9', referral('two')],
  );
  const both = match(
    { programs: [PROGRAM], values: { ref: 'ref_1', ext: 'order-9', code: CODE } },
    found({ referrals }),
  );
  expect(both).toMatchObject({ route: 'target', kind: 'unsure', reason: 'several_people', members: [], unknown: [] });
  expect(both.friend).toMatchObject({ personId: null, candidates: [{ personId: 'one' }, { personId: 'two' }] });
});

it('an id of one referral on two fields is one referral, and the id is what was seen (RR-35)', () => {
  const friend = referral('friend');
  const referrals = keyed(['referral_id', 'A', 'ref_1', friend], ['external_id', 'A', 'order-9', friend]);
  const result = match({ programs: [PROGRAM], values: { ref: 'ref_1', ext: 'order-9' } }, found({ referrals }));
  expect(result.friend).toMatchObject({ kind: 'direct', personId: 'friend', seen: { field: 'ext' } });
});

it('a deal the contact is alone on names the referral; a company only asks, and not where the friend is known (RR-55, RR-60)', () => {
  const referrals = keyed(['referral_id', 'A', 'ref_1', referral('friend')]);
  const on = (object: 'deal' | 'company', values: Record<string, string>): ContactInput => ({
    programs: [PROGRAM],
    around: [{ object, recordId: '9', values }],
  });
  expect(match(on('deal', { deal_ref: 'ref_1' }), found({ referrals })).friend).toMatchObject({
    personId: 'friend',
    seen: { recordId: '9' },
  });
  const company = on('company', { company_ref: 'ref_1' });
  expect(match(company, found({ referrals })).friend).toMatchObject({
    kind: 'unsure',
    reason: 'company_says',
    personId: null,
  });
  const contactsOf = new Map([['friend', ['202']]]);
  expect(match(company, found({ referrals, contactsOf }))).toMatchObject({ route: 'none', kind: 'none' });
});

describe('addresses', () => {
  const people = new Map([
    ['friend@example.com', 'friend'],
    ['info@firma.example', 'firm'],
    ['other@example.com', 'other'],
  ]);
  const taken = new Map([
    ['friend', ['202']],
    ['firm', ['202']],
    ['other', ['202']],
  ]);

  it.each([
    ['exact, whatever its case', { email: ' FRIEND@example.COM' }, new Map(), 'friend'],
    ['of an alias', { email: 'friend+work@example.com' }, new Map(), null],
    ['of a second contact with an address of its own', { email: 'friend@example.com' }, taken, 'friend'],
    ['shared, and nobody else has it', { email: 'info@firma.example' }, new Map(), 'firm'],
    ['shared, and somebody else has it', { email: 'info@firma.example' }, taken, null],
    ['shared, by the same contact', { email: 'info@firma.example' }, new Map([['firm', ['101']]]), 'firm'],
    ['among the others', { email: 'new@example.com', otherEmails: ['friend@example.com'] }, new Map(), 'friend'],
    ['among the others of two contacts', { otherEmails: ['friend@example.com'] }, taken, null],
    ['among the others, of two people', { otherEmails: ['friend@example.com', 'other@example.com'] }, new Map(), null],
    [
      'that decides before the others',
      { email: 'other@example.com', otherEmails: ['friend@example.com'] },
      new Map(),
      'other',
    ],
    ['that is none', { email: 'friend at example.com' }, new Map(), null],
  ])('an address %s (E15)', (_, input, contactsOf, personId) => {
    const result = match({ programs: [program('A')], ...input }, found({ people, contactsOf }));
    expect(result.friend?.personId ?? null).toBe(personId);
  });

  it.each([
    ['no program matches by address', [program('A', { email: false })], [], null],
    ['the friend’s program does not', [program('A', { email: false }), program('B')], [referral('friend', 'A')], null],
    [
      'one of the friend’s programs does',
      [program('A', { email: false }), program('B')],
      [referral('friend', 'A'), referral('friend', 'B')],
      'B',
    ],
    [
      'one of them wants a look',
      [program('A'), program('B', { fuzzyMatches: 'review' })],
      [referral('friend', 'A'), referral('friend', 'B')],
      'B',
    ],
  ] as const)('%s (RR-40)', (_, programs, theirs, programId) => {
    const referralsOf = new Map([['friend', [...theirs]]]);
    const result = match({ programs, email: 'friend@example.com' }, found({ people, referralsOf }));
    expect(result.friend?.programId ?? null).toBe(programId);
  });
});

describe('the advocate a record names', () => {
  const advocates = keyed(
    ['advocate_code', 'A', CODE, advocate('ada')],
    ['advocate_email', 'A', 'ada@example.com', advocate('ada')],
    ['advocate_external_id', 'A', 'P-77', advocate('bob')],
  );
  const people = new Map([
    ['friend@example.com', 'friend'],
    ['ada@example.com', 'ada'],
  ]);
  const referralsOf = new Map([['friend', [referral('friend', 'A', 'ada')]]]);

  it.each([
    ['by code', { code: ` ${CODE.toUpperCase()} ` }, 'new@example.com', ['add', 'direct', 'adv_ada']],
    [
      'by link',
      { link: `https://refer.example.com/go/r/${CODE}?utm=1` },
      'new@example.com',
      ['add', 'direct', 'adv_ada'],
    ],
    ['by address', { referrer: 'Ada@example.com' }, 'new@example.com', ['add', 'fuzzy', 'adv_ada']],
    ['by the customer’s id', { partner: 'P-77' }, 'new@example.com', ['add', 'direct', 'adv_bob']],
    ['twice', { code: CODE, referrer: 'ada@example.com' }, 'new@example.com', ['add', 'direct', 'adv_ada']],
    ['and another one', { code: CODE, partner: 'P-77' }, 'new@example.com', ['several', 'unsure', null]],
    ['who referred this friend already', { code: CODE }, 'friend@example.com', ['same_advocate', 'direct', 'adv_ada']],
    [
      'when another referred this friend',
      { partner: 'P-77' },
      'friend@example.com',
      ['other_advocate', 'direct', 'adv_bob'],
    ],
    ['who is this contact', { code: CODE }, 'ada@example.com', ['self', 'direct', 'adv_ada']],
  ] as const)('%s (RR-36)', (_, values, email, [outcome, kind, advocateId]) => {
    const result = match({ programs: [PROGRAM], values, email }, found({ advocates, people, referralsOf }));
    expect(result.members).toMatchObject([{ outcome, kind, advocateId, programId: 'A' }]);
    expect(result.unknown).toEqual([]);
  });

  it('on a company is only asked about, because a company has many people (RR-55)', () => {
    const around = [{ object: 'company' as const, recordId: '5', values: { company_code: CODE } }];
    const result = match({ programs: [PROGRAM], around }, found({ advocates }));
    expect(result.members).toMatchObject([{ outcome: 'add', kind: 'unsure' }]);
  });

  it.each([
    ['a code nobody has', { code: 'zzzzzzzzzzz' }, undefined, ['code']],
    ['what is no code', { code: 'ask Ada' }, undefined, ['code']],
    ['an id nobody has, beside a known code', { ext: 'order-0', code: CODE }, undefined, []],
    ['a code nobody has, of a friend who is known', { code: 'zzzzzzzzzzz' }, 'friend@example.com', []],
    ['a code nobody has, of somebody never referred', { code: 'zzzzzzzzzzz' }, 'ada@example.com', ['code']],
    ['nothing but spaces', { code: '  ', ext: '' }, undefined, []],
  ] as const)('%s is a riddle or none (RR-29, RR-41)', (_, values, email, fields) => {
    const input = { programs: [PROGRAM], values, ...(email === undefined ? {} : { email }) };
    const result = match(input, found({ advocates, people, referralsOf }));
    expect(result.unknown.map(({ field }) => field)).toEqual(fields);
  });
});

describe('names', () => {
  const waiting = (...names: string[]) => names.map((name) => ({ referral: referral(`of ${name}`), name }));

  it.each([
    ['one alike', ['Katharina Hofmann', 'Bob Ray'], 'Hofmann, Katharina', ['alike', ['of Katharina Hofmann']]],
    [
      'two alike within the margin',
      ['Katharina Hofmann', 'Katharina Hoffmann'],
      'Katharina Hofmann',
      ['several_alike', ['of Katharina Hofmann', 'of Katharina Hoffmann']],
    ],
    ['none alike enough', ['Katharina Meier'], 'Katharina Hofmann', null],
    ['no name', ['Katharina Hofmann'], '', null],
  ] as const)('%s (E16)', (_, names, name, expected) => {
    const result = match({ programs: [PROGRAM], name }, found({ names: waiting(...names) }));
    const [reason, people] = expected ?? ['nothing_said', []];
    expect(result.reason).toBe(reason);
    expect((result.friend?.candidates ?? []).map(({ personId }) => personId)).toEqual(people);
    expect(result.friend?.personId ?? null).toBe(null);
  });

  it('are compared for programs that ask for it only (E16)', () => {
    const result = match({ programs: [program('A')], name: 'Ann Lee' }, found({ names: waiting('Ann Lee') }));
    expect(result.route).toBe('none');
  });
});
