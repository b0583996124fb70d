import type { BarChartProps, ChartProps, LineChartProps } from '@hubspot/ui-extensions';

export type ChartInput = Pick<ChartProps | BarChartProps | LineChartProps, 'data' | 'axes' | 'options'>;
type ChartColor = keyof typeof COLORS;

export type Series = {
  readonly name: string;
  readonly color: string;
  /** One for each place on the x axis; null where the data have no row. */
  readonly values: readonly (number | null)[];
};

/** A chart's data as they are drawn and as the table beside it shows them. */
export type ChartView = {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly places: readonly string[];
  readonly series: readonly Series[];
  readonly stacked: boolean;
  readonly grouped: boolean;
  /** The y axis: from 0 to a round number not below any value. */
  readonly ticks: readonly number[];
};

/** HubSpot's names of colours; ours are dark enough to stand out from white. */
export const COLORS = {
  orange: '#d1512a',
  aqua: '#00848f',
  purple: '#7a5fc7',
  yellow: '#b07d00',
  pink: '#c8568f',
  blue: '#3f78c4',
  green: '#3c8a4e',
  darkOrange: '#b04020',
  darkAqua: '#005c66',
  darkPurple: '#53389e',
  darkYellow: '#7d5800',
  darkPink: '#96306a',
  darkBlue: '#26528f',
  darkGreen: '#22602f',
} as const;

export function readChart({ data, axes, options = {} }: ChartInput): ChartView {
  const rows = Array.isArray(data) ? data : data.data;
  const labels = Array.isArray(data) ? {} : (data.options?.propertyLabels ?? {});
  const { x, y, options: pair = {} } = axes;
  const group = pair.groupFieldByColor;
  const name = (field: string, value: string | number | undefined): string =>
    labels[field]?.[String(value)] ?? textOf(value, field === x.field ? x.fieldType : 'category');

  const places = unique(rows.map((row) => name(x.field, row[x.field])));
  const groups = group ? unique(rows.map((row) => String(row[group]))) : [null];
  const palette = unique([...(options.colorList ?? options.colors ?? []), ...Object.keys(COLORS)]);
  const series = groups.map((key, index): Series => {
    const own = group ? rows.filter((row) => String(row[group]) === key) : rows;
    const color = (key !== null && pair.colors?.[key]) || palette[index % palette.length];
    return {
      name: group && key !== null ? name(group, key) : (y.label ?? y.field),
      color: COLORS[color as ChartColor] ?? COLORS.orange,
      values: places.map((place) =>
        sumOf(
          own.filter((row) => name(x.field, row[x.field]) === place),
          y.field,
        ),
      ),
    };
  });
  const stacked = Boolean(group && pair.stacking);
  return {
    title: options.title ?? `${y.label ?? y.field} by ${x.label ?? x.field}`,
    xLabel: x.label ?? x.field,
    yLabel: y.label ?? y.field,
    places,
    series,
    stacked,
    grouped: Boolean(group),
    ticks: ticksUpTo(highest(series, stacked)),
  };
}

export function unknownColors({ axes, options }: ChartInput): string[] {
  const named = [...(options?.colorList ?? options?.colors ?? []), ...Object.values(axes.options?.colors ?? {})];
  return named.filter((color) => !(color in COLORS));
}

function sumOf(rows: readonly Record<string, string | number>[], field: string): number | null {
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + Number(row[field] ?? 0), 0);
}

function highest(series: readonly Series[], stacked: boolean): number {
  const count = series[0]?.values.length ?? 0;
  const at = (place: number): number[] => series.map(({ values }) => values[place] ?? 0);
  const tops = Array.from({ length: count }, (_, place) =>
    stacked ? at(place).reduce((sum, value) => sum + value, 0) : Math.max(...at(place)),
  );
  return Math.max(1, ...tops);
}

/** Steps of 1, 2 or 5 times a power of ten; never of less than one, since what is counted here comes whole. */
function ticksUpTo(top: number): number[] {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, index) => index * step);
}

function textOf(value: string | number | undefined, fieldType: string): string {
  if (fieldType !== 'datetime' || value === undefined) return String(value ?? '');
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return String(value);
  return new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' }).format(
    moment,
  );
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
