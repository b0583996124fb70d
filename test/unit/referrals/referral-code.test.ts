import { expect, it } from 'vitest';
import { randomText } from '../../../backend/src/ids.ts';
import {
  isReferralCode,
  newReferralCode,
  normaliseReferralCode,
  REFERRAL_CODE_ALPHABET,
  REFERRAL_CODE_LENGTH,
  referralLink,
} from '../../../backend/src/referrals/referral-code.ts';

it('draws codes of at least 50 bits without letters that people confuse (RL-03)', () => {
  expect(REFERRAL_CODE_LENGTH * Math.log2(REFERRAL_CODE_ALPHABET.length)).toBeGreaterThan(50);
  expect(new Set(REFERRAL_CODE_ALPHABET).size).toBe(REFERRAL_CODE_ALPHABET.length);
  expect(REFERRAL_CODE_ALPHABET).not.toMatch(/[01ilouaeA-Z]/);
  for (let draw = 0; draw < 50; draw += 1) expect(isReferralCode(newReferralCode(randomText))).toBe(true);
});

it('asks the given source for exactly its length and alphabet (RL-03)', () => {
  const asked: unknown[] = [];
  const code = newReferralCode((length, alphabet) => {
    asked.push(length, alphabet);
    return 'bcdfghjkmnp';
  });
  expect([code, ...asked]).toEqual(['bcdfghjkmnp', REFERRAL_CODE_LENGTH, REFERRAL_CODE_ALPHABET]);
});

it('forgives case and outer spaces in a typed code and nothing else (RL-03)', () => {
  expect(normaliseReferralCode('  BCDFGHJKMNP\n')).toBe('bcdfghjkmnp');
  expect(isReferralCode('BCDFGHJKMNP')).toBe(false);
  for (const text of [
    '',
    'bcdfghjkmn',
    'bcdfghjkmnpq',
    'bcdfghjkmn0',
    'bcdfg hjkmn',
    'bcdfghj\u212Amnp',
    'bcdfghjkmnp\u0000',
  ]) {
    expect(normaliseReferralCode(text)).toBeNull();
    expect(isReferralCode(text)).toBe(false);
  }
  expect(isReferralCode('bcdfghjkmnp\n')).toBe(false);
});

it.each(['https://refer.example.com', 'https://refer.example.com/', 'https://refer.example.com//'])(
  'builds the link from the public address %s (RL-03)',
  (publicUrl) => {
    expect(referralLink(publicUrl, 'bcdfghjkmnp')).toBe('https://refer.example.com/r/bcdfghjkmnp');
  },
);

it('keeps the path of a public address behind a proxy (RL-03)', () => {
  expect(referralLink('https://example.com/passalong/', 'bcdfghjkmnp')).toBe(
    'https://example.com/passalong/r/bcdfghjkmnp',
  );
});
