import { quantile } from './open-loop.ts';
import { ADVOCATES, atRest, prepareScenario } from './scenario.ts';
import type { BenchStage } from './stage.ts';

export type BurstResult = {
  readonly changes: number;
  /** CPU of service and database together, per decided change. */
  readonly cpuMsPerChange: number;
  readonly serviceCpuMs: number;
  readonly databaseCpuMs: number;
  readonly calls: number;
  /** The fewest calls that can find, read and write these records in full pages and batches. */
  readonly fewestCalls: number;
  readonly callsByPath: Readonly<Record<string, number>>;
  readonly seconds: number;
};

/** Every deal is won at once: intake, reads, decisions, rewards, numbers and write-backs, until nothing is left to do. */
export async function measureBurst(stage: BenchStage, size: number): Promise<BurstResult> {
  const { account } = stage;
  const deals = await prepareScenario(stage, size, 'burst');
  await stage.gatherStatistics();
  await account.holdNews(stage);
  for (const { dealId } of deals) await account.winDeal(dealId);
  await account.settle();
  await account.clearCalls();
  const before = stage.cpuMs();
  const startedAt = performance.now();
  await account.releaseNews(stage);
  await atRest(stage);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = stage.cpuMs();
  const calls = await account.calls();
  const serviceCpuMs = after.service - before.service;
  const databaseCpuMs = after.database - before.database;
  return {
    changes: size,
    cpuMsPerChange: (serviceCpuMs + databaseCpuMs) / size,
    serviceCpuMs,
    databaseCpuMs,
    calls: calls.length,
    fewestCalls: account.fewestCalls({ deals: size, advocates: ADVOCATES }),
    callsByPath: countBy(calls.map((call) => `${call.method} ${call.path}`)),
    seconds,
  };
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

type Quantiles = { readonly p50Ms: number; readonly p99Ms: number };

export type LatencyResult = {
  readonly fromChange: Quantiles;
  /** From the service finding the change; null where the CRM tells of it. */
  readonly fromFinding: Quantiles | null;
};

/** A steady stream of changes; per change, the time from the deal being won in the CRM to the friend's field standing there. */
export async function measureLatency(
  stage: BenchStage,
  input: { readonly perSecond: number; readonly seconds: number },
): Promise<LatencyResult> {
  const { account } = stage;
  const deals = await prepareScenario(stage, input.perSecond * input.seconds, 'stream');
  await account.showMilliseconds();
  const startedAt = performance.now();
  for (const [index, { dealId }] of deals.entries()) {
    const waitMs = startedAt + (index * 1_000) / input.perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await account.winDeal(dealId);
  }
  await atRest(stage, { hurry: false });
  const times = await account.timesOf(deals);
  const sinceFound = times.flatMap(({ foundAt, writtenAt }) => (foundAt === null ? [] : [writtenAt - foundAt]));
  return {
    fromChange: quantiles(times.map(({ wonAt, writtenAt }) => writtenAt - wonAt)),
    fromFinding: sinceFound.length === 0 ? null : quantiles(sinceFound),
  };
}

function quantiles(delays: readonly number[]): Quantiles {
  const sorted = delays.toSorted((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
}
