import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The app of the local HubSpot, made once: the same credentials as long as the data lives. */
export type AppCredentials = { readonly appId: number; readonly clientId: string; readonly clientSecret: string };

/** The app of the local Salesforce, likewise. */
export type ConsumerCredentials = { readonly clientId: string; readonly clientSecret: string };

/** The sample org as it was when the service was last connected to it: tokens hold its addresses. */
export type JoinedOrg = { readonly instanceUrl: string; readonly loginUrl: string };

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

  get salesforceDir(): string {
    return join(this.directory, 'salesforce');
  }

  credentials(): AppCredentials {
    return this.#madeOnce('app.json', () => ({
      appId: randomInt(10_000_000, 99_999_999),
      clientId: randomBytes(16).toString('hex'),
      clientSecret: randomBytes(24).toString('base64url'),
    }));
  }

  consumer(): ConsumerCredentials {
    return this.#madeOnce('salesforce-app.json', () => ({
      clientId: `3MVG9${randomBytes(45).toString('base64url')}`,
      clientSecret: randomBytes(32).toString('hex').toUpperCase(),
    }));
  }

  joinedOrg(): JoinedOrg | null {
    return this.#read<JoinedOrg>('joined-org.json');
  }

  markJoined(org: JoinedOrg): void {
    this.#write('joined-org.json', org);
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

  #madeOnce<T>(name: string, make: () => T): T {
    const kept = this.#read<T>(name);
    if (kept) return kept;
    const made = make();
    this.#write(name, made);
    return made;
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
