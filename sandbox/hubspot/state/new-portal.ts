import { companyProperties } from '../schema/company-properties.ts';
import { contactProperties } from '../schema/contact-properties.ts';
import { dealProperties } from '../schema/deal-properties.ts';
import { standardPipelines } from '../schema/pipelines.ts';
import { ticketProperties } from '../schema/ticket-properties.ts';
import type { PropertyDefinition } from '../schema/property-definition.ts';
import type { ChangeOf } from './changes.ts';
import type { ObjectStore, Owner, Portal } from './state.ts';

// Ids of different object types overlap on purpose: a contact and a deal may carry the same number.
const FIRST_RECORD_ID = 30_000_000_001;

const GROUP_LABELS: Record<string, string> = {
  contactinformation: 'Contact information',
  sales_properties: 'Sales properties',
  emailinformation: 'Email information',
  conversioninformation: 'Conversion information',
  companyinformation: 'Company information',
  dealinformation: 'Deal information',
  ticketinformation: 'Ticket information',
};

export function newObjectStore(definitions: PropertyDefinition[]): ObjectStore {
  const properties = new Map(definitions.map((property) => [property.name, property]));
  const groupNames = [...new Set(definitions.map((property) => property.groupName))];
  const unique = definitions.filter((property) => property.hasUniqueValue);
  return {
    records: new Map(),
    order: [],
    redirects: new Map(),
    unique: new Map(unique.map((property) => [property.name, new Map<string, string>()])),
    properties,
    groups: new Map(
      groupNames.map((name, displayOrder) => [
        name,
        { name, label: GROUP_LABELS[name] ?? name, displayOrder, archived: false },
      ]),
    ),
    nextId: FIRST_RECORD_ID,
  };
}

function owners(portalId: number): Owner[] {
  return [
    ['Ada', 'Marlow'],
    ['Ruben', 'Castillo'],
    ['Mina', 'Okafor'],
  ].map(([firstName = '', lastName = ''], index) => ({
    id: String(700_100_001 + index),
    userId: 9_000_001 + index,
    email: `${firstName}.${lastName}@portal-${portalId}.example.com`.toLowerCase(),
    firstName,
    lastName,
    archivedAtMs: null,
  }));
}

export function newPortal(change: ChangeOf<'portal.created'>): Portal {
  const pipelines = standardPipelines();
  return {
    portalId: change.portalId,
    name: change.name,
    timeZone: change.timeZone,
    currency: change.currency,
    createdAtMs: change.atMs,
    objects: {
      '0-1': newObjectStore(contactProperties()),
      '0-2': newObjectStore(companyProperties()),
      '0-3': newObjectStore(dealProperties(pipelines)),
      '0-5': newObjectStore(ticketProperties()),
    },
    dealPipelines: new Map(pipelines.map((pipeline) => [pipeline.id, pipeline])),
    owners: owners(change.portalId),
    associations: new Map(),
    ownAssociationTypes: new Map(),
    blockedEmails: new Set(),
    lists: new Map(),
  };
}
