import type {
  AccountDetails,
  ContactList,
  ContactRole,
  CrmObjectType,
  CrmOwner,
  CrmRecord,
  DealDraft,
  FieldValues,
  ListMembersPage,
  PersonFields,
  Pipeline,
  PipelineStage,
} from '../port.ts';
import { CrmUnavailable } from '../errors.ts';
import {
  nextCursor,
  objectOrEmpty,
  requireList,
  requireObject,
  requireText,
  textOrNull,
  type JsonObject,
} from './answer-shape.ts';

/** The property that holds the time of the last change; contacts are older than the prefix `hs_`. */
export const MODIFIED_PROPERTY: Readonly<Record<CrmObjectType, string>> = {
  contact: 'lastmodifieddate',
  company: 'hs_lastmodifieddate',
  deal: 'hs_lastmodifieddate',
};

const MERGED_IDS_PROPERTY = 'hs_merged_object_ids';

/** What every read must ask for besides the caller's fields, so that `fromHubSpotRecord` can do its work. */
export function propertiesToRead(objectType: CrmObjectType, fields: readonly string[]): readonly string[] {
  return [...new Set([...fields, 'hs_object_id', 'createdate', MODIFIED_PROPERTY[objectType], MERGED_IDS_PROPERTY])];
}

export type HubSpotRecordInput = {
  readonly objectType: CrmObjectType;
  /** One element of a batch answer's `results`. */
  readonly record: unknown;
  /** The fields the caller asked for: exactly these are in `values`. */
  readonly fields: readonly string[];
};

/** One record of a batch answer. Raises `CrmUnavailable` when it has no id or no readable times. */
export function fromHubSpotRecord({ objectType, record, fields }: HubSpotRecordInput): CrmRecord {
  const source = requireObject(record, 'a record');
  const properties = objectOrEmpty(source['properties']);
  return {
    objectType,
    id: requireText(source['id'], 'the id of a record'),
    values: pickValues(properties, fields),
    createdAt: time(properties['createdate'] ?? source['createdAt'], 'createdate'),
    modifiedAt: time(properties[MODIFIED_PROPERTY[objectType]] ?? source['updatedAt'], MODIFIED_PROPERTY[objectType]),
    mergedIds: splitList(properties[MERGED_IDS_PROPERTY]),
  };
}

/** One result of a search for changes. Raises `CrmUnavailable` when it has no id or no readable time. */
export function fromHubSpotChange(objectType: CrmObjectType, result: unknown) {
  const source = requireObject(result, 'a search result');
  const property = MODIFIED_PROPERTY[objectType];
  const modifiedAt = time(objectOrEmpty(source['properties'])[property] ?? source['updatedAt'], property);
  return { id: requireText(source['id'], 'the id of a search result'), modifiedAtMs: modifiedAt.getTime() };
}

/** The named properties, null where HubSpot has none; HubSpot's empty text is "no value". */
export function pickValues(properties: JsonObject, fields: readonly string[]): FieldValues {
  return Object.fromEntries(fields.map((field) => [field, fromHubSpotValue(properties[field])]));
}

/** HubSpot states every value as text; an untyped answer may still hold a number or a boolean. */
export function fromHubSpotValue(value: unknown): string | null {
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : textOrNull(value);
}

/** HubSpot clears a property by the empty text. */
export function toHubSpotProperties(values: FieldValues): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']));
}

/** A person's details by HubSpot's own property names; empty ones are left out, so that no write clears them. */
export function toHubSpotPerson(person: PersonFields): FieldValues {
  const values: FieldValues = { firstname: person.firstName, lastname: person.lastName, phone: person.phone };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value.trim() !== ''));
}

