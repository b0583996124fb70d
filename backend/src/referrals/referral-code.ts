/**
 * Lower-case letters and digits that nobody confuses when reading aloud: no 0/o, 1/i/l, u/v pairs; and no vowels,
 * so that no code spells a word.
 */
export const REFERRAL_CODE_ALPHABET = '23456789bcdfghjkmnpqrstvwxyz';

/** 11 characters of 28 are 52.9 bits: guessing one of a million live codes takes thousands of millions of tries (E36). */
export const REFERRAL_CODE_LENGTH = 11;

const CODE = new RegExp(`^[${REFERRAL_CODE_ALPHABET}]{${String(REFERRAL_CODE_LENGTH)}}$`);

/** Uniform random text over an alphabet; `ids.ts` has the real one. Passed in, because the domain draws no chance itself. */
export type RandomText = (length: number, alphabet: string) => string;

/** A new code. Uniqueness is the database's business: on a conflict draw again. */
export function newReferralCode(randomText: RandomText): string {
  return randomText(REFERRAL_CODE_LENGTH, REFERRAL_CODE_ALPHABET);
}

/** Whether the text is a code exactly as we store it; use `normaliseReferralCode` for what a person typed or a link carried. */
export function isReferralCode(text: string): boolean {
  return CODE.test(text);
}

/** The stored spelling of a typed code (spaces around it and upper case forgiven), or null when it cannot be a code. */
export function normaliseReferralCode(text: string): string | null {
  const trimmed = text.trim();
  // ASCII only before lower-casing: the Kelvin sign lower-cases to k.
  if (!/^[0-9A-Za-z]+$/.test(trimmed)) return null;
  const code = trimmed.toLowerCase();
  return isReferralCode(code) ? code : null;
}

/** `PUBLIC_URL/r/<code>`; the base may carry a path and any number of trailing slashes. */
export function referralLink(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/r/${code}`;
}
