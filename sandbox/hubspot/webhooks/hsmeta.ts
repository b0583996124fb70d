import { readFileSync } from 'node:fs';

export type Json = Record<string, unknown>;

/** One component of an app project, its variables put in. */
export interface Component {
  uid: string;
  config: Json;
}

export function json(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** Reads a `-hsmeta.json` file and refuses what every component must not be. */
export function component(file: string, type: string, variables: Record<string, string>): Component {
  const meta = json(file);
  const strange = Object.keys(meta).filter(
    (key) => !['uid', 'type', 'config', 'dependencies', 'permissions'].includes(key),
  );
  if (strange.length > 0) throw new Error(`${file}: unknown keys ${strange.join(', ')}`);
  if (meta['type'] !== type) throw new Error(`${file}: type must be ${type}`);
  const uid = substitute(meta['uid'], variables);
  if (typeof uid !== 'string' || !/^[A-Za-z0-9_.-]{1,64}$/.test(uid)) throw new Error(`${file}: bad uid`);
  return { uid, config: substitute(meta['config'] ?? {}, variables) as Json };
}

function substitute(value: unknown, variables: Record<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = variables[name];
      if (found === undefined) throw new Error(`No value for \${${name}} in the profile`);
      return found;
    });
  if (Array.isArray(value)) return value.map((item) => substitute(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, variables)]));
}
