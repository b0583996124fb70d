import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, type Logger, type LogLevel } from '../../backend/src/observability/logger.ts';

const MOST_BYTES = 10_000_000;
const REPEAT_MS = 60_000;
const WARN = 40;

/**
 * The service's log of sandbox mode: everything goes to DATA_DIR/logs/service.log, what somebody should see also to the
 * console, in one line and not again within a minute.
 */
export function openServiceLog(dataDir: string, level: LogLevel): { readonly logger: Logger; readonly file: string } {
  const directory = join(dataDir, 'logs');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'service.log');
  const write = fileWriter(file);
  const show = consoleWriter();
  const destination = {
    write(line: string) {
      write(line);
      show(line);
    },
  };
  return { logger: createLogger({ level, destination }), file };
}

/** Synchronous, so that the last words before a crash are in the file. One older file is kept. */
export function fileWriter(file: string): (line: string) => void {
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    if (size > MOST_BYTES) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  };
}

const LEVELS: Readonly<Record<string, number>> = { warn: WARN, error: 50, fatal: 60 };

function consoleWriter(): (line: string) => void {
  const shownAtMs = new Map<string, number>();
  return (line) => {
    const { level = '', msg = '', err } = JSON.parse(line) as Line;
    if ((LEVELS[level] ?? 0) < WARN) return;
    const text = `${level}: ${msg}${err?.message ? ` (${err.message})` : ''}`;
    const now = Date.now();
    if (now - (shownAtMs.get(text) ?? 0) < REPEAT_MS) return;
    shownAtMs.set(text, now);
    console.error(text);
  };
}

type Line = { level?: string; msg?: string; err?: { message?: string } };
