import { APP_ID, type Stage } from '../journeys/stage.ts';
import type { AccountInput, CrmWorld, CrmWorlds, Values } from './crm-world.ts';
import { CUSTOM_FIELDS, fieldsOf, ownFieldOf, TIERS, type CustomField, type Kind } from './vocabulary.ts';

const OBJECTS = { person: 'contacts', company: 'companies', deal: 'deals' } as const;
const GROUPS = { person: 'contactinformation', company: 'companyinformation', deal: 'dealinformation' } as const;
const TYPES = {
  text: ['string', 'text'],
  number: ['number', 'number'],
  date: ['date', 'date'],
  choice: ['enumeration', 'select'],
} as const;
const PRIMARY = 'Primary';
const FIRST_PORTAL = 90_001;

type Portal = ReturnType<Stage['hubspot']['control']['portal']>;

/** Portals of the local HubSpot, one for each scenario. */
export function hubspotWorlds(stage: Stage): CrmWorlds {
  let portalId = FIRST_PORTAL - 1;
  return {
    crm: 'hubspot',
    stage,
    calm() {
      stage.hubspot.control.faults.clear();
      stage.hubspot.control.clock.skew(0);
    },
    open(account) {
      portalId += 1;
      return Promise.resolve(openPortal(stage, portalId, account));
    },
  };
}

function openPortal(stage: Stage, portalId: number, account: AccountInput): CrmWorld {
  const { control } = stage.hubspot;
  const { timeZone = 'UTC', currency = 'EUR', rates = {} } = account;
  control.createPortal({ portalId, seed: 'empty', timeZone, currency });
  const portal = control.portal(portalId);
  for (const field of CUSTOM_FIELDS) addField(portal, field);
  // HubSpot works it out of the account's rates; the local one does not.
  addNumber(portal, 'amount_in_home_currency');
  const role = portal.createAssociationLabel('deals', 'contacts', PRIMARY);
  return {
    crm: 'hubspot',
    stage,
    own: { primaryRole: `USER_DEFINED:${String(role)}` },
    connect: () => stage.install(portalId),
    ...platformOf(stage, portalId),
    ...peopleOf(portal),
    ...dealsOf(portal, { currency, rates }),
    createCompany: (values) => portal.createCompany(fieldsOf('hubspot', values)),
    joinCompany: (person, company) => portal.associate(['contacts', person], ['companies', company]),
    leaveCompany: (person, company) => portal.dissociate(['contacts', person], ['companies', company]),
    set: (kind, id, values) => portal.setProperties(OBJECTS[kind], id, given(portal, kind, { id, values })),
    overwrite: (id, field, value) => portal.setProperties('contacts', id, { [ownFieldOf('hubspot', field)]: value }),
    merge: (kind, winner, loser) => portal.merge(OBJECTS[kind], winner, loser),
    remove: (kind, id) => portal.delete(OBJECTS[kind], id),
    restore: (kind, id) => portal.restore(OBJECTS[kind], id),
    read: (kind, id) => portal.get(OBJECTS[kind], id)?.properties ?? {},
    removeField: (word) => portal.archiveProperty(OBJECTS[fieldOf(word).on], fieldOf(word).hubspot),
    restoreField: (word) => addField(portal, fieldOf(word)),
    makeText: (word) =>
      portal.changeProperty(OBJECTS[fieldOf(word).on], fieldOf(word).hubspot, { type: 'string', fieldType: 'text' }),
  };
}

type Platform = Pick<
  CrmWorld,
  'revokeGrant' | 'outage' | 'loseNextCreation' | 'refusePeople' | 'storeOtherwise' | 'calls' | 'skew'
>;

