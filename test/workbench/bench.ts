import type { Control, LocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { startLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { CardShelf } from '../../sandbox/workbench/record/card-assets.ts';
import type { BuildCards } from '../../sandbox/workbench/record/card-assets.ts';
import { createWorkbenchServer } from '../../sandbox/workbench/server.ts';
import { createBench, type Bench } from '../../sandbox/workbench/workbench.ts';
import { listen, startFakeService, urlOf, type FakeService } from './fake-service.ts';

export const PORTAL_ID = 101;
export const API_KEY = 'pk_test_key_that_no_page_may_carry';

/** The workbench with a real local HubSpot and a service whose answers the test decides. */
export type OpenBench = {
  readonly url: string;
  readonly hubspot: LocalHubSpot;
  readonly control: Control;
  readonly service: FakeService;
  readonly bench: Bench;
  /** as its own page sends it */
  act(name: string, given: Record<string, string>, headers?: Record<string, string>): Promise<Acted>;
  view(query?: string): Promise<any>;
  close(): Promise<void>;
};

type Acted = { readonly status: number; readonly body: any };

export type OpenInput = { readonly started?: boolean; readonly buildCards?: BuildCards };

/** Nothing that has to be compiled: a card is a line of script here. */
const oneLineCards: BuildCards = () =>
  Promise.resolve(
    new Map([
      [
        'cards.json',
        { type: 'application/json', body: JSON.stringify([{ uid: 'small_card', bundleName: 'cards/s.js' }]) },
      ],
      ['cards/s.js', { type: 'text/javascript', body: 'self.card = 1' }],
    ]),
  );

export async function openBench({ started = true, buildCards = oneLineCards }: OpenInput = {}): Promise<OpenBench> {
  const hubspot = await startLocalHubSpot();
  const service = await startFakeService();
  const { control } = hubspot;
  control.createPortal({ portalId: PORTAL_ID, name: 'Test account', currency: 'EUR' });
  for (const name of ['passalong_referral_code', 'passalong_referral_link', 'passalong_referral_status'])
    defineProperty(control, name);
  const bench = createBench(control, { serviceUrl: service.url, apiKey: API_KEY, portalId: PORTAL_ID });
  const server = createWorkbenchServer({
    bench: () => (started ? bench : null),
    ownHost: () => 'refer.example.com',
    shelf: new CardShelf(buildCards),
  });
  await listen(server);
  const url = urlOf(server);
  return {
    url,
    hubspot,
    control,
    service,
    bench,
    async act(name, given, headers = { 'content-type': 'application/json' }) {
      const body = JSON.stringify(given);
      const answer = await fetch(`${url}/workbench/actions/${name}`, { method: 'POST', headers, body });
      return { status: answer.status, body: await answer.json() };
    },
    view: async (query = '') => (await fetch(`${url}/workbench/view${query}`)).json(),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await service.close();
      await hubspot.close();
    },
  };
}

function defineProperty(control: Control, name: string): void {
  const portal = control.portal(PORTAL_ID);
  if (portal.properties('contacts').some((property) => property.name === name)) return;
  portal.createProperty('contacts', {
    name,
    label: name.replace('passalong_', 'Our ').replaceAll('_', ' '),
    type: 'string',
    fieldType: 'text',
    groupName: 'passalong',
  });
}

/** A contact who refers, as HubSpot shows one. */
export function addAdvocate(control: Control, person: { firstname: string; email: string; code: string }): string {
  const { code, ...names } = person;
  return control.portal(PORTAL_ID).createContact({
    ...names,
    lastname: 'Advocate',
    passalong_referral_code: code,
    passalong_referral_link: `http://127.0.0.1/r/${code}`,
  });
}

/** Makes the service know a published program and these referrals. */
export function serve(
  service: FakeService,
  lists: { referrals?: object[]; rewards?: object[]; entries?: object[] },
): void {
  const definition = {
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    rules: [
      { object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'qualified', enabled: true },
      {
        object: 'deal',
        field: 'dealstage',
        pipelineId: 'default',
        values: ['closedwon'],
        status: 'approved',
        enabled: true,
      },
    ],
    rewardRules: [
      {
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent: '10',
        saleValue: { object: 'deal', field: 'amount' },
      },
    ],
  };
  const program = { id: 'prg_1', primary: true, draft: definition, published: { version: 1, definition } };
  const page = (items: object[]) => ({ status: 200, body: { items, nextCursor: null } });
  service.answers.set('GET /api/v1/programs', page([program]));
  for (const [name, items] of Object.entries(lists)) service.answers.set(`GET /api/v1/${name}`, page(items));
  for (const referral of lists.referrals ?? [])
    service.answers.set(`GET /api/v1/referrals/${(referral as { id: string }).id}`, {
      status: 200,
      body: { ...referral, history: [] },
    });
}

export function referralOf(id: string, friend: { firstName: string; email: string }): object {
  return {
    id,
    programId: 'prg_1',
    advocate: { firstName: 'Ada', lastName: 'Advocate', email: 'ada@example.com', advocateId: 'adv_1', code: 'ada1' },
    friend: { lastName: 'Friend', ...friend },
    status: 'pending',
    statusReason: 'Waiting for a deal to reach Closed Won',
    statusAt: '2026-11-20T10:15:00.000Z',
    referredAt: '2026-11-20T10:15:00.000Z',
  };
}
