import { PassalongError } from '../../backend/src/errors/passalong-error.ts';
import { StartFailed } from './start-failed.ts';

/** Somebody asked us to stop while we were still starting. */
export class StopAsked extends Error {}

/** What was started, undone in reverse: each part stops before what it stands on. */
export class Ending {
  readonly #undo: (() => unknown)[] = [];
  readonly asked: Promise<never>;

  constructor() {
    let ask: () => void = () => undefined;
    this.asked = new Promise<never>((_, reject) => {
      ask = () => reject(new StopAsked('asked to stop'));
    });
    this.asked.catch(() => undefined);
    let times = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        times += 1;
        if (times === 1) ask();
        // Somebody who asks three times wants no more waiting; the database recovers at the next start.
        if (times === 3) process.exit(130);
      });
  }

  add(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  async unwind(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }
}

/** Prints why it ended and returns the exit code. */
export function report(reason: unknown): number {
  if (reason instanceof StopAsked) return 0;
  if (reason instanceof StartFailed) console.error(`\n${reason.message}\n${reason.remedy}`);
  else if (reason instanceof PassalongError) console.error(`\n${reason.message}\n${reason.details.remedy}`);
  else console.error(reason);
  return 1;
}
