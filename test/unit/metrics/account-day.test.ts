import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountDay, accountDayText } from '../../../backend/src/metrics/account-day.ts';

describe('an instant is on the day it is in the account’s zone (SG-12)', () => {
  it.each([
    // Both sides of midnight there.
    ['2026-11-03T22:59:59.999Z', 'Europe/Berlin', '2026-11-03'],
    ['2026-11-03T23:00:00.000Z', 'Europe/Berlin', '2026-11-04'],
    ['2026-11-04T04:59:59.999Z', 'US/Eastern', '2026-11-03'],
    ['2026-11-04T05:00:00.000Z', 'US/Eastern', '2026-11-04'],
    ['2026-11-03T10:59:59.999Z', 'Pacific/Kiritimati', '2026-11-04'],
    ['2026-11-03T09:59:59.999Z', 'Pacific/Kiritimati', '2026-11-03'],
    ['2026-11-03T10:59:59.999Z', 'Pacific/Pago_Pago', '2026-11-02'],
    ['2026-11-03T11:00:00.000Z', 'Pacific/Pago_Pago', '2026-11-03'],
    ['2026-11-03T18:14:59.999Z', 'Asia/Kathmandu', '2026-11-03'],
    ['2026-11-03T18:15:00.000Z', 'Asia/Kathmandu', '2026-11-04'],
    // Summer time ends on 25 October 2026 in Berlin, and begins on 29 March.
    ['2026-10-24T21:59:59.999Z', 'Europe/Berlin', '2026-10-24'],
    ['2026-10-24T22:00:00.000Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T22:59:59.999Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00.000Z', 'Europe/Berlin', '2026-10-26'],
    ['2026-03-28T22:59:59.999Z', 'Europe/Berlin', '2026-03-28'],
    ['2026-03-28T23:00:00.000Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T21:59:59.999Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T22:00:00.000Z', 'Europe/Berlin', '2026-03-30'],
    // Where midnight itself does not exist on the day summer time begins.
    ['2026-09-06T03:59:59.999Z', 'America/Santiago', '2026-09-05'],
    ['2026-09-06T04:00:00.000Z', 'America/Santiago', '2026-09-06'],
  ])('%s in %s is on %s', (instant, zone, day) => {
    expect(accountDay(instant, zone)).toBe(day);
    expect(accountDay(String(Date.parse(instant)), zone)).toBe(day);
  });

  it('however it is written', () => {
    for (const text of [
      '2026-11-03T23:30:00Z',
      '2026-11-03T23:30:00.000+0000',
      '2026-11-04T00:30:00+01:00',
      ' 1793748600000 ',
    ]) {
      expect(accountDay(text, 'Europe/Berlin')).toBe('2026-11-04');
    }
  });

  it('at midnight UTC it is an instant as any other', () => {
    expect(accountDay('2026-11-03T00:00:00.000Z', 'US/Eastern')).toBe('2026-11-02');
  });
});

describe('a date without a time', () => {
  it.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin', 'US/Eastern'])(
    'is that date in %s, as a text and as HubSpot’s midnight UTC (E20)',
    (zone) => {
      for (const date of ['2026-11-03', '2026-03-29', '2026-12-31', '2024-02-29']) {
        expect(accountDay(date, zone)).toBe(date);
        expect(accountDay(String(Date.parse(date)), zone)).toBe(date);
      }
    },
  );

  it('is any date of any year, in any zone there is (E20)', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const days = fc.integer({ min: 0, max: 40_000 });
    fc.assert(
      fc.property(zones, days, (zone, day) => {
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(accountDay(date, zone)).toBe(date);
      }),
      { numRuns: 1_000 },
    );
  });
});

it('a day in a zone is never more than one away from the day in UTC (SG-12)', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  fc.assert(
    fc.property(zones, fc.integer({ min: 1, max: 4_000_000_000 }), (zone, second) => {
      const instant = new Date(second * 1_000).toISOString();
      const apart = Date.parse(accountDay(instant, zone)!) - Date.parse(instant.slice(0, 10));
      expect(Math.abs(apart)).toBeLessThanOrEqual(86_400_000);
    }),
    { numRuns: 2_000 },
  );
});

it.each([null, '', 'Mars/Olympus', 'not a zone', '../../etc'])('the zone %j counts as UTC (SG-12)', (zone) => {
  expect(accountDay('2026-11-03T23:59:59.999Z', zone)).toBe('2026-11-03');
  expect(accountDay('2026-11-04T00:00:00.000Z', zone)).toBe('2026-11-04');
});

it.each(['', 'tomorrow', '2026-11-03T10:00:00', '2026-13-01', '3 Nov 2026'])('%j is no time', (text) => {
  expect(accountDay(text, 'Europe/Berlin')).toBeNull();
  expect(accountDayText(text, 'Europe/Berlin')).toBe(text);
});

it('people read it as day, month and year', () => {
  expect(accountDayText('2026-11-03T23:30:00.000Z', 'Europe/Berlin')).toBe('4 Nov 2026');
  expect(accountDayText('2026-12-31', 'Pacific/Pago_Pago')).toBe('31 Dec 2026');
  expect(accountDayText('2026-01-01T00:30:00.000Z', null)).toBe('1 Jan 2026');
});
