import { describe, expect, it } from 'vitest';
import { displayName, mappedValues } from '../../../backend/src/capture/map-values.ts';
import { FRIEND_MAP, MAP_SOURCES } from '../../../shared/capture-settings.ts';
import { facts, line, person, REFERRAL_ID } from './build.ts';

const SAID: Readonly<Record<(typeof MAP_SOURCES)[number], string>> = {
  'friend.firstName': 'Finn',
  'friend.lastName': 'Friend',
  'friend.email': 'finn@example.org',
  'friend.phone': '+49 30 1',
  'advocate.name': 'Ada Advocate',
  'advocate.firstName': 'Ada',
  'advocate.lastName': 'Advocate',
  'advocate.email': 'ada@example.com',
  'advocate.phone': '+49 30 2',
  'advocate.code': 'bcdfghjkmn',
  'advocate.link': 'https://go.example.com/r/bcdfghjkmn',
  'program.name': 'Customer referrals',
  'program.key': 'customers',
  'referral.id': REFERRAL_ID,
  'referral.source': 'form',
};

it.each(MAP_SOURCES.map((from) => [from, SAID[from]]))('%s says %s (RF-32, RF-34, RF-36)', (from, said) => {
  expect(mappedValues([line({ field: 'x', from })], facts())).toEqual({ x: said });
});

it('a fixed value is written as it stands: the tag every referred lead carries (RF-24, SG-21)', () => {
  expect(mappedValues([line({ field: 'lead_source', value: 'Referral' })], facts())).toEqual({
    lead_source: 'Referral',
  });
});

describe('where the source has nothing to say', () => {
  const unknown = facts({ friend: person({ lastName: null, phone: '  ', details: { tier: '' } }) });

  it.each([
    ['a detail nobody told', 'friend.lastName'],
    ['blanks only', 'friend.phone'],
    ['an empty answer', 'friend.tier'],
    ['a question that was not asked', 'friend.companySize'],
    ['a word every object knows', 'friend.constructor'],
    ['a source of another release', 'program.colour'],
  ])('%s leaves the field out, and takes the default where there is one (RF-35)', (_what, from) => {
    expect(mappedValues([line({ field: 'x', from })], unknown)).toEqual({});
    expect(mappedValues([line({ field: 'x', from, value: 'unknown' })], unknown)).toEqual({ x: 'unknown' });
    expect(mappedValues([line({ field: 'x', from, value: ' ' })], unknown)).toEqual({});
  });
});

it('answers of the form stand in the CRM under the field their line names (RF-32)', () => {
  const map = [...FRIEND_MAP, line({ field: 'numberofemployees', from: 'friend.companySize' })];
  expect(mappedValues(map, facts({ answers: { companySize: '50' } }))).toEqual({
    email: 'finn@example.org',
    firstname: 'Finn',
    lastname: 'Friend',
    phone: '+49 30 1',
    numberofemployees: '50',
  });
});

it('what the friend answered now goes before what was known of them, and that before the default', () => {
  const map = [line({ field: 'size', from: 'friend.companySize', value: '1' })];
  const known = person({ details: { companySize: '10' } });
  expect(mappedValues(map, facts({ friend: known, answers: { companySize: '50' } }))).toEqual({ size: '50' });
  expect(mappedValues(map, facts({ friend: known, answers: { companySize: '' } }))).toEqual({ size: '10' });
  expect(mappedValues(map, facts())).toEqual({ size: '1' });
});

it('what an advocate brought along can be handed on (RF-36)', () => {
  const { advocate } = facts();
  const map = [line({ field: 'referrer_tier', from: 'advocate.tier' })];
  expect(mappedValues(map, facts({ advocate: { ...advocate, details: { tier: 'gold' } } }))).toEqual({
    referrer_tier: 'gold',
  });
});

it.each([
  [{}, 'Finn Friend'],
  [{ lastName: null }, 'Finn'],
  [{ firstName: null, lastName: null }, 'finn@example.org'],
  [{ firstName: ' ', lastName: null }, 'finn@example.org'],
  [{ firstName: null, lastName: null, email: null }, 'Somebody'],
])('people are called by what is known of them: %j is %s', (known, name) => {
  expect(displayName(person(known))).toBe(name);
});
