import { expect, it } from 'vitest';
import { samePhone } from '../../../backend/src/capture/same-phone.ts';

it.each([
  ['+49 30 1234567', '+49301234567', true],
  ['+49 30 1234567', '0049 (30) 123-4567', true],
  ['+49 (0)30 1234567', '030 1234567', true],
  ['030/123 45 67', '+49 30 1234567', true],
  ['+1 555 123 4567', '555-123-4567', true],
  ['+1 555 123 4567 ext. 12', '5551234567 x 99', true],
  ['+49 30 1234567', '+43 30 1234567', false],
  ['030 1234567', '040 1234567', false],
  ['030 1234567', '030 1234568', false],
  // An extension, placeholders, no number at all.
  ['1234', '1234', false],
  ['00000000', '00000000', false],
  ['+1 111 111 1111', '1111111111', false],
  ['n/a', 'n/a', false],
  ['', '', false],
])('%s and %s lead to one telephone: %s (E18)', (one, other, same) => {
  expect(samePhone(one, other)).toBe(same);
  expect(samePhone(other, one)).toBe(same);
});
