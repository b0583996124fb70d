import type { CrmAccount, CrmRecord } from '../port.ts';
import { objectOrEmpty, textOrNull } from './answer-shape.ts';
import type { HubSpotGateway } from './gateway.ts';
import { fromHubSpotRecord, propertiesToRead, splitList } from './mapping.ts';
import { readByUniqueValue } from './records-by-unique-value.ts';

const ADDITIONAL_EMAILS = 'hs_additional_emails';

/** Contacts by primary or additional e-mail, keyed by the lower-cased e-mail that was asked for; at most 100 e-mails. */
export async function findContactsByEmail(
  gateway: HubSpotGateway,
  account: CrmAccount,
  input: { readonly emails: readonly string[]; readonly fields: readonly string[] },
): Promise<ReadonlyMap<string, CrmRecord>> {
  const emails = [...new Set(input.emails.map((email) => email.trim().toLowerCase()))].filter((email) => email !== '');
  if (emails.length === 0) return new Map();
  const results = await readByUniqueValue(gateway, account, {
    objectType: 'contact',
    property: 'email',
    values: emails,
    properties: propertiesToRead('contact', [...input.fields, 'email', ADDITIONAL_EMAILS]),
  });
  const found = new Map<string, CrmRecord>();
  const asked = new Set(emails);
  for (const result of results) {
    const record = fromHubSpotRecord({ objectType: 'contact', record: result, fields: input.fields });
    for (const email of emailsOf(result)) if (asked.has(email)) found.set(email, record);
  }
  return found;
}

function emailsOf(result: unknown): readonly string[] {
  const properties = objectOrEmpty(objectOrEmpty(result)['properties']);
  const primary = textOrNull(properties['email']);
  const all = [...splitList(properties[ADDITIONAL_EMAILS]), ...(primary === null ? [] : [primary])];
  return all.map((email) => email.toLowerCase());
}
