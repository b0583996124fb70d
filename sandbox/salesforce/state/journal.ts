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

import type { App, Code } from '../oauth/app.ts';
import { fromKeptText, keptText } from './kept-text.ts';
import { ALL_PARTS, CHANGED_BY_CALLS, keptPart, orgOfParts } from './kept-org.ts';
import type { KeptParts, PartName } from './kept-org.ts';
import type { Org } from './org.ts';
import type { Row } from './table.ts';

/** What outlives a run. */
export interface Platform {
  readonly apps: Map<string, App>;
  readonly codes: Map<string, Code>;
  readonly orgs: Map<string, Org>;
  /** the addresses it had, so that it can have them again */
  readonly hosts: { loginUrl: string; sandboxLoginUrl: string };
  readonly made: { orgs: number };
}

type Line =
  | { kind: 'platform'; value: Pick<Platform, 'apps' | 'codes' | 'hosts' | 'made'> }
  | { kind: 'part'; orgId: string; part: PartName; value: unknown }
  | { kind: 'rows'; orgId: string; object: string; rows: readonly Row[] }
  | { kind: 'gone'; orgId: string };

const ROWS_PER_LINE = 500;

/**
 * `state-<n>.ndjson`: first everything, then what changed, each line the whole of a small part or some rows. Opening
 * reads the newest one and begins the next, so that none grows past one run.
 *
 * Lines are handed to the operating system before an answer leaves (no fsync): killing the process loses nothing that
 * was answered, pulling the plug may.
 */
export class Journal {
  readonly #platform: Platform;
  readonly #file: number;
  /** the line last written of each part */
  readonly #written = new Map<string, string>();
  readonly #orgs = new Set<string>();

  /** Brings back into `platform` what the directory holds, and keeps what happens to it from then on. */
  static open(dataDir: string, platform: Platform, nowMs: number): Journal {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const newest = newestGeneration(dataDir);
    if (newest !== null) restore(readLines(join(dataDir, `state-${newest}.ndjson`)), platform, nowMs);
    return new Journal({ dataDir, generation: (newest ?? 0) + 1 }, platform);
  }

  private constructor({ dataDir, generation }: { dataDir: string; generation: number }, platform: Platform) {
    this.#platform = platform;
    const file = join(dataDir, `state-${generation}.ndjson`);
    writeFileSync(`${file}.draft`, this.#news('everything'), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
    this.#file = openSync(file, 'a');
    rmSync(join(dataDir, `state-${generation - 1}.ndjson`), { force: true });
  }

  /** `calls`: nothing happened but calls of the API, which change less. */
  flush(what: 'calls' | 'everything'): void {
    const news = this.#news(what);
    if (news !== '') writeSync(this.#file, news);
  }

  close(): void {
    this.flush('everything');
    closeSync(this.#file);
  }

  #news(what: 'calls' | 'everything'): string {
    const { apps, codes, hosts, made, orgs } = this.#platform;
    const lines = this.#ifChanged('platform', { kind: 'platform', value: { apps, codes, hosts, made } });
    for (const orgId of this.#orgs) if (!orgs.has(orgId)) lines.push(this.#forget(orgId));
    for (const org of orgs.values()) {
      const known = this.#orgs.has(org.orgId);
      const parts = known && what === 'calls' ? CHANGED_BY_CALLS : ALL_PARTS;
      for (const part of parts)
        lines.push(
          ...this.#ifChanged(`${org.orgId} ${part}`, {
            kind: 'part',
            orgId: org.orgId,
            part,
            value: keptPart(org, part),
          }),
        );
      for (const [object, rows] of known ? org.tables.changed() : org.tables.watched())
        lines.push(...rowLines(org.orgId, object, rows));
      this.#orgs.add(org.orgId);
    }
    return lines.map((line) => `${line}\n`).join('');
  }

  #ifChanged(key: string, line: Line): string[] {
    const text = keptText(line);
    if (this.#written.get(key) === text) return [];
    this.#written.set(key, text);
    return [text];
  }

  #forget(orgId: string): string {
    this.#orgs.delete(orgId);
    for (const part of ALL_PARTS) this.#written.delete(`${orgId} ${part}`);
    return keptText({ kind: 'gone', orgId } satisfies Line);
  }
}

function rowLines(orgId: string, object: string, rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS_PER_LINE)
    lines.push(keptText({ kind: 'rows', orgId, object, rows: rows.slice(from, from + ROWS_PER_LINE) } satisfies Line));
  return lines;
}

function newestGeneration(dataDir: string): number | null {
  const numbers = readdirSync(dataDir).flatMap((name) => {
    const match = /^state-(\d+)\.ndjson$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
  return numbers.length > 0 ? Math.max(...numbers) : null;
}

function readLines(file: string): Line[] {
  const lines: Line[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    try {
      lines.push(fromKeptText(text) as Line);
    } catch {
      // A torn last line is a write nobody was told about.
      break;
    }
  }
  return lines;
}

function restore(lines: readonly Line[], platform: Platform, nowMs: number): void {
  const parts = new Map<string, Partial<KeptParts>>();
  const rows = new Map<string, Extract<Line, { kind: 'rows' }>[]>();
  for (const line of lines) {
    if (line.kind === 'platform') takeOver(platform, line.value);
    if (line.kind === 'part') parts.set(line.orgId, { ...parts.get(line.orgId), [line.part]: line.value });
    if (line.kind === 'rows') rows.set(line.orgId, [...(rows.get(line.orgId) ?? []), line]);
    if (line.kind === 'gone') for (const each of [parts, rows]) each.delete(line.orgId);
  }
  for (const [orgId, kept] of parts) {
    const org = orgOfParts(kept as KeptParts, nowMs);
    for (const { object, rows: some } of rows.get(orgId) ?? []) for (const row of some) org.tables.put(object, row);
    platform.orgs.set(orgId, org);
  }
}

function takeOver(platform: Platform, value: Extract<Line, { kind: 'platform' }>['value']): void {
  for (const [id, app] of value.apps) platform.apps.set(id, app);
  for (const [code, issued] of value.codes) platform.codes.set(code, issued);
  Object.assign(platform.hosts, value.hosts);
  Object.assign(platform.made, value.made);
}
