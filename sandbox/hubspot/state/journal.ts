import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

import { apply } from './apply.ts';
import type { Change } from './changes.ts';
import { complete } from './complete.ts';
import { emptyState } from './state.ts';
import type { State } from './state.ts';

/**
 * `snapshot-<n>.bin` is a whole state, `journal-<n>.ndjson` what happened since. Opening replays the newest pair
 * and starts pair n+1, so the journal never grows past one run.
 *
 * Lines are handed to the operating system before an answer leaves (no fsync): killing the process loses
 * nothing that was answered, pulling the plug may.
 */
export class Journal {
  readonly state: State;
  readonly #file: number;
  #lines: string[] = [];

  private constructor(state: State, file: number) {
    this.state = state;
    this.#file = file;
  }

  static open(dataDir: string): Journal {
    mkdirSync(dataDir, { recursive: true });
    const newest = newestGeneration(dataDir);
    const state = newest === null ? emptyState() : replay(dataDir, newest);
    const next = (newest ?? 0) + 1;
    writeSnapshot(dataDir, next, state);
    const file = openSync(join(dataDir, `journal-${next}.ndjson`), 'a');
    if (newest !== null) removeGeneration(dataDir, newest);
    return new Journal(state, file);
  }

  append(change: Change): void {
    this.#lines.push(JSON.stringify(change));
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    writeSync(this.#file, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

function newestGeneration(dataDir: string): number | null {
  const numbers = readdirSync(dataDir).flatMap((name) => {
    const match = /^snapshot-(\d+)\.bin$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return numbers.length > 0 ? Math.max(...numbers) : null;
}

function replay(dataDir: string, generation: number): State {
  const state = complete(deserialize(readFileSync(join(dataDir, `snapshot-${generation}.bin`))) as State);
  for (const line of journalLines(dataDir, generation)) {
    const change = parseChange(line);
    // A torn last line is a write nobody was told about.
    if (change === null) break;
    apply(state, change);
  }
  // Lines written by an older version may have brought an app without its newer parts.
  return complete(state);
}

function journalLines(dataDir: string, generation: number): string[] {
  try {
    return readFileSync(join(dataDir, `journal-${generation}.ndjson`), 'utf8')
      .split('\n')
      .filter(Boolean);
  } catch {
    return [];
  }
}

function parseChange(line: string): Change | null {
  try {
    return JSON.parse(line) as Change;
  } catch {
    return null;
  }
}

function writeSnapshot(dataDir: string, generation: number, state: State): void {
  const draft = join(dataDir, `snapshot-${generation}.draft`);
  writeFileSync(draft, serialize(state));
  renameSync(draft, join(dataDir, `snapshot-${generation}.bin`));
}

function removeGeneration(dataDir: string, generation: number): void {
  rmSync(join(dataDir, `snapshot-${generation}.bin`), { force: true });
  rmSync(join(dataDir, `journal-${generation}.ndjson`), { force: true });
}
