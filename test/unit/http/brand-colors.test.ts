import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandColors, contrast, DARK, LIGHT } from '../../../backend/src/http/public/brand-colors.ts';

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
  ['#ff0000', '#ffffff', 4.0],
  ['#1f5fbf', '#ffffff', 6.12],
])('the contrast of %s on %s is %f', (one, other, expected) => {
  expect(contrast(one, other)).toBeCloseTo(expected, 1);
  expect(contrast(other, one)).toBe(contrast(one, other));
});

test('a colour that is fit stays as the brand chose it', () => {
  expect(brandColors('#0b4f9e', LIGHT)).toEqual({
    fill: '#0b4f9e',
    onFill: '#ffffff',
    text: '#0b4f9e',
    border: '#0b4f9e',
  });
  expect(brandColors('#ffe600', DARK)).toMatchObject({ onFill: '#000000', text: '#ffe600', border: '#ffe600' });
});

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('on a %s screen', (_name, scheme) => {
  test('whatever colour a brand chooses, text has 4.5 and outlines have 3', () => {
    fc.assert(
      fc.property(fc.oneof(color, fc.constantFrom('#ffffff', '#000000', '#808080', '#ffff00', '#000080')), (chosen) => {
        const { fill, onFill, text, border } = brandColors(chosen, scheme);
        expect(fill).toBe(chosen);
        expect(contrast(onFill, fill)).toBeGreaterThanOrEqual(4.5);
        for (const background of [scheme.page, scheme.card]) {
          expect(contrast(text, background)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(border, background)).toBeGreaterThanOrEqual(3);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('our own colours are readable too', () => {
    for (const background of [scheme.page, scheme.card]) {
      for (const text of [scheme.text, scheme.quiet, scheme.danger])
        expect(contrast(text, background)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(scheme.field, background)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(scheme.danger, scheme.dangerTint)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(scheme.text, scheme.dangerTint)).toBeGreaterThanOrEqual(4.5);
  });
});
