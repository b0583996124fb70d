import { fileURLToPath } from 'node:url';
import { createHubSpotAdapter } from '../../../backend/src/crm/hubspot/adapter.ts';
import { createHubSpotOAuth } from '../../../backend/src/crm/hubspot/oauth.ts';
import { createHubSpotTokenSource } from '../../../backend/src/crm/hubspot/token-source.ts';
import type { CrmAccount, TokenSource } from '../../../backend/src/crm/port.ts';
import { startLocalHubSpot, type LocalHubSpot } from '../../../sandbox/hubspot/local-hubspot.ts';
import type { CrmHarness, CrmUser, CrmWeather } from '../crm-harness.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { memoryBudget } from './memory-budget.ts';
import { memoryVault, type MemoryVault } from './memory-vault.ts';

const APP_ID = 1160452;
const PORTALS = { main: 33, other: 34, poor: 35 } as const;
const CLIENT = { clientId: 'client-1', clientSecret: 'secret-1' };
const WORDS = {
  email: 'email',
  text: 'city',
  choice: 'lifecyclestage',
  choices: ['lead', 'customer'],
  pipeline: 'default',
  openStage: 'appointmentscheduled',
  wonStage: 'closedwon',
  stageField: 'dealstage',
  unknownField: 'no_such_property',
  missingRight: 'crm_scope_missing',
  absentId: {
    contact: '99999999999',
    company: '99999999999',
    deal: '99999999999',
    list: '99999999999',
    owner: '99999999999',
  },
} as const;

export type HubSpotHarness = CrmHarness & {
  readonly appId: number;
  readonly hubspot: LocalHubSpot;
  readonly clock: ManualClock;
  readonly vaults: ReadonlyMap<string, MemoryVault>;
};

/** The real adapter, OAuth and token source against the local HubSpot, on one clock. */
export async function startHubSpotHarness({ publicUrl = 'http://127.0.0.1:1' } = {}): Promise<HubSpotHarness> {
  const clock = manualClock();
  const hubspot = await startLocalHubSpot({ clock });
  const { control } = hubspot;
  control.limits.enable(false);
  const projectDir = fileURLToPath(new URL('../../../hubspot-app', import.meta.url));
  control.uploadApp({
    projectDir,
    variables: { PUBLIC_URL: publicUrl },
    appId: APP_ID,
    clientId: CLIENT.clientId,
    clientSecrets: [CLIENT.clientSecret],
  });
  const vaults = new Map(
    Object.values(PORTALS).map((portalId) => [String(portalId), connect(hubspot, clock, portalId)]),
  );
  const oauth = createHubSpotOAuth({ apiUrl: hubspot.url, appUrl: hubspot.url, ...CLIENT, clock });
  const sources = new Map([...vaults].map(([id, vault]) => [id, createHubSpotTokenSource({ vault, oauth, clock })]));
  const sourceOf = (account: CrmAccount) => sources.get(account.externalAccountId)!;
  const tokens: TokenSource = {
    accessToken: (account) => sourceOf(account).accessToken(account),
    discard: (account, token) => sourceOf(account).discard(account, token),
  };
  return {
    appId: APP_ID,
    hubspot,
    clock,
    vaults,
    crm: createHubSpotAdapter({ apiUrl: hubspot.url, tokens, budget: memoryBudget(clock), clock, timeoutMs: 5_000 }),
    account: accountOf(PORTALS.main),
    otherAccount: accountOf(PORTALS.other),
    poorAccount: accountOf(PORTALS.poor),
    words: WORDS,
    user: userOf(hubspot, vaults.get(String(PORTALS.main))!),
    weather: weatherOf(hubspot),
    nowMs: clock.now,
    advance: clock.advance,
    callCount: () => Promise.resolve(control.log.calls().length),
    close: () => hubspot.close(),
  };
}

function accountOf(portalId: number): CrmAccount {
  const externalAccountId = String(portalId);
  return { workspaceId: 'ws_1', connectionId: `con_${externalAccountId}`, crm: 'hubspot', externalAccountId };
}

function connect({ control }: LocalHubSpot, clock: ManualClock, portalId: number): MemoryVault {
  control.createPortal({ portalId });
  const scopes = portalId === PORTALS.poor ? ['oauth', 'crm.objects.contacts.read'] : undefined;
  const tokens = control.portal(portalId).install(APP_ID, scopes);
  const obtainedAtMs = clock.now();
  return memoryVault(clock, { ...tokens, obtainedAtMs, expiresAtMs: obtainedAtMs + 1_800_000 });
}

