import { invalid } from '../errors.ts';
import type { ObjectTypeId } from '../state/state.ts';

export interface ObjectType {
  id: ObjectTypeId;
  singular: string;
  plural: string;
  /** as in `DEAL_TO_CONTACT` */
  upper: string;
  modifiedProperty: string;
  /** what a read answers when it names no properties */
  defaultProperties: readonly string[];
  /** what the free-text query of a search looks at */
  searchedProperties: readonly string[];
}

export const OBJECT_TYPES: Record<ObjectTypeId, ObjectType> = {
  '0-1': {
    id: '0-1',
    singular: 'contact',
    plural: 'contacts',
    upper: 'CONTACT',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    searchedProperties: ['firstname', 'lastname', 'email', 'phone', 'hs_additional_emails', 'company'],
  },
  '0-2': {
    id: '0-2',
    singular: 'company',
    plural: 'companies',
    upper: 'COMPANY',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    searchedProperties: ['name', 'domain', 'phone'],
  },
  '0-3': {
    id: '0-3',
    singular: 'deal',
    plural: 'deals',
    upper: 'DEAL',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: [
      'amount',
      'closedate',
      'createdate',
      'dealname',
      'dealstage',
      'hs_lastmodifieddate',
      'hs_object_id',
      'pipeline',
    ],
    searchedProperties: ['dealname', 'description'],
  },
  '0-5': {
    id: '0-5',
    singular: 'ticket',
    plural: 'tickets',
    upper: 'TICKET',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: [
      'content',
      'createdate',
      'hs_lastmodifieddate',
      'hs_object_id',
      'hs_pipeline_stage',
      'hs_ticket_priority',
      'subject',
    ],
    searchedProperties: ['subject', 'content'],
  },
};

const BY_NAME = new Map<string, ObjectType>(
  Object.values(OBJECT_TYPES).flatMap((type) => [
    [type.id, type],
    [type.singular, type],
    [type.plural, type],
  ]),
);

/** Path segments may be `contacts`, `contact` or `0-1`. */
export function objectTypeOf(segment: string): ObjectType {
  const type = BY_NAME.get(segment.toLowerCase());
  if (!type) throw invalid(`Unable to infer object type from: ${segment}`);
  return type;
}
