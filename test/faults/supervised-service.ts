import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { serviceFlags } from '../../scripts/bootstrap/service-flags.mjs';

const ROOT = join(import.meta.dirname, '../..');
/** Longer than a claim on work (60 s) and on an Idempotency-Key (120 s): whoever comes next takes over. */
const ABSENCE_MS = 121_000;
const READY_MS = 60_000;

/** Time for the service and for HubSpot: real time, moved on. */
export class MovedClock {
  #offsetMs = Date.parse('2026-11-02T09:00:00.000Z') - Date.now();

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  advance(ms: number): number {
    this.#offsetMs += ms;
    return this.now();
  }
}

export type Death = { readonly signal: NodeJS.Signals | null; readonly code: number | null };

/** The service as a process that dies where it is told and is started again each time, as a host would. */
export class SupervisedService {
  readonly deaths: Death[] = [];
  /** What it printed: for the message of a test that fails. */
  readonly output: string[] = [];
  readonly #clock: MovedClock;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | null = null;
  #ready: Promise<void>;
  #stopping = false;

  constructor(clock: MovedClock, environment: NodeJS.ProcessEnv) {
    this.#clock = clock;
    this.#environment = environment;
    this.#ready = this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Memory the process holds now, in MB; 0 where nobody can tell. */
  residentMb(): number {
    const pid = this.#child?.pid;
    if (pid === undefined || !existsSync(`/proc/${pid}/status`)) return 0;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    // The highest since it started, so that no peak falls between two looks.
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  }

  /** Resolves when a process is up; the one that answers may still be another. */
  up(): Promise<void> {
    return this.#ready;
  }

  /** Moves the clock of the running process too; it takes part from the next look at its clock. */
  async advance(ms: number): Promise<void> {
    this.#clock.advance(ms);
    const child = this.#child;
    if (!child?.connected) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        child.off('message', settle);
        child.off('exit', settle);
        resolve();
      };
      child.once('message', settle);
      child.once('exit', settle);
      child.send({ offsetMs: this.#clock.offsetMs }, (error) => error && settle());
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [...serviceFlags, '--import', join(import.meta.dirname, 'kill-at.ts'), join(ROOT, 'backend/src/main.ts')],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...this.#environment,
          NODE_COMPILE_CACHE: inject('testDatabase').compiled,
          TEST_CLOCK_OFFSET_MS: String(this.#clock.offsetMs),
        },
      },
    );
    this.#child = child;
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(this.#failure('was not ready in time')), READY_MS);
      createInterface({ input: child.stderr! }).on('line', (line) => this.output.push(line));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        this.output.push(line);
        if (!line.startsWith('passalong ready ')) return;
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        this.deaths.push({ code, signal });
        if (this.#stopping) return;
        if (signal !== 'SIGKILL') {
          this.#ready = Promise.reject(this.#failure(`ended by itself with ${code}`));
          this.#ready.catch(() => undefined);
          reject(this.#failure(`ended by itself with ${code}`));
          return;
        }
        this.#clock.advance(ABSENCE_MS);
        this.#ready = this.#start();
        this.#ready.then(resolve, reject);
      });
    });
  }

  #failure(what: string): Error {
    return new Error(`The service ${what}.\n${this.output.slice(-20).join('\n')}`);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
