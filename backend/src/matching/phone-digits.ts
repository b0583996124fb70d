/** Fewer digits than this are an extension or a typing error. */
const MIN_DIGITS = 8;
/** Ways of writing one number, with its country or without, have these last digits in common. */
export const TAIL = 7;

/** The last digits of a telephone number, by which the few that may be the same are found; null when it is none. */
export function phoneTail(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/\D/g, '');
  return digits.length >= MIN_DIGITS ? digits.slice(-TAIL) : null;
}
