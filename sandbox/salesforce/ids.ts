const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The three characters that make a 15-character id safe where case is lost. */
function checkOf(id15: string): string {
  let check = '';
  for (let part = 0; part < 3; part += 1) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(id15[part * 5 + at] ?? '')) bits |= 1 << at;
    check += CHECK[bits] ?? '';
  }
  return check;
}

export const idOf18 = (id15: string): string => id15 + checkOf(id15);

/** Ids of one prefix rise as text with their number, like Salesforce's own; both cases of letters occur. */
export function makeId(prefix: string, instance: string, number: number): string {
  let rest = number;
  let tail = '';
  while (tail.length < 15 - prefix.length - instance.length) {
    tail = (DIGITS[rest % 62] ?? '') + tail;
    rest = Math.floor(rest / 62);
  }
  return idOf18(prefix + instance + tail);
}

/** The 18-character form of what a client sent, or null where it is no id: 15 characters, or 18 whose check fits. */
export function readId(text: unknown): string | null {
  if (typeof text !== 'string' || !/^[0-9A-Za-z]+$/.test(text)) return null;
  if (text.length === 15) return idOf18(text);
  if (text.length !== 18) return null;
  const id15 = text.slice(0, 15);
  return checkOf(id15) === text.slice(15).toUpperCase() ? idOf18(id15) : null;
}

export const prefixOf = (id: string): string => id.slice(0, 3);
export const shortId = (id: string): string => id.slice(0, 15);
