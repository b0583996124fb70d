import { atRest, prepareScenario } from './scenario.ts';
import { PORTAL_ID, type BenchStage } from './stage.ts';

export type BurstResult = {
  readonly changes: number;
  /** CPU of service and database together, per decided change. */
  readonly cpuMsPerChange: number;
  readonly serviceCpuMs: number;
  readonly databaseCpuMs: number;
  readonly calls: number;
  /** The fewest calls that can read and write these records in full batches. */
  readonly fewestCalls: number;
  readonly callsByPath: Readonly<Record<string, number>>;
  readonly seconds: number;
};

/** Every deal is won at once: intake, reads, decisions, rewards, numbers and write-backs, until nothing is left to do. */
export async function measureBurst(stage: BenchStage, size: number): Promise<BurstResult> {
  const { dealIds } = await prepareScenario(stage, size, 'burst');
  await stage.gatherStatistics();
  const portal = stage.hubspot.portal(PORTAL_ID);
  await stage.hubspot.deliveries.hold();
  for (const dealId of dealIds) await portal.moveDeal(dealId, 'closedwon');
  await stage.hubspot.log.clear();
  const before = stage.cpuMs();
  const startedAt = performance.now();
  await stage.hubspot.deliveries.release();
  await atRest(stage);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = stage.cpuMs();
  const calls = await stage.hubspot.log.calls({ portalId: PORTAL_ID });
  const serviceCpuMs = after.service - before.service;
  const databaseCpuMs = after.database - before.database;
  // Deals read, their contacts read (1,000 a call), friends and twenty advocates written.
  const fewestCalls = Math.ceil(size / 100) + Math.ceil(size / 1_000) + Math.ceil((size + 20) / 100);
  return {
    changes: size,
    cpuMsPerChange: (serviceCpuMs + databaseCpuMs) / size,
    serviceCpuMs,
    databaseCpuMs,
    calls: calls.length,
    fewestCalls,
    callsByPath: countBy(calls.map((call) => `${call.method} ${call.path}`)),
    seconds,
  };
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

export type LatencyResult = { readonly p50Ms: number; readonly p99Ms: number; readonly samples: number };

/** A steady stream of changes; per change, the time from the stage moving in HubSpot to the friend's property standing there. */
export async function measureLatency(
  stage: BenchStage,
  input: { readonly perSecond: number; readonly seconds: number },
): Promise<LatencyResult> {
  const size = input.perSecond * input.seconds;
  const { dealIds, friendContactIds } = await prepareScenario(stage, size, 'stream');
  const portal = stage.hubspot.portal(PORTAL_ID);
  const startedAt = performance.now();
  for (const [index, dealId] of dealIds.entries()) {
    const waitMs = startedAt + (index * 1_000) / input.perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await portal.moveDeal(dealId, 'closedwon');
  }
  await atRest(stage);
  const delays: number[] = [];
  for (const [index, dealId] of dealIds.entries()) {
    const moved = await lastChange(stage, 'deals', { id: dealId, property: 'dealstage' });
    const written = await lastChange(stage, 'contacts', {
      id: friendContactIds[index] ?? '',
      property: 'passalong_referral_status',
    });
    delays.push(written - moved);
  }
  delays.sort((a, b) => a - b);
  return { p50Ms: quantile(delays, 0.5), p99Ms: quantile(delays, 0.99), samples: delays.length };
}

async function lastChange(
  stage: BenchStage,
  type: string,
  where: { readonly id: string; readonly property: string },
): Promise<number> {
  const record = await stage.hubspot.portal(PORTAL_ID).get(type, where.id);
  const history = record?.history[where.property] ?? [];
  return Math.max(...history.map((change) => change.atMs));
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
