import { SALESFORCE_CLIENT } from '../journeys/salesforce-stage.ts';
import type { Stage } from '../journeys/stage.ts';
import type { AccountInput, CrmWorld, CrmWorlds, Values } from './crm-world.ts';
import { CUSTOM_FIELDS, fieldsOf, ownFieldOf, TIERS, type CustomField } from './vocabulary.ts';

/** A person is a Contact or a Lead, so both have the fields of the account's own. */
const OBJECTS = { person: ['Contact', 'Lead'], company: ['Account'], deal: ['Opportunity'] } as const;
const TYPES = { text: 'string', number: 'double', date: 'date', choice: 'picklist' } as const;
/** Numbers are numbers to Salesforce, not texts. */
const NUMBERS = new Set([
  'Amount',
  ...CUSTOM_FIELDS.filter(({ type }) => type === 'number').map((one) => one.salesforce),
]);

type Org = ReturnType<Stage['salesforce']['control']['org']>;

/** Orgs of the local Salesforce, one for each scenario. */
export function salesforceWorlds(stage: Stage): CrmWorlds {
  return {
    crm: 'salesforce',
    stage,
    calm() {
      stage.salesforce.control.faults.clear();
      stage.salesforce.control.clock.skew(0);
    },
    open: (account) => openOrg(stage, account),
  };
}

async function openOrg(stage: Stage, { timeZone = 'UTC', currency = 'EUR', rates }: AccountInput): Promise<CrmWorld> {
  const { control } = stage.salesforce;
  const currencies = Object.entries(rates ?? {}).map(([isoCode, worth]) => ({ isoCode, rate: 1 / Number(worth) }));
  const money = rates ? { currencies: [{ isoCode: currency, rate: 1 }, ...currencies] } : { currency };
  const { orgId } = await control.createOrg({ timeZone, ...money });
  const org = control.org(orgId);
  for (const field of CUSTOM_FIELDS) addField(org, field);
  return {
    crm: 'salesforce',
    stage,
    own: { primaryRole: 'primary' },
    connect: () => stage.installSalesforce(orgId),
    ...platformOf(stage, orgId),
    ...peopleOf(org),
    ...dealsOf(org, () => stage.clock.now()),
    ...fieldActions(org),
    createCompany: (values) => org.createAccount(given(values)),
    joinCompany: (person, company) => org.set(person, { AccountId: company }),
    leaveCompany: (person) => org.set(person, { AccountId: null }),
    set: (_kind, id, values) => org.set(id, { ...given(values), ...closing(values, stage.clock.now()) }),
    overwrite: (id, field, value) => org.set(id, { [ownFieldOf('salesforce', field)]: value }),
    merge(_kind, winner, loser) {
      org.merge(winner, [loser]);
      return winner;
    },
    remove: (_kind, id) => org.delete(id),
    restore: (_kind, id) => org.undelete(id),
    read: (_kind, id) => texts(org.get(id) ?? {}),
  };
}

type Platform = Pick<
  CrmWorld,
  'revokeGrant' | 'outage' | 'loseNextCreation' | 'refusePeople' | 'storeOtherwise' | 'calls' | 'skew'
>;

/** What happens to the org from outside. */
function platformOf(stage: Stage, orgId: string): Platform {
  const { control } = stage.salesforce;
  const until = (fault: number) => () => control.faults.remove(fault);
  return {
    revokeGrant: () => control.org(orgId).revokeGrant(SALESFORCE_CLIENT.clientId),
    outage: () => until(control.faults.add({ kind: 'down' })),
    loseNextCreation: () =>
      void control.faults.add({ kind: 'down', when: 'after', times: 1, path: '/composite/sobjects/Contact', orgId }),
    refusePeople(recordIds) {
      // As a validation rule does: trying again by itself would not help.
      const errorCode = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
      return until(control.faults.add({ kind: 'failRecords', recordIds: [...recordIds], orgId, errorCode }));
    },
    storeOtherwise(key, storedValue) {
      const field = ownFieldOf('salesforce', key);
      for (const object of OBJECTS.person) control.org(orgId).addCoercion({ object, field, storedValue });
      return () => control.org(orgId).clearRules();
    },
    calls() {
      const calls = control.log.calls({ orgId });
      const writes = calls.filter(({ method, path }) => method !== 'GET' && path.includes('/composite/'));
      return { all: calls.length, writes: writes.length };
    },
    skew: (ms) => void control.clock.skew(ms),
  };
}

