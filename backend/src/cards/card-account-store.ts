import type { CardAccount, CardProgram } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import { publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import type { CardInput } from './card-input.ts';
import type { CrmPages } from './record-url.ts';

/** What every card needs to know of its account. */
export type AccountOfCard = {
  readonly account: CardAccount;
  readonly pages: CrmPages;
  /** Primary one first. */
  readonly programs: readonly PublishedProgram[];
};

type Row = { status: string; external_account_id: string; ui_domain: string | null; behind: boolean };

/** Answers and writes follow within seconds; what has waited this long is worth saying. */
const USUAL_WAIT_MS = 2 * 60 * 1000;

/** The account of the card's connection and the workspace's published programs. */
export async function readCardAccount(tx: TenantTransaction, input: CardInput): Promise<AccountOfCard> {
  const { connectionId, now, appUrl } = input;
  const late = new Date(now.getTime() - USUAL_WAIT_MS);
  const answer = await tx.raw<{ rows: Row[] }>(
    `select c.status, c.external_account_id, c.ui_domain,
            exists (select 1 from dirty_records d
                     where d.connection_id = c.id and d.dead_at is null and d.due_at < ?)
            or exists (select 1 from write_backs w
                        where w.connection_id = c.id and w.dead_at is null and w.due_at < ?) as behind
       from connections c where c.id = ?`,
    [late, late, connectionId],
  );
  const [row] = answer.rows;
  if (!row) throw new Error(`the card's connection ${connectionId} is not of this workspace`);
  return {
    account: { status: row.status === 'connected' ? 'connected' : 'needs_reauthorization', behind: row.behind },
    pages: { appUrl, uiDomain: row.ui_domain, accountId: row.external_account_id },
    programs: await publishedPrograms(tx, input.workspaceId),
  };
}

export function toCardProgram({ id, definition }: PublishedProgram): CardProgram {
  return { id, name: definition.name };
}
