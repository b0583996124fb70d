import { associationKey } from '../state/lookup.ts';
import type { ObjectTypeId, Portal } from '../state/state.ts';
import type { Source } from '../webhooks/queue.ts';
import type { World } from '../world.ts';
import { writeRecord } from './write.ts';

/** Contact → company and company → contact, marked as primary. */
const TO_COMPANY = 1;
const TO_CONTACT = 2;

export interface Bond {
  contactId: string;
  companyId: string;
  /** the primary type id in the direction the bond was named in */
  primaryTypeId: number;
}

/** What two ends mean if they are a contact and a company; null for any other pair. */
export function bondOf(from: readonly [ObjectTypeId, string], to: readonly [ObjectTypeId, string]): Bond | null {
  if (from[0] === '0-1' && to[0] === '0-2') return { contactId: from[1], companyId: to[1], primaryTypeId: TO_COMPANY };
  if (from[0] === '0-2' && to[0] === '0-1') return { contactId: to[1], companyId: from[1], primaryTypeId: TO_CONTACT };
  return null;
}

/** The one company a contact belongs to before all others; null also while that company is archived. */
export function primaryCompanyOf(portal: Portal, contactId: string): string | null {
  for (const [companyId, typeIds] of portal.associations.get(associationKey(['0-1', contactId], '0-2')) ?? [])
    if (typeIds.includes(TO_COMPANY)) return companyId;
  return null;
}

/** A contact's first company becomes its primary one, as at HubSpot. */
export function withPrimary(portal: Portal, bond: Bond, typeIds: number[]): number[] {
  if (typeIds.includes(bond.primaryTypeId) || primaryCompanyOf(portal, bond.contactId) !== null) return typeIds;
  return [...typeIds, bond.primaryTypeId];
}

/** Makes room: there is one primary company, and the one before becomes an ordinary one. */
export function demoteOther(world: World, portal: Portal, { contactId, companyId }: Bond): void {
  const before = primaryCompanyOf(portal, contactId);
  if (before === null || before === companyId) return;
  const { portalId } = portal;
  const [contact, company]: [['0-1', string], ['0-2', string]] = [
    ['0-1', contactId],
    ['0-2', before],
  ];
  world.store.commit({ kind: 'association.removed', portalId, from: contact, to: company, typeIds: [TO_COMPANY] });
  world.store.commit({ kind: 'association.removed', portalId, from: company, to: contact, typeIds: [TO_CONTACT] });
}

export interface KeepInput {
  portal: Portal;
  source: Source;
  nowMs: number;
}

/** `associatedcompanyid` follows the primary association, whoever changed it and however. */
export function keepCompanyId(world: World, input: KeepInput, contactId: string): void {
  const { portal, source, nowMs } = input;
  const record = portal.objects['0-1'].records.get(contactId);
  if (!record) return;
  const companyId = primaryCompanyOf(portal, contactId);
  const isLive = companyId !== null && portal.objects['0-2'].records.get(companyId)?.archivedAtMs === null;
  const values = { associatedcompanyid: isLive ? companyId : '' };
  writeRecord(world, { portal, type: '0-1', record, values, source, nowMs });
}

/** The same for everybody at a company that was merged, deleted or restored. */
export function keepCompanyIdsAt(world: World, input: KeepInput, companyId: string): void {
  const contacts = input.portal.associations.get(associationKey(['0-2', companyId], '0-1'));
  for (const contactId of [...(contacts?.keys() ?? [])]) keepCompanyId(world, input, contactId);
}
