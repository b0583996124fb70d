import { expect, it } from 'vitest';
import { planAdvocate } from '../../../backend/src/capture/plan-advocate.ts';
import { ENROLMENT_DEFAULTS } from '../../../shared/enrolment-settings.ts';
import { person, program } from './build.ts';

const ada = person({
  firstName: 'Ada',
  lastName: null,
  email: 'ada@example.com',
  phone: null,
  details: { tier: 'gold' },
});

it('somebody who joins becomes a contact with what they said and the program’s defaults (RF-38, RF-40, RF-41)', () => {
  const mapIn = [...ENROLMENT_DEFAULTS.mapIn, { field: 'customer_tier', to: 'tier', default: 'none' }];
  const contactValues = [{ field: 'lifecyclestage', value: 'evangelist' }];
  expect(planAdvocate([program({ enrolment: { mapIn, contactValues } })], ada)).toEqual({
    firstname: 'Ada',
    email: 'ada@example.com',
    customer_tier: 'gold',
    lifecyclestage: 'evangelist',
  });
});

it('what they said goes before a fixed value for the same field', () => {
  const contactValues = [{ field: 'firstname', value: 'Partner' }];
  expect(planAdvocate([program({ enrolment: { contactValues } })], ada)).toMatchObject({ firstname: 'Ada' });
  expect(planAdvocate([program({ enrolment: { contactValues } })], person({ firstName: null }))).toMatchObject({
    firstname: 'Partner',
  });
});

it('a key that every object knows is no answer of theirs', () => {
  const mapIn = [{ field: 'odd', to: 'constructor', default: null }];
  expect(planAdvocate([program({ enrolment: { mapIn } })], ada)).toEqual({});
});

it('nobody becomes a contact where no program of theirs says so, or where they have none', () => {
  expect(planAdvocate([program({ enrolment: { createContacts: false } })], ada)).toBeNull();
  expect(planAdvocate([], ada)).toBeNull();
});

it('of several programs the first one that creates contacts has the word, and the others add to it', () => {
  const first = program({ enrolment: { contactValues: [{ field: 'tag', value: 'first' }] } });
  const second = program({
    id: 'prg_2',
    enrolment: {
      contactValues: [
        { field: 'tag', value: 'second' },
        { field: 'extra', value: 'second' },
      ],
    },
  });
  const off = program({
    id: 'prg_0',
    enrolment: { createContacts: false, contactValues: [{ field: 'tag', value: 'off' }] },
  });
  expect(planAdvocate([off, first, second], ada)).toMatchObject({ tag: 'first', extra: 'second' });
});
