/** Colours as the style sheet writes them: `#rrggbb`. */
export type Scheme = {
  readonly page: string;
  readonly card: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly field: string;
  readonly danger: string;
  readonly dangerTint: string;
};

export const LIGHT: Scheme = {
  page: '#f5f6f8',
  card: '#ffffff',
  text: '#17202a',
  quiet: '#51606f',
  line: '#dde2e8',
  field: '#7b8794',
  danger: '#b3261e',
  dangerTint: '#fdf1f0',
};

export const DARK: Scheme = {
  page: '#111519',
  card: '#1b2127',
  text: '#eceff2',
  quiet: '#a9b4bf',
  line: '#323b44',
  field: '#7d8995',
  danger: '#ffb4ab',
  dangerTint: '#2f1f1e',
};

/** One brand colour, made fit for every place it is used in. */
export type BrandColors = {
  /** Filled areas: the colour as the brand chose it. */
  readonly fill: string;
  /** Text on filled areas: black or white, whichever is easier to read. */
  readonly onFill: string;
  /** Links and other text on page and card. */
  readonly text: string;
  /** Outlines that people must be able to see: buttons, focus. */
  readonly border: string;
};

/** WCAG 2 AA: 4.5 for text, 3 for the outline of a control. */
const TEXT_RATIO = 4.5;
const OUTLINE_RATIO = 3;

/** Readable whatever the brand chose: a yellow is darkened on white, a navy lightened on black. */
export function brandColors(color: string, scheme: Scheme): BrandColors {
  const towards = luminance(scheme.card) > 0.5 ? '#000000' : '#ffffff';
  const backgrounds = [scheme.page, scheme.card];
  const until = (ratio: number): string => moved(color, towards, (mixed) => clears(mixed, backgrounds, ratio));
  return { fill: color, onFill: onColor(color), text: until(TEXT_RATIO), border: until(OUTLINE_RATIO) };
}

/** The better of black and white has at least 4.58 on every colour there is. */
function onColor(color: string): string {
  return contrast('#ffffff', color) >= contrast('#000000', color) ? '#ffffff' : '#000000';
}

function clears(color: string, backgrounds: readonly string[], ratio: number): boolean {
  return backgrounds.every((background) => contrast(color, background) >= ratio);
}

/** The first of twenty even steps that is good; the last, black or white itself, always is. */
function moved(color: string, towards: string, good: (mixed: string) => boolean): string {
  for (let step = 0; step < 20; step += 1) {
    const mixed = mix(color, towards, step / 20);
    if (good(mixed)) return mixed;
  }
  return towards;
}

function mix(from: string, to: string, part: number): string {
  const target = channels(to);
  const mixed = channels(from).map((value, at) => Math.round(value + ((target[at] ?? 0) - value) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** How far two colours are apart, as WCAG 2 measures it: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}