/** What happens to the account from outside. */
function platformOf(stage: Stage, portalId: number): Platform {
  const { faults, clock, log } = stage.hubspot.control;
  const portal = stage.hubspot.control.portal(portalId);
  const until = (fault: number) => () => faults.remove(fault);
  return {
    revokeGrant() {
      portal.revokeRefreshTokens(APP_ID);
      portal.revokeAccessTokens(APP_ID);
    },
    outage: () => until(faults.add({ kind: 'down' })),
    loseNextCreation: () =>
      void faults.add({ kind: 'down', when: 'after', times: 1, path: 'contacts/batch/create', portalId }),
    refusePeople: (recordIds) => until(faults.add({ kind: 'failRecords', recordIds: [...recordIds], portalId })),
    storeOtherwise: (field, storedValue) =>
      until(faults.add({ kind: 'coerce', portalId, propertyName: ownFieldOf('hubspot', field), storedValue })),
    calls() {
      const calls = log.calls({ portalId });
      return { all: calls.length, writes: calls.filter(({ path }) => /\/batch\/(create|update)$/.test(path)).length };
    },
    skew: (ms) => void clock.skew(ms),
  };
}

type People = Pick<CrmWorld, 'createPerson' | 'peopleWith' | 'livePeople' | 'addOwner'>;

function peopleOf(portal: Portal): People {
  return {
    createPerson: (values) => portal.createContact(fieldsOf('hubspot', values)),
    peopleWith: (email) =>
      portal
        .find('contacts', 'email', email)
        .filter(({ archived }) => !archived)
        .map(({ id }) => id),
    livePeople: () => portal.ids('contacts'),
    addOwner: (owner) => portal.addOwner(owner),
  };
}

type Deals = Pick<CrmWorld, 'createDeal' | 'addToDeal' | 'removeFromDeal' | 'makePrimary' | 'liveDeals' | 'peopleOn'>;

function dealsOf(portal: Portal, money: Required<Pick<AccountInput, 'currency' | 'rates'>>): Deals {
  return {
    createDeal(values, personIds) {
      const properties = { pipeline: 'default', ...fieldsOf('hubspot', values) };
      return portal.createDeal({ ...properties, ...atHome(properties, money) }, [...personIds]);
    },
    addToDeal: (deal, person) => portal.associate(['deals', deal], ['contacts', person]),
    removeFromDeal: (deal, person) => portal.dissociate(['deals', deal], ['contacts', person]),
    makePrimary: (deal, person) => portal.addLabel(['deals', deal], ['contacts', person], PRIMARY),
    liveDeals: () => portal.ids('deals'),
    peopleOn: (deal) => portal.get('deals', deal)?.associations['contacts'] ?? [],
  };
}

/** The amount in the account's own currency, as HubSpot fills it in by itself. */
function atHome(
  { amount = '', deal_currency_code: code }: Record<string, string>,
  { currency, rates }: Required<Pick<AccountInput, 'currency' | 'rates'>>,
): Record<string, string> {
  if (amount === '' || code === undefined || code === currency) return {};
  return { amount_in_home_currency: String(Number(amount) * Number(rates[code] ?? '1')) };
}

/** A deal that changes its stage keeps its pipeline; HubSpot wants the two together. */
function given(
  portal: Portal,
  kind: Kind,
  { id, values }: { readonly id: string; readonly values: Values },
): Record<string, string> {
  const properties = fieldsOf('hubspot', values);
  if (kind !== 'deal' || properties['dealstage'] === undefined) return properties;
  return { pipeline: portal.get('deals', id)?.properties['pipeline'] ?? 'default', ...properties };
}

function fieldOf(word: string): CustomField {
  const field = CUSTOM_FIELDS.find((one) => one.word === word);
  if (!field) throw new Error(`${word} is no field of the account's own`);
  return field;
}

function addField(portal: Portal, { hubspot: name, label, on, type: kind }: CustomField): void {
  const [type, fieldType] = TYPES[kind];
  const options =
    kind === 'choice' ? { options: TIERS.map((tier, at) => ({ ...tier, displayOrder: at, hidden: false })) } : {};
  portal.createProperty(OBJECTS[on], { name, label, groupName: GROUPS[on], type, fieldType, ...options });
}

function addNumber(portal: Portal, name: string): void {
  const field = { name, label: name, groupName: GROUPS.deal, type: 'number', fieldType: 'number' };
  portal.createProperty('deals', field);
}
