import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileWriter } from './service-log.ts';
import { StartFailed } from './start-failed.ts';

const PATIENCE_MS = 30_000;
const STOP_MS = 10_000;
const KEPT_WORDS = 2_000;

export type Addresses = {
  readonly hubspotUrl: string;
  /** Where people of production orgs log in, and the control of all of them is. */
  readonly salesforceUrl: string;
  /** Where people of sandboxes log in. */
  readonly sandboxLoginUrl: string;
  readonly workbenchUrl: string;
};

/** The local CRMs and the workbench, in a process of their own. */
export type SandboxProcess = Addresses & {
  readonly pid: number;
  /** Rejects when the process ends without having been asked to. */
  readonly lost: Promise<never>;
  tell(message: object): void;
  stop(): Promise<void>;
};

export async function startSandboxProcess(input: {
  readonly hubspotDir: string;
  readonly salesforceDir: string;
  readonly logFile: string;
}): Promise<SandboxProcess> {
  const script = join(import.meta.dirname, '../../sandbox/workbench/main.ts');
  const directories = ['--data-dir', input.hubspotDir, '--salesforce-dir', input.salesforceDir];
  const child = spawn(process.execPath, [script, ...directories], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastWords = keepWords(child, input.logFile);
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? '?'}`));
  });
  const lost = ended.then((how) => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new StartFailed(
      `The local CRMs ended unexpectedly (${how}).${lastWords() && `\n${lastWords()}`}`,
      `Start again: nothing is lost. Its log is ${input.logFile}`,
    );
  });
  lost.catch(() => undefined);
  const addresses = await Promise.race([listening(child), lost, late()]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    ...addresses,
    pid: child.pid ?? 0,
    lost,
    tell: (message) => void child.send(message),
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(forced);
    },
  };
}

function listening(child: ChildProcess): Promise<Addresses> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as Addresses)));
}

function late(): Promise<never> {
  return new Promise((_, reject) => {
    const failure = new StartFailed('The local CRMs did not start within 30 seconds.', 'Start again.');
    setTimeout(() => reject(failure), PATIENCE_MS).unref();
  });
}

/** Everything the process says goes to its log; the end of it is kept for the message when it dies. */
function keepWords(child: ChildProcess, logFile: string): () => string {
  const write = fileWriter(logFile);
  let kept = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      write(text);
      kept = (kept + text).slice(-KEPT_WORDS);
    });
  return () => kept.trim();
}
