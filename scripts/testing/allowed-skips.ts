import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type AllowedSkip = { test: string; reason: string };

/** The skipped tests that are not on the list of test/allowed-skips.json. */
export function unexpectedSkips(skips: string[], projectDir: string): string[] {
  const text = readFileSync(join(projectDir, 'test/allowed-skips.json'), 'utf8');
  const allowed = new Set((JSON.parse(text) as AllowedSkip[]).map((entry) => entry.test));
  return skips.filter((name) => !allowed.has(name));
}
