import type { CrmAccount, CrmPort } from '../../../backend/src/crm/port.ts';
import { createSalesforceAdapter, type SalesforceAdapterInput } from '../../../backend/src/crm/salesforce/adapter.ts';
import { createSalesforceHosts } from '../../../backend/src/crm/salesforce/oauth-hosts.ts';
import { createSalesforceOAuth } from '../../../backend/src/crm/salesforce/oauth.ts';
import { createOrgTokens, type OrgTokens } from '../../../backend/src/crm/salesforce/org-tokens.ts';
import {
  startLocalSalesforce,
  type Control,
  type LocalSalesforce,
} from '../../../sandbox/salesforce/local-salesforce.ts';
import type { CrmHarness, CrmUser, CrmWeather } from '../crm-harness.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { memoryBudget, type MemoryBudget } from './memory-budget.ts';
import { memoryVault, type MemoryVault } from './memory-vault.ts';

export type OrgControl = ReturnType<Control['org']>;

const CLIENT = { clientId: 'client-1', clientSecret: 'secret-1' };
const WORDS = {
  email: 'Email',
  text: 'MailingCity',
  choice: 'Segment__c',
  choices: ['Small', 'Large'],
  pipeline: '012000000000000AAA',
  openStage: 'Prospecting',
  wonStage: 'Closed Won',
  stageField: 'StageName',
  unknownField: 'No_Such_Field__c',
  missingRight: 'crm_permission_missing',
  absentId: {
    contact: '003Qy0000000zzzIAA',
    company: '001Qy0000000zzzIAA',
    deal: '006Qy0000000zzzIAA',
    list: '701Qy0000000zzzIAA',
    owner: '005Qy0000000zzzIAA',
  },
} as const;
/** Salesforce names no time when its calls are used up. */
const LIMIT_WAIT_MS = 900_000;

export type SalesforceHarness = CrmHarness & {
  readonly salesforce: LocalSalesforce;
  readonly clock: ManualClock;
  readonly budget: MemoryBudget;
  /** The main org, as somebody in it works with it. */
  readonly org: OrgControl;
  /** Connects one more org. */
  connect(input?: Parameters<Control['createOrg']>[0]): Promise<{ account: CrmAccount; org: OrgControl }>;
  /** Another adapter on the same tokens, budget and clock. */
  adapter(input?: Partial<SalesforceAdapterInput>): CrmPort;
};

/** The real adapter, OAuth and tokens against the local Salesforce, on one clock. */
export async function startSalesforceHarness(): Promise<SalesforceHarness> {
  const clock = manualClock();
  const salesforce = await startLocalSalesforce({ clock });
  const { control } = salesforce;
  control.registerApp({ ...CLIENT, redirectUris: ['http://127.0.0.1:1/callback'] });
  const hosts = createSalesforceHosts({ loginUrl: salesforce.url, sandboxLoginUrl: salesforce.sandboxLoginUrl });
  const oauth = createSalesforceOAuth({ ...CLIENT, jwtPrivateKey: null, hosts, clock });
  const sources = new Map<string, Required<OrgTokens>>();
  const connect = async (input: Parameters<Control['createOrg']>[0] = {}) => {
    const { orgId } = await control.createOrg(input);
    const org = control.org(orgId);
    const vault = connectOrg({ salesforce, org, clock });
    sources.set(orgId, createOrgTokens({ vault, oauth, clock }));
    return { account: accountOf(orgId), org };
  };
  const sourceOf = ({ externalAccountId }: CrmAccount) => sources.get(externalAccountId)!;
  const tokens: OrgTokens = {
    accessToken: (account) => sourceOf(account).accessToken(account),
    discard: (account, token) => sourceOf(account).discard(account, token),
    instanceUrl: (account) => sourceOf(account).instanceUrl(account),
    revoke: (account) => sourceOf(account).revoke(account),
  };
  const [main, other, poor] = [await connect(), await connect(), await connect()];
  for (const object of ['Opportunity', 'Account', 'Campaign', 'User'])
    poor.org.setObjectAccess(object, { read: false });
  main.org.addField('Contact', segment());
  const budget = memoryBudget(clock);
  const adapter = (input: Partial<SalesforceAdapterInput> = {}) =>
    createSalesforceAdapter({ tokens, budget, clock, timeoutMs: 5_000, pageSize: 200, ...input });
  return {
    salesforce,
    clock,
    budget,
    org: main.org,
    connect,
    adapter,
    crm: adapter(),
    account: main.account,
    otherAccount: other.account,
    poorAccount: poor.account,
    words: WORDS,
    user: userOf(main.org, clock),
    weather: weatherOf(salesforce, main),
    nowMs: clock.now,
    advance: clock.advance,
    callCount: () => Promise.resolve(control.log.calls().length),
    close: () => salesforce.close(),
  };
}

function accountOf(externalAccountId: string): CrmAccount {
  return { workspaceId: 'ws_1', connectionId: `con_${externalAccountId}`, crm: 'salesforce', externalAccountId };
}

type ConnectInput = {
  readonly salesforce: LocalSalesforce;
  readonly org: OrgControl;
  readonly clock: ManualClock;
};

function connectOrg({ salesforce, org, clock }: ConnectInput): MemoryVault {
  const { accessToken, refreshToken, instanceUrl } = org.install(CLIENT.clientId);
  const obtainedAtMs = clock.now();
  return memoryVault(clock, {
    accessToken,
    refreshToken,
    instanceUrl,
    loginUrl: salesforce.url,
    clientId: CLIENT.clientId,
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + 8 * 86_400_000,
  });
}

