import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REFERRER_DETAILS, type ReferrerDetail } from '../../../shared/capture-settings.ts';
import { CRM_FIELDS } from '../../../shared/crm-fields.ts';
import type { CrmFieldKey, CrmFieldType } from '../../../shared/crm-fields.ts';
import { NO_METRICS } from '../../../backend/src/metrics/advocate-metrics.ts';
import {
  advocateValues,
  capText,
  changedValues,
  crmInstantMs,
  friendValues,
  sameValue,
  valuesForCrm,
} from '../../../backend/src/metrics/crm-values.ts';
import type { CrmValues, FriendValuesInput } from '../../../backend/src/metrics/crm-values.ts';

const LINK = 'https://refer.example.com/r/bcdfghjkmnp';
const NOBODY = { metrics: NO_METRICS, countedAt: '2026-11-01T08:00:00.000Z' };
const friend: FriendValuesInput = {
  referralId: 'ref_1',
  status: 'qualified',
  reason: 'Deal reached Closed Won on 3 Nov 2026',
  advocate: {
    name: ' Ann Lee ',
    email: 'ann@example.com',
    code: 'bcdfghjkmnp',
    phone: '+41 1',
    externalId: 'C-7',
    url: 'https://refer.example.com/go/advocates/adv_1',
  },
  programName: 'Friends',
  source: 'link',
  note: null,
  url: 'https://refer.example.com/go/referrals/ref_1',
};

describe('an advocate’s values', () => {
  it('are absolute and spelled as a CRM gives them back (RL-03, E19)', () => {
    const metrics = {
      referred: 3,
      qualified: 2,
      approved: 1,
      rewards: { ...NO_METRICS.rewards, issued: 1 },
      totals: { EUR: 1250n, USD: 99n },
      pendingTotals: {},
      lastReferralAt: '2026-11-03T12:00:01.987+02:00',
    };
    const countedAt = '2026-11-03T10:00:09.999Z';
    expect(advocateValues({ link: LINK, code: 'bcdfghjkmnp', metrics, countedAt, workspaceCurrency: 'EUR' })).toEqual({
      referralLink: LINK,
      referralCode: 'bcdfghjkmnp',
      referredCount: '3',
      qualifiedCount: '2',
      approvedCount: '1',
      rewardStatus: 'issued',
      rewardTotal: '12.5',
      lastReferralAt: '2026-11-03T10:00:01.000Z',
      countedAt: '2026-11-03T10:00:09.000Z',
    });
  });

  it('are zeros and empty texts for somebody who has referred nobody (RL-03)', () => {
    const values = advocateValues({ ...NOBODY, link: null, code: null, workspaceCurrency: 'JPY' });
    expect(values).toMatchObject({ referralLink: null, referredCount: '0', rewardTotal: '0', lastReferralAt: null });
  });

  it('cover every field of the advocate’s side and only those (RL-03)', () => {
    const values = advocateValues({ ...NOBODY, link: LINK, code: 'c', workspaceCurrency: 'EUR' });
    const keys = CRM_FIELDS.filter((field) => field.side === 'advocate').map((field) => field.key);
    expect(Object.keys(values).sort()).toEqual([...keys].sort());
  });
});

