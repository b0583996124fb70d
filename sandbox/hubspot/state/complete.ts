import { contactProperties } from '../schema/contact-properties.ts';
import { ticketProperties } from '../schema/ticket-properties.ts';
import { newObjectStore } from './new-portal.ts';
import type { App, ObjectStore, Portal, State } from './state.ts';

/** A data directory written before a part of the state existed gets that part when it is opened. */
export function complete(state: State): State {
  for (const portal of state.portals.values() as Iterable<Partial<Portal> & Portal>) completePortal(portal);
  for (const app of state.apps.values() as Iterable<Partial<App> & App>) {
    app.permittedUrls ??= { fetch: [], iframe: [], img: [] };
    app.cards ??= [];
    app.variables ??= {};
  }
  return state;
}

function completePortal(portal: Partial<Portal> & Portal): void {
  portal.lists ??= new Map();
  portal.ownAssociationTypes ??= new Map();
  portal.objects['0-5'] ??= newObjectStore(ticketProperties());
  for (const store of Object.values(portal.objects)) {
    store.order ??= [...store.records.keys()].map(Number).sort((one, two) => one - two);
    for (const record of store.records.values()) record.createdWith ??= { properties: {}, associations: {} };
  }
  for (const owner of portal.owners) owner.archivedAtMs ??= null;
  completeContacts(portal);
}

/** Contacts of before `associatedcompanyid`: their first company becomes the primary one. */
function completeContacts({ objects, associations }: Portal): void {
  const contacts: ObjectStore = objects['0-1'];
  if (contacts.properties.has('associatedcompanyid')) return;
  for (const property of contactProperties())
    if (!contacts.properties.has(property.name)) contacts.properties.set(property.name, property);
  for (const { id, values } of contacts.records.values()) {
    const [first] = associations.get(`0-1:${id}>0-2`) ?? [];
    if (!first) continue;
    const [companyId, typeIds] = first;
    if (!typeIds.includes(1)) typeIds.push(1);
    const back = associations.get(`0-2:${companyId}>0-1`)?.get(id);
    if (back && !back.includes(2)) back.push(2);
    values['associatedcompanyid'] = companyId;
  }
}
