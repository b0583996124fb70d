import { randomBytes } from 'node:crypto';
import type { ChangeSignal } from '../backend/src/crm/port.ts';
import { createSignalIntake, type SignalIntake } from '../backend/src/ingest/accept-signals.ts';
import { insertSignals } from '../backend/src/ingest/inbox-store.ts';
import { INTAKE_RUNS, type IntakeResult, type IntakeRun } from './intake.ts';
import type { BenchStage } from './stage.ts';

/**
 * Changes of Salesforce accepted durably per second, by the service's own intake and a pool like its own, but in this
 * process: what hands them over is a source the service opens itself, so there is no request to send, to sign or to verify.
 */
export async function measureSignalIntake(stage: BenchStage): Promise<IntakeResult[]> {
  const intake = createSignalIntake({
    crm: 'salesforce',
    insert: ({ crm, signals }) => insertSignals(stage.database, { crm, signals, nowMs: Date.now() }),
    onStored: ({ repeated, unknown }) => {
      if (repeated + unknown > 0) throw new Error('a signal was not new, or of an org that is not connected');
    },
  });
  const results: IntakeResult[] = [];
  for (const run of INTAKE_RUNS) {
    await feed(stage, intake, { ...run, requests: Math.ceil(run.requests / 4) });
    const seconds = await feed(stage, intake, run);
    const events = run.requests * run.eventsPerRequest;
    results.push({ eventsPerRequest: run.eventsPerRequest, eventsPerSecond: events / seconds });
  }
  return results;
}

/** As many sources at once as connections elsewhere, each of which hands over the next message when the last is stored. */
async function feed(stage: BenchStage, intake: SignalIntake, run: IntakeRun): Promise<number> {
  const messages = Array.from({ length: run.requests }, () =>
    Array.from({ length: run.eventsPerRequest }, () => changeSignal(stage.externalAccountId)),
  );
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: run.connections }, async () => {
      for (let message = messages[next++]; message; message = messages[next++]) await intake.accept(message);
    }),
  );
  return (performance.now() - startedAt) / 1000;
}

let nextRecord = 0;

/** A change of an opportunity as a change event reports it, each of a record of its own. */
function changeSignal(orgId: string): ChangeSignal {
  nextRecord += 1;
  const recordId = `006Qy${String(nextRecord).padStart(10, '0')}AAA`;
  const occurredAtMs = Date.now();
  return {
    externalAccountId: orgId,
    sourceKey: randomBytes(16).toString('hex'),
    kind: 'changed',
    records: [{ objectType: 'deal', recordId }],
    occurredAtMs,
    field: 'StageName',
    raw: {
      schema: '1FQ9Uzx5-Uig4EU4Ddb8Mw',
      replayId: nextRecord,
      ChangeEventHeader: {
        entityName: 'Opportunity',
        recordIds: [recordId],
        changeType: 'UPDATE',
        changeOrigin: 'com/salesforce/api/rest/67.0',
        transactionKey: '00051a3c-94d1-9c0e-1d7e-7a3d1f0b8e11',
        sequenceNumber: 1,
        commitTimestamp: occurredAtMs,
        commitUser: '005Qy000000001BAAS',
        changedFields: ['StageName', 'Probability', 'LastModifiedDate'],
      },
      StageName: 'Closed Won',
    },
  };
}
