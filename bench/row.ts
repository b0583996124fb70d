import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line of the table. `floor` is what the ratio is against, measured in the same run; null where there is only a bar. */
export type Row = {
  readonly name: string;
  readonly ours: number;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly unit: string;
  /** What this row has to reach, in words; null when it is reported only. */
  readonly bar: string | null;
  readonly ok: boolean | null;
  readonly runs: number;
};

export type RatioInput = {
  readonly ours: number;
  readonly floor: number;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly runs?: number;
};

export function ratio(name: string, input: RatioInput): Row {
  const value = input.ours / input.floor;
  const ok = value >= (input.atLeast ?? 0) && value <= (input.atMost ?? Infinity);
  const bar = input.atLeast === undefined ? `ratio ≤ ${input.atMost}` : `ratio ≥ ${input.atLeast}`;
  return { name, ours: input.ours, floor: input.floor, ratio: value, unit: input.unit, bar, ok, runs: input.runs ?? 1 };
}

export function bound(
  name: string,
  input: { readonly ours: number; readonly atMost: number; readonly unit: string },
): Row {
  const { ours, atMost, unit } = input;
  return { name, ours, floor: null, ratio: null, unit, bar: `≤ ${atMost}`, ok: ours <= atMost, runs: 1 };
}

export function reported(name: string, ours: number, unit: string): Row {
  return { name, ours, floor: null, ratio: null, unit, bar: null, ok: null, runs: 1 };
}

export function printRows(rows: readonly Row[]): void {
  console.table(
    rows.map((row) => ({
      name: row.name,
      ours: round(row.ours),
      floor: row.floor === null ? '' : round(row.floor),
      ratio: row.ratio === null ? '' : round(row.ratio),
      bar: row.bar ?? 'reported',
      ok: row.ok === null ? '' : row.ok ? 'yes' : 'NO',
      unit: row.unit,
    })),
  );
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
}

/** Every run leaves its results; only a run on an idle machine becomes a record. */
export function writeRows(rows: readonly Row[], valid: boolean): void {
  const at = new Date().toISOString();
  const text = `${JSON.stringify({ at, node: process.version, valid, rows }, null, 2)}\n`;
  writeFileSync(join(import.meta.dirname, 'results.json'), text);
  if (!valid) return;
  const records = join(import.meta.dirname, 'records');
  mkdirSync(records, { recursive: true });
  writeFileSync(join(records, `${at.slice(0, 10)}.json`), text);
}
