import { measureBurst, measureLatency } from './loop.ts';
import { bound, ratio, reported, type Row } from './row.ts';
import type { BenchStage } from './stage.ts';

const CPU_BAR_MS = 0.7;
const CALLS_BAR = 1.05;
const BURST = 1_000;
const PER_SECOND = 50;

/**
 * From a change in the CRM to the field it moves, in a burst and as a stream.
 * @param input.seconds how long the stream lasts; a whole interval of the poll where there is one, as otherwise the moment it
 * began at would decide.
 */
export async function loopRows(
  stage: BenchStage,
  { prefix, seconds }: { readonly prefix: string; readonly seconds: number },
): Promise<readonly Row[]> {
  const burst = await measureBurst(stage, BURST);
  console.log(`${prefix}burst of ${burst.changes}: ${burst.seconds.toFixed(1)} s,`, burst.callsByPath);
  const { fromChange, fromFinding } = await measureLatency(stage, { perSecond: PER_SECOND, seconds });
  const unit = `ms at ${PER_SECOND} changes/s`;
  return [
    bound(`${prefix}decide cpu ms`, {
      ours: burst.cpuMsPerChange,
      atMost: CPU_BAR_MS,
      unit: 'ms CPU, service + database, per change',
    }),
    ratio(`${prefix}crm calls`, {
      ours: burst.calls,
      floor: burst.fewestCalls,
      atMost: CALLS_BAR,
      unit: `calls for ${BURST} changes`,
    }),
    reported(`${prefix}change to field p50 ms`, fromChange.p50Ms, unit),
    reported(`${prefix}change to field p99 ms`, fromChange.p99Ms, unit),
    ...(fromFinding
      ? [
          reported(`${prefix}found to field p50 ms`, fromFinding.p50Ms, `${unit}, from the poll finding it`),
          reported(`${prefix}found to field p99 ms`, fromFinding.p99Ms, `${unit}, from the poll finding it`),
        ]
      : []),
    reported(`${prefix}rss mb`, stage.peakRssMb(), 'MB, peak of the service process'),
  ];
}
