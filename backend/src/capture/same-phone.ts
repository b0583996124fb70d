/** Shorter numbers are extensions or typing errors; a whole one with its area code is never that short. */
const MIN_DIGITS = 8;

/**
 * Whether two ways of writing lead to one telephone: `+49 30 1234567`, `0049 (30) 123-4567` and `030 1234567` do. A number
 * without its country is taken for one of the other's country. Placeholders such as `00000000` are nobody's number.
 */
export function samePhone(one: string, other: string): boolean {
  const [a, b] = [readPhone(one), readPhone(other)];
  if (a === null || b === null) return false;
  if (a.international === b.international) return a.digits === b.digits;
  const [whole, national] = a.international ? [a, b] : [b, a];
  return whole.digits.endsWith(national.digits);
}

/** Digits without anything that only says how to dial; null when they are no telephone number. */
function readPhone(text: string): { readonly digits: string; readonly international: boolean } | null {
  const [number = ''] = text.toLowerCase().split(/ext|x|#|;/);
  const dialled = number.replace(/\(0\)/g, '').replace(/[^\d+]/g, '');
  const international = dialled.startsWith('+') || dialled.startsWith('00');
  const digits = dialled.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < MIN_DIGITS || /^(\d)\1*$/.test(digits) ? null : { digits, international };
}
