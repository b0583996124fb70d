import type { FieldValues } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';

export type ContactReading = { readonly id: string; readonly values: FieldValues };

/**
 * Keeps each known contact's company as the CRM states it now; one without a company loses what we held. Contacts whose
 * reading did not ask for the field stay as they are.
 */
export async function recordCompanies(
  tx: TenantTransaction,
  input: {
    readonly connectionId: string;
    /** The CRM's name of the field that holds the company's id. */
    readonly field: string;
    readonly contacts: readonly ContactReading[];
  },
): Promise<void> {
  const rows = input.contacts.flatMap(({ id, values }) => {
    const companyId = values[input.field];
    return companyId === undefined ? [] : [{ record_id: id, company_id: companyId }];
  });
  if (rows.length === 0) return;
  await tx.raw(
    `update crm_records r set company_id = n.company_id
       from json_to_recordset(?) as n(record_id text, company_id text)
      where r.connection_id = ? and r.object_type = 'contact' and r.record_id = n.record_id
        and r.company_id is distinct from n.company_id`,
    [JSON.stringify(rows), input.connectionId],
  );
}
