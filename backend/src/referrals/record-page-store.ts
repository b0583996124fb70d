import type { Database } from '../db/database.ts';

/** Whose record in the CRM a link of ours leads to. */
export type RecordPageOf = 'referrals' | 'advocates';

export type RecordPage = {
  /** Host of the org's own pages, with its port where it has one. */
  readonly uiDomain: string;
  /** Of our record of the referral, or of the advocate's contact or lead. */
  readonly recordId: string;
};

/** `PUBLIC_URL/go/<whose>/<id>`: known before the CRM has the record, so that it can stand on what is created there (RR-17). */
export function recordPageUrl(publicUrl: string, of: RecordPageOf, id: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/go/${of}/${id}`;
}

/** As our ids look; some 100 bits of them are chance, so nobody finds one by trying. */
const OUR_ID = /^[a-z]{3}_[0-9A-Za-z_]{1,60}$/;

/**
 * Where the CRM has the record that our id stands for; null for an id that nobody has, somebody erased, and what is not
 * written yet. Knows no workspace: a link is opened by whoever has it, and the CRM asks them who they are.
 */
export async function findRecordPage(database: Database, of: RecordPageOf, id: string): Promise<RecordPage | null> {
  if (!OUR_ID.test(id)) return null;
  const answer = await database.system.raw<{ rows: { ui_domain: string; record_id: string }[] }>(
    'select * from find_record_page(?, ?)',
    [of, id],
  );
  const row = answer.rows[0];
  return row ? { uiDomain: row.ui_domain, recordId: row.record_id } : null;
}
