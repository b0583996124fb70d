import { setTimeout as sleep } from 'node:timers/promises';
import { StartFailed } from './start-failed.ts';

const EVERY_MS = 100;

/** Asks again and again until there is something; `what` stands in the message when it never comes. */
export async function waitUntil<T>(what: string, ask: () => Promise<T | null | undefined>): Promise<T> {
  const giveUpAt = performance.now() + 30_000;
  for (;;) {
    const found = await ask();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > giveUpAt)
      throw new StartFailed(
        `The sample data could not be made: ${what} did not happen within 30 seconds.`,
        'Start again: what was made so far is kept. The log in DATA_DIR/logs says more.',
      );
    await sleep(EVERY_MS);
  }
}
