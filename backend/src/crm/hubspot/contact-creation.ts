import type { ContactDraft, CrmAccount, WriteOutcome } from '../port.ts';
import { API_PATHS } from './api-paths.ts';
import { findContactsByEmail } from './contacts-by-email.ts';
import type { HubSpotGateway } from './gateway.ts';
import { toHubSpotProperties } from './mapping.ts';
import type { BatchItem } from './write-answer.ts';
import { writeBatch } from './write-batch.ts';

type Draft = BatchItem & { readonly email: string };

/**
 * Creates contacts, at most 100, one outcome per draft in their order. A draft whose e-mail already stands in HubSpot is
 * refused with `record_exists` and, where known, the existing id; it blocks no other.
 */
export function createContacts(
  gateway: HubSpotGateway,
  account: CrmAccount,
  drafts: readonly ContactDraft[],
): Promise<readonly WriteOutcome[]> {
  const items: readonly Draft[] = drafts.map(({ key, email, values }) => ({
    key,
    email: email.trim().toLowerCase(),
    values,
  }));
  return writeBatch({
    items,
    send: (sent) =>
      gateway.call({
        account,
        kind: 'default',
        method: 'POST',
        path: API_PATHS.objectBatch('contact', 'create'),
        body: { inputs: sent.map(toInput) },
      }),
    findConflicts: (refused) => findExisting(gateway, account, refused),
  });
}

function toInput({ key, email, values }: Draft) {
  return { properties: { ...toHubSpotProperties(values), email }, associations: [], objectWriteTraceId: key };
}

async function findExisting(gateway: HubSpotGateway, account: CrmAccount, drafts: readonly Draft[]) {
  const existing = await findContactsByEmail(gateway, account, {
    emails: drafts.map(({ email }) => email),
    fields: [],
  });
  const outcomes = new Map<string, WriteOutcome>();
  for (const { key, email } of drafts) {
    const record = existing.get(email);
    if (record === undefined) continue;
    const message = `A contact with this e-mail already exists. Existing ID: ${record.id}`;
    const refusal = { code: 'record_exists', message, fields: ['email'], existingRecordId: record.id } as const;
    outcomes.set(key, { key, ok: false, refusal });
  }
  return outcomes;
}
