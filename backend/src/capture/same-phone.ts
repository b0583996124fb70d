/** Shorter numbers are extensions or typing errors; a whole one with its area code is never that short. */
const MIN_DIGITS = 8;
/** Where numbers have no trunk zero, a whole one is known by its length: country code one. */
const WITHOUT_TRUNK = { country: '1', digits: 10 };
const MAX_COUNTRY_DIGITS = 3;

/** `unsure`: one is the end of the other, and nothing says that it is the whole number. */
export type PhoneLikeness = 'same' | 'unsure' | 'different';

/**
 * Whether two ways of writing lead to one telephone: `+49 30 1234567`, `0049 (30) 123-4567` and `030 1234567` do. A number
 * whose trunk zero says that it is a national one is taken for one of the other's country; without it, digits that are the
 * same at the end may be those of another town. Placeholders such as `00000000` are nobody's number.
 */
export function comparePhones(one: string, other: string): PhoneLikeness {
  const [a, b] = [readPhone(one), readPhone(other)];
  if (a === null || b === null) return 'different';
  if (a.international === b.international) return a.digits === b.digits ? 'same' : 'different';
  const [whole, national] = a.international ? [a, b] : [b, a];
  if (!whole.digits.endsWith(national.digits)) return 'different';
  const before = whole.digits.slice(0, -national.digits.length);
  if (before === WITHOUT_TRUNK.country && national.digits.length === WITHOUT_TRUNK.digits) return 'same';
  if (!national.trunk) return 'unsure';
  return before.length <= MAX_COUNTRY_DIGITS ? 'same' : 'different';
}

type Phone = { readonly digits: string; readonly international: boolean; readonly trunk: boolean };

/** Digits without anything that only says how to dial; null when they are no telephone number. */
function readPhone(text: string): Phone | null {
  const [number = ''] = text.toLowerCase().split(/ext|x|#|;/);
  const dialled = number.replace(/\(0\)/g, '').replace(/[^\d+]/g, '');
  const international = dialled.startsWith('+') || dialled.startsWith('00');
  const digits = dialled.replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length < MIN_DIGITS || /^(\d)\1*$/.test(digits)) return null;
  return { digits, international, trunk: !international && dialled.startsWith('0') };
}
