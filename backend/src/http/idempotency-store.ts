import type { Database } from '../db/database.ts';

export type StoredAnswer = { readonly status: number; readonly body: unknown };

export type KeyClaim =
  | { readonly state: 'mine' }
  | { readonly state: 'other_request' }
  | { readonly state: 'busy' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer };

export type ClaimInput = {
  readonly key: string;
  readonly requestHash: string;
  readonly now: Date;
  /** Unanswered claims from before this belong to a process that died; the same request takes over. */
  readonly abandonedBefore: Date;
  /** Keys from before this are forgotten and may be used anew. */
  readonly expiredBefore: Date;
};

type KeyRow = { request_hash: string; response_status: number | null; response_body: { value: unknown } | null };

/** Takes the key for one request, decided by the primary key: of two at once exactly one gets it. */
export function claimKey(database: Database, workspaceId: string, input: ClaimInput): Promise<KeyClaim> {
  const { key, requestHash, now, abandonedBefore, expiredBefore } = input;
  return database.inWorkspace(workspaceId, async (tx) => {
    const claimed = await tx.raw<{ rows: unknown[] }>(
      `insert into idempotency_keys as k (workspace_id, key, request_hash, created_at) values (?, ?, ?, ?)
       on conflict (workspace_id, key) do update
          set request_hash = excluded.request_hash, response_status = null, response_body = null,
              created_at = excluded.created_at
        where k.created_at < ?
           or (k.response_status is null and k.created_at < ? and k.request_hash = excluded.request_hash)
       returning key`,
      [workspaceId, key, requestHash, now, expiredBefore, abandonedBefore],
    );
    if (claimed.rows.length > 0) return { state: 'mine' };
    const row: KeyRow | undefined = await tx('idempotency_keys')
      .where({ workspace_id: workspaceId, key })
      .first('request_hash', 'response_status', 'response_body');
    // Released between the two statements: ask again.
    if (!row) return { state: 'busy' };
    if (row.request_hash !== requestHash) return { state: 'other_request' };
    if (row.response_status === null) return { state: 'busy' };
    return { state: 'answered', answer: { status: row.response_status, body: row.response_body?.value ?? null } };
  });
}

/** `claimedAt` fences: a request that was taken for dead must not overwrite the answer of the one that took over. */
export type ClaimedKey = { readonly key: string; readonly claimedAt: Date };

export async function keepAnswer(
  database: Database,
  workspaceId: string,
  input: ClaimedKey & { readonly answer: StoredAnswer },
): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx('idempotency_keys')
      .where({ workspace_id: workspaceId, key: input.key, created_at: input.claimedAt })
      .update({
        response_status: input.answer.status,
        response_body: JSON.stringify({ value: input.answer.body }),
      }),
  );
}

/** The request failed in a way that trying again may cure: the key is free again. */
export async function releaseKey(database: Database, workspaceId: string, input: ClaimedKey): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx('idempotency_keys')
      .where({ workspace_id: workspaceId, key: input.key, created_at: input.claimedAt })
      .whereNull('response_status')
      .delete(),
  );
}

/** Removes a workspace's forgotten keys, some at a time. */
export async function dropExpiredKeys(database: Database, workspaceId: string, expiredBefore: Date): Promise<void> {
  await database.inWorkspace(workspaceId, (tx) =>
    tx.raw(
      `delete from idempotency_keys where workspace_id = ? and key in
         (select key from idempotency_keys where workspace_id = ? and created_at < ? limit 500)`,
      [workspaceId, workspaceId, expiredBefore],
    ),
  );
}
