import { describe, expect, it } from 'vitest';
import { toCardMoney } from '../../../backend/src/cards/card-money.ts';
import { personName, toCardPerson } from '../../../backend/src/cards/person-name.ts';
import { contactRecordUrl } from '../../../backend/src/cards/record-url.ts';
import { toReferralLine, type ReferralOfLine } from '../../../backend/src/cards/referral-line.ts';
import { basisText } from '../../../backend/src/cards/reward-basis.ts';

const ADA = { firstName: 'Ada', lastName: 'Advocate', email: 'ada@example.com', erased: false };

describe('a person', () => {
  it.each([
    [{}, 'Ada Advocate'],
    [{ firstName: ' ' }, 'Advocate'],
    [{ firstName: null, lastName: null }, 'ada@example.com'],
    [{ firstName: '', lastName: ' ', email: null }, 'Unnamed contact'],
    [{ erased: true }, 'Erased person'],
  ])('with %o is called %s (RF-09)', (more, name) => {
    expect(personName({ ...ADA, ...more })).toBe(name);
  });

  it('who was erased has no address and no page (RF-09)', () => {
    expect(toCardPerson({ ...ADA, erased: true }, 'https://app.hubspot.com/x')).toEqual({
      name: 'Erased person',
      email: null,
      recordUrl: null,
    });
  });
});

describe('the page of a contact', () => {
  it.each([
    ['https://app.hubspot.com', null, 'https://app.hubspot.com/contacts/101/record/0-1/501'],
    ['https://app.hubspot.com/', 'app-eu1.hubspot.com', 'https://app-eu1.hubspot.com/contacts/101/record/0-1/501'],
    ['http://localhost:4100', 'app.hubspot.com', 'http://localhost:4100/contacts/101/record/0-1/501'],
    ['http://127.0.0.1:4100/', null, 'http://127.0.0.1:4100/contacts/101/record/0-1/501'],
    ['http://localhost.example.com', 'app.hubspot.com', 'https://app.hubspot.com/contacts/101/record/0-1/501'],
  ])('of an account at %s with the domain %s (RF-09)', (appUrl, uiDomain, url) => {
    expect(contactRecordUrl({ appUrl, uiDomain, accountId: '101' }, '501')).toBe(url);
  });
});

describe('how an amount came about', () => {
  const percent = {
    kind: 'percent',
    percent: '12.5',
    saleValue: '4800',
    record: { objectType: 'deal', recordId: '9001' },
    field: 'amount',
    currency: 'USD',
    rounded: false,
  } as const;

  it('is said in a few words (RF-09)', () => {
    expect(basisText({ kind: 'fixed' })).toBe('Fixed amount');
    expect(basisText(percent)).toBe('12.5 % of the deal amount');
    expect(basisText({ ...percent, field: 'amount_in_home_currency' })).toBe('12.5 % of the deal amount');
    expect(basisText({ ...percent, field: 'mrr' })).toBe('12.5 % of the deal’s mrr');
    const onContact = { objectType: 'contact', recordId: '1' } as const;
    expect(basisText({ ...percent, record: onContact, field: 'ltv' })).toBe('12.5 % of the contact’s ltv');
  });
});

it('sums are in the order of their currencies, with all decimals, and nothing is no sum (RF-09)', () => {
  expect(toCardMoney({ USD: 48_000n, JPY: 7n, EUR: 0n })).toEqual([
    { amount: '7', currency: 'JPY' },
    { amount: '480.00', currency: 'USD' },
  ]);
  expect(toCardMoney({})).toEqual([]);
});

it('a reason is one line of at most 120 characters, whatever is stored (G1)', () => {
  const at = new Date('2026-11-20T10:00:00.000Z');
  const referral: ReferralOfLine = {
    id: 'ref_1',
    programId: 'prg_1',
    status: 'pending',
    statusReason: 'Because\n'.repeat(40),
    referredAt: at,
    statusAt: at,
    source: 'link',
    reviewAskedAt: null,
    friend: { ...ADA, recordId: null },
    advocate: { ...ADA, recordId: '501' },
  };
  const pages = { appUrl: 'https://app.hubspot.com', uiDomain: null, accountId: '101' };
  const line = toReferralLine(referral, { pages, programNames: new Map([['prg_1', 'Partners']]) });
  expect(line.reason).toMatch(/^Because Because .*…$/);
  expect(line.reason.length).toBeLessThanOrEqual(120);
  expect(line).toMatchObject({ programName: 'Partners', friend: { recordUrl: null } });
  expect(line.advocate.recordUrl).toBe('https://app.hubspot.com/contacts/101/record/0-1/501');
});
