import { measureInsertFloor, measurePlainInserts, type Floor } from './insert-floor.ts';
import type { IntakeResult } from './intake.ts';
import { ratio, type Row } from './row.ts';
import type { BenchStage } from './stage.ts';

/** One row per commit on the reference machine; a run whose floor is under 70 % of it measured a busy machine. */
const REFERENCE_SINGLE_INSERTS = 14_240;
const INTAKE_BARS: Readonly<Record<number, number>> = { 1: 0.1, 10: 0.35, 100: 0.6 };
const ROUNDS = 3;

export type IntakeRows = { readonly rows: readonly Row[]; readonly valid: boolean };

/** Floor and intake take turns, so that a busy moment hits both; the floor is the best it ever was, intake its median. */
export async function intakeRows(
  stage: BenchStage,
  named: { readonly prefix: string; readonly measure: () => Promise<IntakeResult[]> },
): Promise<IntakeRows> {
  // Alone: hints are stored and stay, so that only intake is measured.
  await stage.restart('web');
  const floorInput = { ...stage, database: stage.database, durationMs: 1_500 };
  const messages: Floor[] = [];
  const both: Floor[] = [];
  const intake: IntakeResult[] = [];
  let single = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    single = Math.max(single, await measurePlainInserts(floorInput));
    messages.push(...(await measureInsertFloor(floorInput, 'bench_insert_message')));
    intake.push(...(await named.measure()));
    both.push(...(await measureInsertFloor(floorInput, 'bench_insert_both')));
  }
  describe('message rows alone', messages);
  describe('message and mark, what intake must store', both);
  const rows = [...Map.groupBy(intake, (result) => result.eventsPerRequest)].map(([size, results]) => {
    const ours = median(results.map((result) => result.eventsPerSecond));
    const name = `${named.prefix}intake ${size}`;
    console.log(`${name}: ${(ours / bestOf(messages)).toFixed(2)} of the best rate of message rows alone`);
    return ratio(name, {
      ours,
      floor: bestOf(both),
      atLeast: INTAKE_BARS[size] ?? 0,
      unit: 'events/s',
      runs: ROUNDS,
    });
  });
  return { rows, valid: isFastEnough(single) };
}

function isFastEnough(single: number): boolean {
  console.log(`plain one-row inserts: ${Math.round(single)}/s (reference ${REFERENCE_SINGLE_INSERTS})`);
  const valid = single >= REFERENCE_SINGLE_INSERTS * 0.7;
  if (!valid) {
    const limit = `70 % of ${REFERENCE_SINGLE_INSERTS}`;
    console.log(
      `INVALID as a record: ${Math.round(single)} plain inserts/s is under ${limit}; the machine is busy or slower.`,
    );
  }
  return valid;
}

function bestOf(floors: readonly Floor[]): number {
  return Math.max(...floors.map((floor) => floor.eventsPerSecond));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function describe(name: string, floors: readonly Floor[]): void {
  const bySize = Map.groupBy(floors, (floor) => floor.rowsPerCommit);
  const text = [...bySize].map(([size, runs]) => `${size}: ${Math.round(bestOf(runs))}`).join(', ');
  console.log(`floor, ${name} (rows per commit: events/s): ${text}`);
}
