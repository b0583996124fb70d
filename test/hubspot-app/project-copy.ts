import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const PROJECT_DIR = resolve(import.meta.dirname, '../../hubspot-app');

export type ProjectCopy = {
  readonly directory: string;
  /** A file below `src/`. */
  path(file: string): string;
  write(file: string, text: string): void;
  /** Fails when there is nothing to replace: a change that changes nothing would prove nothing. */
  replace(file: string, from: string | RegExp, to: string): void;
  move(from: string, to: string): void;
  copyOf(file: string, to: string): void;
};

/** Our project in a place of its own, to be spoilt; gone after the test. */
export function copyProject(): ProjectCopy {
  const directory = mkdtempSync(join(tmpdir(), 'passalong-project-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(PROJECT_DIR, directory, { recursive: true, filter: (source) => !/\/(node_modules|dist)$/.test(source) });
  const path = (file: string): string => join(directory, 'src', file);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  return {
    directory,
    path,
    write,
    replace(file, from, to) {
      const text = readFileSync(path(file), 'utf8');
      const changed = text.replace(from, () => to);
      if (changed === text) throw new Error(`${file} has no ${String(from)}`);
      write(file, changed);
    },
    move(from, to) {
      mkdirSync(dirname(path(to)), { recursive: true });
      renameSync(path(from), path(to));
    },
    copyOf: (file, to) => write(to, readFileSync(path(file), 'utf8')),
  };
}
