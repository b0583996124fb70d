import { PgBoss } from 'pg-boss';
import type { Logger } from '../observability/logger.ts';
import { CONNECTION_QUEUE, JOB_SCHEMA, UPKEEP_QUEUE } from './job-schema.ts';
import type { ConnectionRef } from './process-connection.ts';

export type JobQueue = {
  start(): Promise<void>;
  /** Waits for running jobs, then lets go. */
  stop(): Promise<void>;
  /** Asks for the connection to be worked on; asking while one waits is the same request. */
  wake(ref: ConnectionRef): Promise<void>;
  work(handler: (ref: ConnectionRef) => Promise<void>): Promise<void>;
  /** Runs `handler` once a day on one of all workers. */
  daily(handler: () => Promise<void>): Promise<void>;
  check(): Promise<void>;
};

/** Takers of jobs in one process. Each takes two at once: a full take makes it take again at once, without a pause. */
const TAKERS = 4;
const JOBS_AT_ONCE = 2;
const STOP_TIMEOUT_MS = 25_000;

/** pg-boss as we use it: wake-ups and cron. What is due, in which order and for how long is in our own tables. */
export function createJobQueue(input: {
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly worker: boolean;
}): JobQueue {
  const { logger, worker } = input;
  const boss = new PgBoss({
    connectionString: input.databaseUrl,
    schema: JOB_SCHEMA,
    migrate: false,
    max: worker ? 4 : 2,
    application_name: 'passalong jobs',
    supervise: worker,
    schedule: worker,
    useListenNotify: worker,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    reindex: false,
  });
  boss.on('error', (error) => logger.error({ err: error }, 'job queue'));
  return {
    start: async () => {
      await boss.start();
    },
    stop: () => boss.stop({ graceful: true, close: true, timeout: STOP_TIMEOUT_MS }),
    async wake(ref) {
      await boss.send(CONNECTION_QUEUE, ref, { singletonKey: ref.connectionId });
    },
    async work(handler) {
      await boss.work<ConnectionRef>(
        CONNECTION_QUEUE,
        {
          localConcurrency: TAKERS,
          batchSize: JOBS_AT_ONCE,
          burstWhenBatchFull: true,
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 1,
          perJobResults: true,
        },
        async (jobs) => {
          // One failing connection must not take the others of the batch with it; what it left is due and swept up.
          await Promise.all(
            jobs.map(async (job) => {
              try {
                await handler(job.data);
              } catch (error) {
                logger.error({ err: error, ...job.data }, 'work on a connection failed');
              }
            }),
          );
          return jobs.map((job) => ({ id: job.id, status: 'completed' as const }));
        },
      );
    },
    async daily(handler) {
      await boss.schedule(UPKEEP_QUEUE, '17 3 * * *');
      await boss.work(UPKEEP_QUEUE, async () => handler());
    },
    async check() {
      await boss.getQueue(CONNECTION_QUEUE);
    },
  };
}
