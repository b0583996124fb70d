import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The app of the local HubSpot, made once: the same credentials as long as the data lives. */
export type AppCredentials = { readonly appId: number; readonly clientId: string; readonly clientSecret: string };

/** What the seed made. Its presence says that the seed is complete. */
export type Seeded = { readonly programId: string };

/** The small files of sandbox mode in DATA_DIR/sandbox. Each is written whole or not at all. */
export class SandboxFiles {
  readonly directory: string;

  constructor(dataDir: string) {
    this.directory = join(dataDir, 'sandbox');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  get hubspotDir(): string {
    return join(this.directory, 'hubspot');
  }

  credentials(): AppCredentials {
    const kept = this.#read<AppCredentials>('app.json');
    if (kept) return kept;
    const made = {
      appId: randomInt(10_000_000, 99_999_999),
      clientId: randomBytes(16).toString('hex'),
      clientSecret: randomBytes(24).toString('base64url'),
    };
    this.#write('app.json', made);
    return made;
  }

  apiKey(): string | null {
    return this.#read<{ apiKey: string }>('api-key.json')?.apiKey ?? null;
  }

  keepApiKey(apiKey: string): void {
    this.#write('api-key.json', { apiKey });
  }

  seeded(): Seeded | null {
    return this.#read<Seeded>('seeded.json');
  }

  markSeeded(seeded: Seeded): void {
    this.#write('seeded.json', seeded);
  }

  #read<T>(name: string): T | null {
    try {
      return JSON.parse(readFileSync(join(this.directory, name), 'utf8')) as T;
    } catch {
      return null;
    }
  }

  #write(name: string, value: unknown): void {
    const draft = join(this.directory, `${name}.draft`);
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, join(this.directory, name));
  }
}
