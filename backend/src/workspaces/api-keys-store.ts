import { createHash } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { newId, randomText } from '../ids.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 characters of 62 are 238 bits. */
const LENGTH = 40;
const SHAPE = new RegExp(`^pk_[0-9A-Za-z]{${LENGTH}}$`);

export type FoundApiKey = { readonly workspaceId: string; readonly apiKeyId: string };

export function isApiKeyShaped(text: string): boolean {
  return SHAPE.test(text);
}

/**
 * SHA-256 without salt or stretching is right for a key of 238 random bits: there is nothing to guess. Looking the hash
 * up is also what makes the comparison safe against timing: what an attacker could learn is about the hash of a guess.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The workspace a key belongs to; null for unknown and revoked keys alike. Runs before a tenant is known. */
export async function findApiKey(database: Database, key: string): Promise<FoundApiKey | null> {
  const answer = await database.system.raw<{ rows: { workspace_id: string; api_key_id: string }[] }>(
    'select workspace_id, api_key_id from find_api_key(?)',
    [hashApiKey(key)],
  );
  const row = answer.rows[0];
  return row ? { workspaceId: row.workspace_id, apiKeyId: row.api_key_id } : null;
}

/** Makes a key. The text is returned this once and never stored. */
export async function createApiKey(
  database: Database,
  workspaceId: string,
  input: { readonly label: string; readonly now: Date },
): Promise<{ readonly apiKeyId: string; readonly key: string }> {
  const key = `pk_${randomText(LENGTH, ALPHABET)}`;
  const apiKeyId = newId('key');
  await database.inWorkspace(workspaceId, async (tx) => {
    await tx('api_keys').insert({
      id: apiKeyId,
      workspace_id: workspaceId,
      key_hash: hashApiKey(key),
      label: input.label,
      created_at: input.now,
    });
    await tx('audit_log').insert({
      workspace_id: workspaceId,
      at: input.now,
      actor: 'command_line',
      action: 'api_key.created',
      subject: apiKeyId,
    });
  });
  return { apiKeyId, key };
}

/** Whether there is such a workspace. */
export async function workspaceExists(database: Database, workspaceId: string): Promise<boolean> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const row: unknown = await tx('workspaces').where({ id: workspaceId }).first('id');
    return row !== undefined;
  });
}
