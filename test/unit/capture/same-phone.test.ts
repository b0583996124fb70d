import { expect, it } from 'vitest';
import { comparePhones } from '../../../backend/src/capture/same-phone.ts';

it.each([
  ['+49 30 1234567', '+49301234567', 'same'],
  ['+49 30 1234567', '0049 (30) 123-4567', 'same'],
  ['+49 (0)30 1234567', '030 1234567', 'same'],
  ['030/123 45 67', '+49 30 1234567', 'same'],
  ['+1 555 123 4567', '555-123-4567', 'same'],
  ['+1 555 123 4567 ext. 12', '5551234567 x 99', 'same'],
  ['+39 06 12345678', '06 12345678', 'same'],
  // The end of a number, without anything that says where it begins.
  ['12345678', '+49 89 12345678', 'unsure'],
  ['12345678', '+33 1 12345678', 'unsure'],
  ['30 1234567', '+49 30 1234567', 'unsure'],
  ['555 123 4567', '+52 555 123 4567', 'unsure'],
  ['0 12345678', '+49 89 12345678', 'different'],
  ['+49 30 1234567', '+43 30 1234567', 'different'],
  ['030 1234567', '040 1234567', 'different'],
  ['030 1234567', '030 1234568', 'different'],
  // An extension, placeholders, no number at all.
  ['1234', '1234', 'different'],
  ['00000000', '00000000', 'different'],
  ['+1 111 111 1111', '1111111111', 'different'],
  ['n/a', 'n/a', 'different'],
  ['', '', 'different'],
] as const)('%s and %s lead to one telephone: %s (E18)', (one, other, likeness) => {
  expect(comparePhones(one, other)).toBe(likeness);
  expect(comparePhones(other, one)).toBe(likeness);
});