/** A field of the customer's own that takes its own values only. */
function segment() {
  const picklistValues = WORDS.choices.map((value) => ({ value, label: value, active: true, defaultValue: false }));
  return {
    name: WORDS.choice,
    label: 'Segment',
    type: 'picklist',
    restrictedPicklist: true,
    picklistValues,
  } as const;
}

function done(work: () => unknown): Promise<void> {
  work();
  return Promise.resolve();
}

function userOf(org: OrgControl, clock: ManualClock): CrmUser {
  return {
    ...peopleOf(org),
    ...dealsOf(org, clock),
    ...companiesOf(org),
    renameContactField: (name, label) => done(() => org.changeField('Contact', name, { label })),
    deleteContactField: (name) => done(() => org.setFieldAccess('Contact', name, 'hidden')),
    giveBackContactField: (name) => done(() => org.setFieldAccess('Contact', name, 'edit')),
    createStaticList: (name, contactIds) => {
      const id = org.createCampaign({ Name: name });
      for (const contactId of contactIds) org.addMember(id, contactId);
      return Promise.resolve(id);
    },
    createActiveList: () => Promise.reject(new Error('Campaigns do not change by themselves.')),
    createListOfDeals: () => Promise.resolve(null),
    deleteList: (id) => done(() => org.delete(id)),
    createOwner: (firstName, lastName, email) => Promise.resolve(org.addUser({ firstName, lastName, email })),
    deactivateOwner: (id) => done(() => org.setUserActive(id, false)),
  };
}

function peopleOf(org: OrgControl) {
  return {
    createContact: (email: string, values = {}) =>
      Promise.resolve(org.createContact({ Email: email, LastName: email.split('@')[0]!, ...values })),
    setContact: (id: string, values: object) => done(() => org.set(id, { ...values })),
    mergeContacts: (primaryId: string, otherId: string) => {
      org.merge(primaryId, [otherId]);
      return Promise.resolve(primaryId);
    },
    deleteContact: (id: string) => done(() => org.delete(id)),
    restoreContact: (id: string) => done(() => org.undelete(id)),
  };
}

function dealsOf(org: OrgControl, clock: ManualClock) {
  const roles: string[] = [];
  const rowsOf = (dealId: string, contactId: string) =>
    org.find('OpportunityContactRole', 'OpportunityId', dealId).filter((row) => row['ContactId'] === contactId);
  return {
    createDeal: (Name: string, StageName: string, contactIds: readonly string[]) => {
      const CloseDate = new Date(clock.now()).toISOString().slice(0, 10);
      const people = contactIds.map((contactId) => ({ contactId, primary: false }));
      return Promise.resolve(org.createOpportunity({ Name, StageName, CloseDate }, people));
    },
    createContactRole: (name: string) => {
      roles.push(name);
      const picklistValues = roles.map((value) => ({ value, label: value, active: true, defaultValue: false }));
      org.changeField('OpportunityContactRole', 'Role', { picklistValues });
      return Promise.resolve(name);
    },
    giveContactRole: (dealId: string, contactId: string, role: string) =>
      done(() => {
        const plain = rowsOf(dealId, contactId).find((row) => row['Role'] === null);
        if (plain) org.set(String(plain['Id']), { Role: role });
        else org.addRole(dealId, { contactId, role });
      }),
    takeContactRole: (dealId: string, contactId: string, role: string) =>
      done(() => {
        const rows = rowsOf(dealId, contactId);
        const id = String(rows.find((row) => row['Role'] === role)?.['Id']);
        if (rows.length > 1) org.delete(id);
        else org.set(id, { Role: null });
      }),
  };
}

function companiesOf(org: OrgControl) {
  return {
    createCompany: (name: string) => Promise.resolve(org.createAccount({ Name: name })),
    setCompany: (id: string, { [WORDS.text]: city = null, ...values }: Readonly<Record<string, string | null>>) =>
      done(() => org.set(id, { BillingCity: city, ...values })),
    joinCompany: (contactId: string, companyId: string) =>
      done(() => {
        if (org.get(contactId)?.['AccountId'] === null) org.set(contactId, { AccountId: companyId });
      }),
    leaveCompany: (contactId: string, companyId: string) =>
      done(() => {
        if (org.get(contactId)?.['AccountId'] === companyId) org.set(contactId, { AccountId: null });
      }),
    deleteCompany: (id: string) => done(() => org.delete(id)),
    mergeCompanies: (primaryId: string, otherId: string) => {
      org.merge(primaryId, [otherId]);
      return Promise.resolve(primaryId);
    },
  };
}

function weatherOf(
  { control }: LocalSalesforce,
  { account, org }: { readonly account: CrmAccount; readonly org: OrgControl },
): CrmWeather {
  const orgId = account.externalAccountId;
  return {
    rateLimitOnce: () => {
      control.faults.add({ kind: 'requestLimit', orgId, times: 1 });
      return Promise.resolve(LIMIT_WAIT_MS);
    },
    unavailable: (on) => done(() => (on ? control.faults.add({ kind: 'serverError', orgId }) : control.faults.clear())),
    coerce: (field, storedValue) => done(() => org.addCoercion({ object: 'Contact', field, storedValue })),
    skewClock: (aheadMs) => done(() => control.clock.skew(aheadMs)),
    clear: () =>
      done(() => {
        control.faults.clear();
        org.clearRules();
      }),
    endAccessTokens: () => done(() => org.revokeAccessTokens()),
  };
}
