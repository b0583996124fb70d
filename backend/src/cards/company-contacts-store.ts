import type { TenantTransaction } from '../db/database.ts';

export type AdoptCompanyContactsInput = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly companyId: string;
  /** Every contact the CRM associates with the company, known to us or not. */
  readonly contactIds: readonly string[];
};

/**
 * For contacts we knew before their company was of interest. One whose company we hold keeps it: being associated with a
 * company says less than the contact's own field, which names the primary one.
 */
export async function adoptCompanyContacts(tx: TenantTransaction, input: AdoptCompanyContactsInput): Promise<void> {
  if (input.contactIds.length === 0) return;
  await tx.raw(
    `update crm_records set company_id = ?
      where workspace_id = ? and connection_id = ? and object_type = 'contact' and record_id = any(?)
        and company_id is null and person_id is not null`,
    [input.companyId, input.workspaceId, input.connectionId, [...input.contactIds]],
  );
}
