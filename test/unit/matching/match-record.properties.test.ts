import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MatchField, MemberField } from '../../../shared/matching-settings.ts';
import { ANY_PROGRAM, lookUpKey } from '../../../backend/src/matching/match-look-ups.ts';
import { matchRecord } from '../../../backend/src/matching/match-record.ts';
import { MATCH_ROUTES } from '../../../backend/src/matching/match.ts';
import { advocate, contact, found, program, referral, type ContactInput } from './build.ts';

const FIELDS = ['f1', 'f2', 'f3'] as const;
const object = fc.constantFrom('contact' as const, 'deal' as const, 'company' as const);
const field = fc.constantFrom(...FIELDS);
const matchField: fc.Arbitrary<MatchField> = fc.record({
  object,
  field,
  holds: fc.constantFrom('referral_id' as const, 'external_id' as const, 'friend_email' as const),
});
const memberField: fc.Arbitrary<MemberField> = fc.record({
  object,
  field,
  holds: fc.constantFrom('advocate_email' as const, 'advocate_external_id' as const),
});
const programs = fc
  .array(
    fc.record({
      target: fc.array(matchField, { maxLength: 3 }),
      additional: fc.array(matchField, { maxLength: 3 }),
      member: fc.array(memberField, { maxLength: 3 }),
      email: fc.boolean(),
      names: fc.record({ enabled: fc.boolean(), threshold: fc.constant(0.6), margin: fc.constant(0.1) }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.map((matching, index) => program(`P${String(index)}`, matching)));

const PEOPLE = ['ann', 'bob', 'cas'] as const;
const value = fc.constantFrom(...PEOPLE.map((name) => `${name}@example.com`), 'nobody@example.com', '');
const values = fc.dictionary(field, value, { maxKeys: 3 });
const around = fc.array(
  fc.record({
    object: fc.constantFrom('deal' as const, 'company' as const),
    recordId: fc.constantFrom('7', '8'),
    values,
  }),
  { maxLength: 3 },
);

/** Values lead to people by name, in the first two programs. */
const lookUps = fc
  .record({
    linked: fc.constantFrom(...PEOPLE, null, null, null),
    taken: fc.subarray([...PEOPLE]),
    referred: fc.subarray([...PEOPLE]),
    addressed: fc.subarray([...PEOPLE]),
  })
  .map(({ linked, taken, referred, addressed }) => {
    const both = ['P0', 'P1'];
    const mail = (name: string): string => `${name}@example.com`;
    const holds = ['referral_id', 'external_id', 'friend_email'] as const;
    const named = ['advocate_email', 'advocate_external_id'] as const;
    return found({
      linked: new Map(linked === null ? [] : [['101', linked]]),
      referrals: new Map([
        ...referred.map((name) => [lookUpKey('referral_id', ANY_PROGRAM, mail(name)), [referral(name, 'P0')]] as const),
        ...referred.flatMap((name) =>
          both.flatMap((id) => holds.map((hold) => [lookUpKey(hold, id, mail(name)), [referral(name, id)]] as const)),
        ),
      ]),
      advocates: new Map(
        PEOPLE.flatMap((name) =>
          both.flatMap((id) => named.map((hold) => [lookUpKey(hold, id, mail(name)), [advocate(name, id)]] as const)),
        ),
      ),
      people: new Map(addressed.map((name) => [mail(name), name])),
      referralsOf: new Map(referred.map((name) => [name, both.map((id) => referral(name, id, 'dora'))])),
      contactsOf: new Map(taken.map((name) => [name, ['202']])),
      names: referred.map((name) => ({ referral: referral(name, 'P0'), name })),
    });
  });

const said = fc.record({
  values,
  around,
  otherEmails: fc.array(value, { maxLength: 3 }),
  email: fc.option(value, { nil: undefined }),
  referralId: fc.option(value, { nil: undefined }),
  name: fc.constantFrom('', 'Ann', 'Bob', 'Anne'),
});

type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

function toInput({ email, referralId, ...rest }: Said): Omit<ContactInput, 'programs'> {
  return { ...rest, ...(email === undefined ? {} : { email }), ...(referralId === undefined ? {} : { referralId }) };
}

it('says the same whatever the order of programs, fields, records and addresses (RR-35, E16)', () => {
  const backwards = <T>(list: readonly T[]): T[] => [...list].reverse();
  fc.assert(
    fc.property(programs, said, lookUps, (some, saying, tables) => {
      const input = toInput(saying);
      const there = matchRecord(contact({ ...input, programs: some }), { programs: some, found: tables });
      const turned = backwards(some).map(({ id, matching }) =>
        program(id, {
          ...matching,
          target: backwards(matching.target),
          additional: backwards(matching.additional),
          member: backwards(matching.member),
        }),
      );
      const mirrored = {
        ...input,
        around: backwards(input.around ?? []),
        otherEmails: backwards(input.otherEmails ?? []),
        values: Object.fromEntries(backwards(Object.entries(input.values ?? {}))),
      };
      const back = matchRecord(contact({ ...mirrored, programs: turned }), {
        programs: turned,
        found: { ...tables, names: backwards(tables.names) },
      });
      expect({ ...back, unknown: [] }).toEqual({ ...there, unknown: [] });
      const sorted = (claims: typeof there.unknown): string[] => claims.map((claim) => JSON.stringify(claim)).sort();
      expect(sorted(back.unknown)).toEqual(sorted(there.unknown));
    }),
    { numRuns: 10_000 },
  );
});

it('never names a person by a name, by a company, or where several are meant; and never adds anybody then (E16, C12)', () => {
  fc.assert(
    fc.property(programs, said, lookUps, (some, saying, tables) => {
      const match = matchRecord(contact({ ...toInput(saying), programs: some }), { programs: some, found: tables });
      const { friend } = match;
      expect(MATCH_ROUTES).toContain(match.route);
      if (match.route === 'names') expect([match.kind, friend?.personId]).toEqual(['unsure', null]);
      if (friend?.kind === 'unsure') expect([friend.personId, match.members]).toEqual([null, []]);
      if (friend?.personId) expect(friend.candidates.map(({ personId }) => personId)).toEqual([friend.personId]);
      if (friend?.seen?.object === 'company') expect(friend.kind).toBe('unsure');
      for (const member of match.members) expect(member.outcome === 'add' && member.referralId !== null).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});