describe('a friend’s values', () => {
  it('cover every field of the friend’s side and only those (SG-11)', () => {
    const keys = CRM_FIELDS.filter((field) => field.side === 'friend').map((field) => field.key);
    expect(Object.keys(friendValues(friend)).sort()).toEqual([...keys].sort());
    expect(friendValues(friend)).toMatchObject({
      referralId: 'ref_1',
      referralStatus: 'qualified',
      referredByName: 'Ann Lee',
      referredByExternalId: 'C-7',
      program: 'Friends',
      source: 'link',
    });
  });

  it('empty everything that names an erased advocate (SG-11)', () => {
    const values = friendValues({ ...friend, advocate: 'erased' });
    const naming = Object.entries(values).filter(([key]) => key.startsWith('referredBy'));
    expect(naming).toHaveLength(6);
    expect(naming.every(([, value]) => value === null)).toBe(true);
    expect(values.referralStatus).toBe('qualified');
  });

  const NAMING = {
    name: 'referredByName',
    email: 'referredByEmail',
    externalId: 'referredByExternalId',
    phone: 'referredByPhone',
    code: 'referredByCode',
  } as const satisfies Record<ReferrerDetail, CrmFieldKey>;

  it('say of the advocate exactly what the program chose, and of the rest nothing, not even that it is empty (RR-19)', () => {
    fc.assert(
      fc.property(fc.subarray([...REFERRER_DETAILS]), (referrer) => {
        const values = friendValues({ ...friend, referrer });
        const said = Object.keys(values).filter((key) => key.startsWith('referredBy') && key !== 'referredByUrl');
        expect(said.sort()).toEqual(referrer.map((detail) => NAMING[detail]).sort());
        expect(values.sourceNote?.includes('Ann Lee')).toBe(referrer.includes('name'));
      }),
    );
  });

  it('say where the friend comes from and lead to both records whatever else is switched off (RR-17, RR-20)', () => {
    expect(friendValues({ ...friend, referrer: [] })).toEqual({
      referralId: 'ref_1',
      referralStatus: 'qualified',
      statusReason: 'Deal reached Closed Won on 3 Nov 2026',
      program: 'Friends',
      source: 'link',
      sourceNote: 'Referred in Friends, through a referral link',
      referredByUrl: 'https://refer.example.com/go/advocates/adv_1',
      referralUrl: 'https://refer.example.com/go/referrals/ref_1',
    });
  });

  it('empty what was said of an erased advocate even where the program says less now, the words of a rep included (RR-19, SG-11)', () => {
    const values = friendValues({ ...friend, referrer: ['code'], advocate: 'erased', note: 'Ann rang me.' });
    expect(Object.keys(NAMING).map((detail) => values[NAMING[detail as ReferrerDetail]])).toEqual(
      Array<null>(5).fill(null),
    );
    expect([values.sourceNote, values.referredByUrl]).toEqual(['Referred in Friends, through a referral link', null]);
    expect(values.referralUrl).toBe(friend.url);
  });

  it('stay under the length of a Salesforce text and on one line (SG-11)', () => {
    const values = friendValues({ ...friend, reason: 'Because\n'.repeat(60), programName: '𝄞'.repeat(300) });
    expect(values.statusReason?.length).toBeLessThanOrEqual(255);
    expect(values.statusReason).toMatch(/^Because Because .*…$/);
    expect(values.program).not.toMatch(/\p{Cs}/u);
  });
});

describe('two spellings of one value', () => {
  it.each<[CrmFieldType, string | null, string | null, boolean]>([
    ['number', '12.50', '12.5', true],
    ['number', '3', '3.0', true],
    ['number', '1.2E1', '12', true],
    ['number', '0', null, false],
    ['number', '0', '-0', true],
    ['number', '3', '4', false],
    ['number', '10', '1', false],
    ['number', 'three', '3', false],
    ['number', '90071992547409.93', '90071992547409.92', false],
    ['datetime', '2026-11-03T10:00:00.000Z', '1793700000000', true],
    ['datetime', '2026-11-03T10:00:00.000Z', '2026-11-03T10:00:00.000+0000', true],
    ['datetime', '2026-11-03T10:00:00Z', '2026-11-03T11:00:00+01:00', true],
    ['datetime', '2026-11-03T10:00:00Z', '2026-11-03T10:00:01Z', false],
    ['datetime', 'soon', 'later', false],
    ['text', null, '', true],
    ['text', 'a', ' a ', true],
    ['text', 'a', 'A', false],
    ['text', '12.50', '12.5', false],
    ['choice', 'pending', 'pending', true],
    ['choice', 'pending', null, false],
    ['datetime', null, '', true],
  ])('%s: %j and %j: %s (E19)', (type, a, b, expected) => {
    expect(sameValue(type, a, b)).toBe(expected);
    expect(sameValue(type, b, a)).toBe(expected);
  });

  it.each<[string | null, number | null]>([
    ['2026-11-03', Date.UTC(2026, 10, 3)],
    ['1793700000000', 1793700000000],
    ['2026-11-03T10:00:00', null],
    ['2026-13-03T10:00:00Z', null],
    ['3 Nov 2026', null],
    ['', null],
    [null, null],
  ])('the instant of %j is %j (E11)', (text, ms) => {
    expect(crmInstantMs(text)).toBe(ms);
  });
});

