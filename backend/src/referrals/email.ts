/** RFC 5321: 254 octets in all, 64 before the @, 253 after it, 63 in a label. */
const MAX_EMAIL_OCTETS = 254;
const MAX_LOCAL_OCTETS = 64;
const MAX_DOMAIN_OCTETS = 253;
const MAX_LABEL_OCTETS = 63;

/** Spaces of any script, control and invisible characters, and what only quoted local parts may hold. */
const REFUSED = /[\p{C}\p{Z}"(),:;<>@[\\\]]/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/**
 * The spelling by which two e-mail addresses are the same mailbox to us: trimmed, NFC, lower case in both parts.
 * A plus tag is kept, because it is a different contact in a CRM. Null when it is not an address. Keep the original for display.
 */
export function normaliseEmail(text: string): string | null {
  // NFC last: lower-casing may leave a letter in two parts.
  const email = text.trim().toLowerCase().normalize('NFC');
  const at = email.indexOf('@');
  if (at < 1 || octets(email) > MAX_EMAIL_OCTETS) return null;
  return isLocalPart(email.slice(0, at)) && isDomain(email.slice(at + 1)) ? email : null;
}

/** Whether the text is an e-mail address we accept: one @, a domain with a dot, no quoted forms, no address literals. */
export function isEmail(text: string): boolean {
  return normaliseEmail(text) !== null;
}

/**
 * The person behind an address, for self-referral checks only: as `normaliseEmail`, without the plus tag, and with the
 * domain in its ASCII form so that both spellings of an international domain agree. Null when it is not an address.
 */
export function emailIdentity(text: string): string | null {
  const email = normaliseEmail(text);
  if (email === null) return null;
  const at = email.indexOf('@');
  const local = email.slice(0, at);
  const tag = local.indexOf('+');
  return `${tag > 0 ? local.slice(0, tag) : local}@${asciiDomain(email.slice(at + 1))}`;
}

function isLocalPart(local: string): boolean {
  if (REFUSED.test(local) || octets(local) > MAX_LOCAL_OCTETS) return false;
  return local.split('.').every((atom) => atom !== '');
}

function isDomain(domain: string): boolean {
  if (octets(domain) > MAX_DOMAIN_OCTETS) return false;
  const labels = domain.split('.');
  const topLabel = labels.at(-1) ?? '';
  if (labels.length < 2 || /^\p{N}+$/u.test(topLabel)) return false;
  return labels.every((label) => LABEL.test(label) && octets(label) <= MAX_LABEL_OCTETS);
}

function asciiDomain(domain: string): string {
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : domain;
}

/** UTF-8 octets, counted without an encoder. */
function octets(text: string): number {
  let count = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}
