import { changeEvent, sendAll, signedDelivery } from './deliveries.ts';
import type { BenchStage } from './stage.ts';

export type IntakeResult = { readonly eventsPerRequest: number; readonly eventsPerSecond: number };

/** Requests and keep-alive connections per size: HubSpot opens ten connections per account, and there are many accounts. */
export const INTAKE_RUNS = [
  { eventsPerRequest: 1, requests: 30_000, connections: 128 },
  { eventsPerRequest: 10, requests: 8_000, connections: 128 },
  { eventsPerRequest: 100, requests: 1_500, connections: 64 },
] as const;

let nextObjectId = 5_000_000;

/** Events accepted durably per second: every request is signed, verified, parsed, committed, then answered. */
export async function measureIntake(stage: BenchStage): Promise<IntakeResult[]> {
  const results: IntakeResult[] = [];
  for (const run of INTAKE_RUNS) {
    await send(stage, { ...run, requests: Math.ceil(run.requests / 4) });
    const seconds = await send(stage, run);
    results.push({
      eventsPerRequest: run.eventsPerRequest,
      eventsPerSecond: (run.requests * run.eventsPerRequest) / seconds,
    });
  }
  return results;
}

export type IntakeRun = { readonly eventsPerRequest: number; readonly requests: number; readonly connections: number };

function send(stage: BenchStage, run: IntakeRun): Promise<number> {
  const requests = Array.from({ length: run.requests }, () => {
    const events = Array.from({ length: run.eventsPerRequest }, () => changeEvent((nextObjectId += 1)));
    return signedDelivery(stage.publicUrl, events);
  });
  return sendAll(stage.publicUrl, requests, run.connections);
}
