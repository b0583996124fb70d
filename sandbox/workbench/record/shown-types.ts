/** The record types that have a page, and what a rep can change there. */
export interface ShownType {
  id: '0-1' | '0-2' | '0-3' | '0-5';
  plural: 'contacts' | 'companies' | 'deals' | 'tickets';
  noun: string;
  title: string;
  /** the properties a record's name is made of */
  names: readonly string[];
  /** the one line below the name */
  subtitle: readonly string[];
  editable: readonly string[];
  /** where a card of the middle or the side stands */
  location: 'crm.record.tab' | 'helpdesk.sidebar';
}

export const SHOWN_TYPES: readonly ShownType[] = [
  {
    id: '0-1',
    plural: 'contacts',
    noun: 'contact',
    title: 'Contacts',
    names: ['firstname', 'lastname'],
    subtitle: ['jobtitle', 'company', 'email'],
    editable: ['firstname', 'lastname', 'email', 'lifecyclestage', 'hs_lead_status'],
    location: 'crm.record.tab',
  },
  {
    id: '0-2',
    plural: 'companies',
    noun: 'company',
    title: 'Companies',
    names: ['name'],
    subtitle: ['domain', 'city', 'industry'],
    editable: ['name', 'domain', 'city'],
    location: 'crm.record.tab',
  },
  {
    id: '0-3',
    plural: 'deals',
    noun: 'deal',
    title: 'Deals',
    names: ['dealname'],
    subtitle: [],
    editable: ['dealname', 'amount'],
    location: 'crm.record.tab',
  },
  {
    id: '0-5',
    plural: 'tickets',
    noun: 'ticket',
    title: 'Help desk',
    names: ['subject'],
    subtitle: ['content'],
    editable: ['subject', 'hs_pipeline_stage', 'hs_ticket_priority'],
    location: 'helpdesk.sidebar',
  },
];

export function shownType(id: string): ShownType | null {
  return SHOWN_TYPES.find((type) => type.id === id || type.plural === id) ?? null;
}
