import type { Database } from '../db/database.ts';

export type FoundLink = {
  readonly workspaceId: string;
  readonly programId: string;
  /** The survivor, when the code's own advocate was merged away. */
  readonly advocateId: string;
  readonly landingUrl: string;
};

type LinkRow = { workspace_id: string; program_id: string; advocate_id: string; landing_url: string | null };

/** Whose code this is and where its friends are sent; null for codes that are unknown, closed or never published. The one look-up here that knows no workspace: a link is opened by strangers. */
export async function findLink(database: Database, code: string): Promise<FoundLink | null> {
  const answer = await database.system.raw<{ rows: LinkRow[] }>('select * from find_link(?)', [code]);
  const row = answer.rows[0];
  if (!row || row.landing_url === null) return null;
  const { workspace_id: workspaceId, program_id: programId, advocate_id: advocateId, landing_url: landingUrl } = row;
  return { workspaceId, programId, advocateId, landingUrl };
}