type People = Pick<CrmWorld, 'createPerson' | 'peopleWith' | 'livePeople' | 'addOwner'>;

function peopleOf(org: Org): People {
  const unconverted = (id: string): boolean => org.get(id)?.['IsConverted'] !== true;
  return {
    createPerson: (values) => org.createContact(given(values)),
    peopleWith: (email) =>
      OBJECTS.person
        .flatMap((object) => org.find(object, 'Email', email).map(({ Id }) => String(Id)))
        .filter(unconverted),
    livePeople: () => OBJECTS.person.flatMap((object) => org.ids(object)).filter(unconverted),
    addOwner: ({ firstName, lastName, email }) => org.addUser({ firstName, lastName, email }),
  };
}

type Deals = Pick<CrmWorld, 'createDeal' | 'addToDeal' | 'removeFromDeal' | 'makePrimary' | 'liveDeals' | 'peopleOn'>;

function dealsOf(org: Org, nowMs: () => number): Deals {
  const rolesOn = (deal: string) => org.find('OpportunityContactRole', 'OpportunityId', deal);
  return {
    // Nobody is primary until somebody says so: what the other CRM knows as no label.
    createDeal: (values, people) =>
      org.createOpportunity(
        { ...given(values), ...closing(values, nowMs()) },
        people.map((contactId) => ({ contactId, primary: false })),
      ),
    addToDeal: (deal, contactId) => void org.addRole(deal, { contactId, primary: false }),
    removeFromDeal: (deal, contactId) => org.removeRole(deal, contactId),
    makePrimary(deal, contactId) {
      const role = rolesOn(deal).find((row) => row['ContactId'] === contactId);
      if (role) org.set(String(role['Id']), { IsPrimary: true });
      else org.addRole(deal, { contactId, primary: true });
    },
    liveDeals: () => org.ids('Opportunity'),
    peopleOn: (deal) => rolesOn(deal).map((row) => String(row['ContactId'])),
  };
}

type Fields = Pick<CrmWorld, 'removeField' | 'restoreField' | 'makeText'>;

function fieldActions(org: Org): Fields {
  const each = (word: string, change: (object: string, name: string) => void): void => {
    const field = CUSTOM_FIELDS.find((one) => one.word === word);
    if (!field) throw new Error(`${word} is no field of the org's own`);
    for (const object of OBJECTS[field.on]) change(object, field.salesforce);
  };
  return {
    removeField: (word) => each(word, (object, name) => org.removeField(object, name)),
    restoreField: (word) => CUSTOM_FIELDS.filter((one) => one.word === word).forEach((field) => addField(org, field)),
    makeText: (word) => each(word, (object, name) => org.changeField(object, name, { type: 'string', length: 255 })),
  };
}

function addField(org: Org, { on, salesforce: name, label, type }: CustomField): void {
  const picklistValues = TIERS.map((tier) => ({ ...tier, active: true, defaultValue: false }));
  const choices = type === 'choice' ? { picklistValues } : {};
  for (const object of OBJECTS[on]) org.addField(object, { name, label, type: TYPES[type], ...choices });
}

/** Whoever closes a deal on its page gets the day filled in, as in the other CRM. */
function closing({ dealStage }: Values, nowMs: number): Record<string, string> {
  const closed = dealStage === '$won' || dealStage === '$lost';
  return closed ? { CloseDate: new Date(nowMs).toISOString().slice(0, 10) } : {};
}

function given(values: Values): Record<string, string | number | null> {
  const entries = Object.entries(fieldsOf('salesforce', values)).map(([name, text]) => {
    if (text === '') return [name, null];
    return [name, NUMBERS.has(name) ? Number(text) : text];
  });
  return Object.fromEntries(entries) as Record<string, string | number | null>;
}

function texts(row: Readonly<Record<string, string | number | boolean | null>>): Record<string, string | null> {
  const entries = Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]);
  return Object.fromEntries(entries) as Record<string, string | null>;
}
