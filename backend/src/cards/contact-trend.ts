import type { ReferralTrend } from '../../../shared/card-view.ts';

const DAY_MS = 86_400_000;
const MONTHS = 6;

/** How many referrals fell between one edge and the next; `edge` counts from 1, as `width_bucket` does. */
export type EdgeCount = { readonly edge: number; readonly referred: number };

/** The instants between which referrals have to be counted for a trend, oldest first; older ones are in no trend. */
export function trendEdges(now: Date): readonly Date[] {
  const instants = [...monthStarts(now), daysBefore(now, 60), daysBefore(now, 30)];
  return [...new Set(instants)].sort((a, b) => a - b).map((ms) => new Date(ms));
}

/** The trend from the counts between the edges of the same `now`. */
export function toTrend(now: Date, counts: readonly EdgeCount[]): ReferralTrend {
  const edges = trendEdges(now).map((edge) => edge.getTime());
  const between = (fromMs: number, beforeMs: number): number =>
    counts.reduce((sum, { edge, referred }) => {
      const startMs = edges[edge - 1] ?? Number.NEGATIVE_INFINITY;
      return startMs >= fromMs && startMs < beforeMs ? sum + referred : sum;
    }, 0);
  const starts = monthStarts(now);
  return {
    last30Days: between(daysBefore(now, 30), Number.POSITIVE_INFINITY),
    previous30Days: between(daysBefore(now, 60), daysBefore(now, 30)),
    months: starts.map((startMs, index) => ({
      month: new Date(startMs).toISOString().slice(0, 7),
      referred: between(startMs, starts[index + 1] ?? Number.POSITIVE_INFINITY),
    })),
  };
}

function daysBefore(now: Date, days: number): number {
  return now.getTime() - days * DAY_MS;
}

/** The beginnings of the last six calendar months in UTC, oldest first. */
function monthStarts(now: Date): number[] {
  return Array.from({ length: MONTHS }, (_, index) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (MONTHS - 1) + index),
  );
}
