import { expect, test } from 'vitest';
import { runAlone } from '../../../backend/src/jobs/run-alone.ts';

const ref = { workspaceId: 'ws_1', connectionId: 'con_1' };

test('a job that comes while its connection is worked on makes that run go round once more, however many come', async () => {
  let runs = 0;
  const release: (() => void)[] = [];
  const work = runAlone(async () => {
    runs += 1;
    await new Promise<void>((resolve) => release.push(resolve));
  });
  const first = work(ref);
  await Promise.all([work(ref), work(ref), work(ref)]);
  expect(runs).toBe(1);
  release.shift()?.();
  await expect.poll(() => runs).toBe(2);
  release.shift()?.();
  await first;
  expect(runs).toBe(2);
});

test('a run that failed leaves the connection free for the next job', async () => {
  let runs = 0;
  const work = runAlone(() => {
    runs += 1;
    return runs === 1 ? Promise.reject(new Error('down')) : Promise.resolve();
  });
  await expect(work(ref)).rejects.toThrow('down');
  await work(ref);
  expect(runs).toBe(2);
});

test('different connections are worked on at the same time', async () => {
  const seen: string[] = [];
  const work = runAlone(async ({ connectionId }) => {
    seen.push(connectionId);
    await Promise.resolve();
  });
  await Promise.all([work(ref), work({ ...ref, connectionId: 'con_2' })]);
  expect(seen.toSorted()).toEqual(['con_1', 'con_2']);
});
