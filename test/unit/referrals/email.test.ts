import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emailIdentity, isEmail, normaliseEmail } from '../../../backend/src/referrals/email.ts';

it.each([
  ['  Ann.Lee@Example.COM ', 'ann.lee@example.com'],
  ['ann+sale@example.com', 'ann+sale@example.com'],
  ['ANN@MÜNCHEN.DE', 'ann@münchen.de'],
  ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ["o'hara_1%x@sub-domain.example.co.uk", "o'hara_1%x@sub-domain.example.co.uk"],
  ['a@xn--mnchen-3ya.de', 'a@xn--mnchen-3ya.de'],
])('%j is matched as %j (SG-11)', (text, expected) => {
  expect(normaliseEmail(text)).toBe(expected);
  expect(isEmail(text)).toBe(true);
});

it.each([
  '',
  'ann',
  '@example.com',
  'ann@',
  'ann@localhost',
  'ann@example',
  'ann@@example.com',
  'a@b@example.com',
  'ann lee@example.com',
  'ann@exam ple.com',
  'ann@example.com, bob@example.com',
  'Ann <ann@example.com>',
  '"ann"@example.com',
  '.ann@example.com',
  'ann.@example.com',
  'an..n@example.com',
  'ann@.example.com',
  'ann@example..com',
  'ann@-example.com',
  'ann@example-.com',
  'ann@example.com.',
  'ann@1.2.3.4',
  'ann@[1.2.3.4]',
  'ann@exa_mple.com',
  'ann\u200b@example.com',
  'ann\u00a0lee@example.com',
  'ann\u0000@example.com',
  'ann\ud800@example.com',
  'mailto:ann@example.com',
  `${'a'.repeat(65)}@example.com`,
  `${'é'.repeat(33)}@example.com`,
  `ann@${'a'.repeat(64)}.com`,
  `ann@${'abcdefgh.'.repeat(30)}com`,
])('%j is no e-mail address (SG-11)', (text) => {
  expect(normaliseEmail(text)).toBeNull();
  expect(isEmail(text)).toBe(false);
  expect(emailIdentity(text)).toBeNull();
});

it('takes addresses up to the length limits (SG-11)', () => {
  expect(isEmail(`${'a'.repeat(64)}@example.com`)).toBe(true);
  expect(isEmail(`ann@${'a'.repeat(63)}.com`)).toBe(true);
});

it('normalising is stable, and blind to case and outer spaces (SG-11)', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
      const email = normaliseEmail(text);
      if (email === null) return;
      expect(normaliseEmail(email)).toBe(email);
      expect(normaliseEmail(`\t${text} `)).toBe(email);
    }),
  );
  fc.assert(
    fc.property(fc.emailAddress(), (text) => {
      expect(normaliseEmail(text.toUpperCase())).toBe(normaliseEmail(text));
    }),
  );
});

it.each([
  ['Ann+Referral@Example.com', 'ann@example.com'],
  ['ann+a+b@example.com', 'ann@example.com'],
  ['ann@example.com', 'ann@example.com'],
  ['+ann@example.com', '+ann@example.com'],
  ['ann@MÜNCHEN.de', 'ann@xn--mnchen-3ya.de'],
  ['ann@xn--mnchen-3ya.de', 'ann@xn--mnchen-3ya.de'],
])('the person behind %j is %j (RL-04)', (text, expected) => {
  expect(emailIdentity(text)).toBe(expected);
});