describe('what is worth writing', () => {
  const keys = CRM_FIELDS.map((field) => field.key);
  const anyValue = fc.oneof(
    fc.constantFrom(null, '', '0', '3', '3.0', '12.50', '12.5', ' x ', 'x', 'pending'),
    fc.constantFrom('2026-11-03T10:00:00.000Z', '1793700000000', '2026-11-03T10:00:00.000+0000'),
  );
  const anyValues: fc.Arbitrary<CrmValues> = fc.dictionary(fc.constantFrom(...keys), anyValue);

  it('is only what differs, with the desired spelling (RL-03)', () => {
    const desired = friendValues(friend);
    const actual = { ...desired, referralStatus: 'pending', program: ' Friends ' };
    expect(changedValues(desired, actual)).toEqual({ referralStatus: 'qualified' });
    expect(changedValues(desired, desired)).toEqual({});
    expect(changedValues({}, actual)).toEqual({});
  });

  it('includes a value that was not read, even when it is to be emptied (SG-11)', () => {
    expect(changedValues({ referredByName: null }, {})).toEqual({ referredByName: null });
    expect(changedValues({ referredByName: null }, { referredByName: '' })).toEqual({});
  });

  it('is nothing more once it has been written (RL-03)', () => {
    fc.assert(
      fc.property(anyValues, anyValues, (desired, actual) => {
        const changed = changedValues(desired, actual);
        expect(changedValues(desired, { ...actual, ...changed })).toEqual({});
        expect(changedValues(changed, actual)).toEqual(changed);
        for (const [key, value] of Object.entries(changed)) expect(value).toBe(desired[key as CrmFieldKey]);
      }),
    );
  });

  it('leaves out what a CRM has no field for (SG-11)', () => {
    const values = friendValues(friend);
    expect(valuesForCrm('hubspot', values)).not.toHaveProperty('referredByPhone');
    expect(valuesForCrm('salesforce', values)).toHaveProperty('referredByPhone', '+41 1');
    expect(valuesForCrm('hubspot', { source: null })).toEqual({ source: null });
    const inSalesforceOnly = ['referredByPhone', 'referredByExternalId', 'sourceNote', 'referredByUrl', 'referralUrl'];
    const missing = Object.keys(values).filter((key) => !(key in valuesForCrm('hubspot', values)));
    expect(missing.sort()).toEqual(inSalesforceOnly.sort());
    expect(valuesForCrm('salesforce', values)).toEqual(values);
  });

  it('gives each CRM the fields of the maps that it has, and no other (RR-18, RR-21)', () => {
    const mapped = { 'field:tier': 'gold', 'field:Tier__c': 'Gold', 'field:tier__c': 'g', 'field:Description': 'x' };
    expect(valuesForCrm('hubspot', mapped)).toEqual({ 'field:tier': 'gold' });
    expect(Object.keys(valuesForCrm('salesforce', mapped))).toEqual([
      'field:Tier__c',
      'field:tier__c',
      'field:Description',
    ]);
  });
});

it('caps text without cutting a character in two (SG-11)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const capped = capText(text, max);
      if (capped === null) return;
      expect(capped.length).toBeLessThanOrEqual(max);
      expect(capped).not.toMatch(/\p{Cs}/u);
      expect(capText(capped, max)).toBe(capped);
    }),
  );
  expect([capText('abc', 3), capText('abcd', 3), capText(' \n', 3), capText(undefined, 3)]).toEqual([
    'abc',
    'ab…',
    null,
    null,
  ]);
});