function userOf(hubspot: LocalHubSpot, vault: MemoryVault): CrmUser {
  const portal = hubspot.control.portal(PORTALS.main);
  const texts = (values: Readonly<Record<string, string | null>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']));
  const inSettings = async (method: string, name: string, body?: object) => {
    const response = await fetch(`${hubspot.url}/crm/properties/2026-09/contacts/${name}`, {
      method,
      headers: { authorization: `Bearer ${vault.tokens()?.accessToken ?? ''}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${name}: ${String(response.status)} ${await response.text()}`);
  };
  const done = (work: () => unknown): Promise<void> => {
    work();
    return Promise.resolve();
  };
  return {
    createContact: (email, values = {}) => Promise.resolve(portal.createContact({ email, ...texts(values) })),
    createDeal: (dealname, dealstage, contactIds) =>
      Promise.resolve(portal.createDeal({ dealname, dealstage, pipeline: 'default' }, [...contactIds])),
    createContactRole: (name) =>
      Promise.resolve(`USER_DEFINED:${String(portal.createAssociationLabel('deals', 'contacts', name))}`),
    giveContactRole: (dealId, contactId, name) =>
      done(() => portal.addLabel(['deals', dealId], ['contacts', contactId], name)),
    takeContactRole: (dealId, contactId, name) =>
      done(() => portal.removeLabel(['deals', dealId], ['contacts', contactId], name)),
    setCompany: (id, values) => done(() => portal.setProperties('companies', id, texts(values))),
    setContact: (id, values) => done(() => portal.setProperties('contacts', id, texts(values))),
    mergeContacts: (primaryId, otherId) => Promise.resolve(portal.merge('contacts', primaryId, otherId)),
    deleteContact: (id) => done(() => portal.delete('contacts', id)),
    restoreContact: (id) => done(() => portal.restore('contacts', id)),
    renameContactField: (name, label) => inSettings('PATCH', name, { label }),
    deleteContactField: (name) => inSettings('DELETE', name),
    giveBackContactField: () => Promise.reject(new Error('In HubSpot we make the field again ourselves.')),
    createStaticList: (name, contactIds) => Promise.resolve(portal.createList({ name, recordIds: [...contactIds] })),
    createActiveList: (name, value) =>
      Promise.resolve(portal.createList({ name, filters: [{ propertyName: WORDS.text, operator: 'EQ', value }] })),
    createListOfDeals: (name) => Promise.resolve(portal.createList({ name, type: 'deals' })),
    deleteList: (id) => done(() => portal.deleteList(id)),
    createOwner: (firstName, lastName, email) => Promise.resolve(portal.addOwner({ firstName, lastName, email })),
    deactivateOwner: (id) => done(() => portal.deactivateOwner(id)),
    createCompany: (name) => Promise.resolve(portal.createCompany({ name })),
    joinCompany: (contactId, companyId) =>
      done(() => portal.associate(['contacts', contactId], ['companies', companyId])),
    leaveCompany: (contactId, companyId) =>
      done(() => portal.dissociate(['contacts', contactId], ['companies', companyId])),
    deleteCompany: (id) => done(() => portal.delete('companies', id)),
    mergeCompanies: (primaryId, otherId) => Promise.resolve(portal.merge('companies', primaryId, otherId)),
  };
}

function weatherOf({ control }: LocalHubSpot): CrmWeather {
  const done = (work: () => unknown): Promise<void> => {
    work();
    return Promise.resolve();
  };
  const portalId = PORTALS.main;
  return {
    rateLimitOnce: (retryAfterMs) => {
      control.faults.add({ kind: 'rateLimited', portalId, times: 1, retryAfterSeconds: retryAfterMs / 1_000 });
      return Promise.resolve(retryAfterMs);
    },
    unavailable: (on) =>
      done(() => (on ? control.faults.add({ kind: 'serverError', portalId, status: 503 }) : control.faults.clear())),
    coerce: (propertyName, storedValue) =>
      done(() => control.faults.add({ kind: 'coerce', portalId, propertyName, storedValue })),
    skewClock: (aheadMs) => done(() => control.clock.skew(aheadMs)),
    clear: () => done(() => control.faults.clear()),
    endAccessTokens: () => done(() => control.portal(portalId).revokeAccessTokens(APP_ID)),
  };
}
