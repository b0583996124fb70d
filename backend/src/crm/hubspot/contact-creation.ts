import type { ContactDraft, CrmAccount, WriteOutcome } from '../port.ts';
import { findContactsByEmail } from './contacts-by-email.ts';
import type { HubSpotGateway } from './gateway.ts';
import { createRecords } from './record-creation.ts';

/** Creates contacts, at most 100, as `createRecords` does: an e-mail belongs to one contact, as its second one too. */
export function createContacts(
  gateway: HubSpotGateway,
  account: CrmAccount,
  drafts: readonly ContactDraft[],
): Promise<readonly WriteOutcome[]> {
  const records = drafts.map(({ key, email, values }) => {
    const unique = { property: 'email', value: email.trim().toLowerCase() };
    return { key, values, unique, associations: [] };
  });
  return createRecords(gateway, account, {
    objectType: 'contact',
    records,
    findExisting: async (emails) => {
      const found = await findContactsByEmail(gateway, account, { emails, fields: [] });
      return new Map([...found].map(([email, { id }]) => [email, id]));
    },
  });
}