/** HubSpot's multi-values: `a;b;c`. */
export function splitList(value: unknown): readonly string[] {
  return (textOrNull(value) ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** True for a record in HubSpot's recycling bin. */
export function isArchived(record: unknown): boolean {
  return objectOrEmpty(record)['archived'] === true;
}

/** A deal pipeline with its live stages in their order. */
export function fromHubSpotPipeline(pipeline: unknown): Pipeline {
  const source = requireObject(pipeline, 'a pipeline');
  const stages = requireList(source['stages'], 'the stages of a pipeline').filter((stage) => !isArchived(stage));
  return {
    id: requireText(source['id'], 'the id of a pipeline'),
    label: textOrNull(source['label']) ?? '',
    stages: stages.map(fromHubSpotStage).sort((a, b) => a.order - b.order),
  };
}

function fromHubSpotStage(stage: unknown): PipelineStage {
  const source = requireObject(stage, 'a stage');
  const { isClosed, probability: chance } = objectOrEmpty(source['metadata']);
  const probability = textOrNull(chance);
  return {
    id: requireText(source['id'], 'the id of a stage'),
    label: textOrNull(source['label']) ?? '',
    order: Number(source['displayOrder'] ?? 0),
    won: probability !== null && Number(probability) === 1,
    lost: String(isClosed) === 'true' && probability !== null && Number(probability) === 0,
  };
}

/** A label that a contact may have on a deal; null for the plain association, which everybody on it has. */
export function fromHubSpotContactRole(label: unknown): ContactRole | null {
  const source = requireObject(label, 'an association label');
  const words = textOrNull(source['label']);
  if (words === null) return null;
  const category = requireText(source['category'], 'the category of an association label');
  return { id: `${category}:${requireText(source['typeId'], 'the id of an association label')}`, label: words };
}

/** The portal's own settings. */
export function fromHubSpotAccount(details: unknown): AccountDetails {
  const source = requireObject(details, 'the account details');
  return {
    externalAccountId: requireText(source['portalId'], 'portalId'),
    timeZone: requireText(source['timeZone'], 'timeZone'),
    currency: requireText(source['companyCurrency'], 'companyCurrency'),
    uiDomain: textOrNull(source['uiDomain']),
  };
}

const CONTACT_OBJECT = '0-1';

/** The part of a search for lists that keeps it to lists of contacts; HubSpot's words for static are two. */
export const LISTS_OF_CONTACTS = {
  objectTypeId: CONTACT_OBJECT,
  processingTypes: ['MANUAL', 'DYNAMIC', 'SNAPSHOT'],
} as const;

export const LIST_SIZE_PROPERTY = 'hs_list_size';

/** False for a list of companies, and for one that was deleted. */
export function isListOfContacts(list: unknown): boolean {
  const source = requireObject(list, 'a list');
  return source['objectTypeId'] === CONTACT_OBJECT && textOrNull(source['deletedAt']) === null;
}

/** A list of contacts. A snapshot was filled by filters once and is static since. */
export function fromHubSpotList(list: unknown): ContactList {
  const source = requireObject(list, 'a list');
  return {
    id: requireText(source['listId'], 'the id of a list'),
    name: textOrNull(source['name']) ?? '',
    kind: source['processingType'] === 'DYNAMIC' ? 'active' : 'static',
    size: countOrNull(objectOrEmpty(source['additionalProperties'])[LIST_SIZE_PROPERTY]),
  };
}

/** One page of a list's members. */
export function fromHubSpotMembers(page: JsonObject): ListMembersPage {
  const members = requireList(page['results'], 'the members of a list');
  return {
    recordIds: members.map((member) => requireText(objectOrEmpty(member)['recordId'], 'the id of a member')),
    total: countOrNull(page['total']),
    nextCursor: nextCursor(page),
  };
}

function countOrNull(value: unknown): number | null {
  const text = textOrNull(value);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** A deactivated user stays an owner, known by `userIdIncludingInactive` only; a queue is no user. */
export function isActiveUser(owner: unknown): boolean {
  const source = requireObject(owner, 'an owner');
  return !isArchived(source) && source['type'] !== 'QUEUE' && textOrNull(source['userId']) !== null;
}

/** An owner by the name people know, else by e-mail. */
export function fromHubSpotOwner(owner: unknown): CrmOwner {
  const source = requireObject(owner, 'an owner');
  const id = requireText(source['id'], 'the id of an owner');
  const email = textOrNull(source['email']);
  const names = [source['firstName'], source['lastName']].map((part) => textOrNull(part)?.trim() ?? '');
  const name = names.filter((part) => part !== '').join(' ');
  return { id, name: name === '' ? (email ?? id) : name, email };
}

/** Association type 3 of HubSpot's own: deal to contact. */
const DEAL_TO_CONTACT = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 } as const;

/** What a deal is created with, besides its referral's id. Without an owner HubSpot's own rules decide. */
export function toHubSpotDeal(draft: DealDraft) {
  const { name, pipelineId, stageId, ownerId, contactId } = draft;
  const values: FieldValues = {
    dealname: name,
    pipeline: pipelineId,
    dealstage: stageId,
    ...(ownerId === null ? {} : { hubspot_owner_id: ownerId }),
  };
  return { values, associations: [{ to: { id: contactId }, types: [DEAL_TO_CONTACT] }] };
}

/** A time that is only good to have; null when it is not there or cannot be read. */
export function instantOrNull(value: unknown): Date | null {
  const date = new Date(textOrNull(value) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** ISO 8601, or epoch milliseconds as older properties state them. */
function time(value: unknown, property: string): Date {
  const text = textOrNull(value);
  const date = new Date(text !== null && /^\d+$/.test(text) ? Number(text) : (text ?? Number.NaN));
  if (!Number.isNaN(date.getTime())) return date;
  throw new CrmUnavailable(`HubSpot answered a record without a readable ${property}.`);
}
