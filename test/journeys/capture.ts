import { expect } from 'vitest';
import type { SeenRecord } from '../../sandbox/hubspot/control/account-view.ts';
import type { CaptureSettings } from '../../shared/capture-settings.ts';
import { DEAL_PROGRAM, launch, type Launched } from './program.ts';
import type { ApiAnswer, Stage, Tenant } from './stage.ts';

/** Capture as a request says it: what is left out takes its default. */
export type Capture = {
  readonly enabled?: boolean;
  readonly map?: readonly object[];
  readonly duplicates?: Partial<CaptureSettings['duplicates']>;
  readonly deal?: Partial<CaptureSettings['deal']>;
  readonly owner?: Partial<CaptureSettings['owner']>;
};

/** A customer of the company: their contact property approves, and pays the advocate ten euros at once. */
export const CUSTOMER_RULES = {
  rules: [
    {
      object: 'contact',
      field: 'lifecyclestage',
      operator: 'any_of',
      values: ['customer'],
      status: 'approved',
      enabled: true,
    },
  ],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'fixed',
      amount: '10.00',
      currency: 'EUR',
    },
  ],
};

/** What the friend said, and beyond it a tag, a default, an answer and who referred them. */
export const RICH_MAP = [
  { field: 'email', from: 'friend.email' },
  { field: 'firstname', from: 'friend.firstName' },
  { field: 'lastname', from: 'friend.lastName' },
  { field: 'phone', from: 'friend.phone' },
  { field: 'lead_source', value: 'Referral' },
  { field: 'hs_lead_status', value: 'NEW' },
  { field: 'city', from: 'friend.city', value: 'unknown' },
  { field: 'team_size', from: 'friend.teamSize', value: '1' },
  { field: 'referrer_name', from: 'advocate.name' },
  { field: 'referrer_email', from: 'advocate.email' },
  { field: 'campaign', from: 'program.name' },
];

const QUESTIONS = [
  { key: 'city', label: 'Where do you live?' },
  { key: 'teamSize', label: 'How many are you?' },
];

/** One portal with one published program and one advocate. */
export class Site {
  readonly stage: Stage;
  readonly tenant: Tenant;
  readonly launched: Launched;

  constructor(stage: Stage, tenant: Tenant, launched: Launched) {
    this.stage = stage;
    this.tenant = tenant;
    this.launched = launched;
  }

  get portal() {
    return this.stage.hubspot.control.portal(this.tenant.portalId);
  }

  /** A friend signs up; nothing is processed yet. @returns the referral's id. */
  async refer(email: string, input: { code?: string; programId?: string } & Record<string, unknown> = {}) {
    const { programId = this.launched.programId, ...rest } = input;
    const body = { code: this.launched.code, email, firstName: 'Finn', lastName: 'Friend', ...rest };
    const answer = await this.tenant.api('POST', `/programs/${programId}/referrals`, body);
    if (answer.status >= 300) throw new Error(`referral refused: ${JSON.stringify(answer.body)}`);
    return answer.body.referralId as string;
  }

  /** The one contact with this address, and it is an error if there is none or another one. */
  contact(email: string): SeenRecord {
    const found = this.portal.find('contacts', 'email', email).filter(({ archived }) => !archived);
    expect(found, `contacts with ${email}`).toHaveLength(1);
    return found[0]!;
  }

  /** Deals of the portal, the older ones first. */
  deals(): SeenRecord[] {
    return this.portal
      .ids('deals')
      .sort((a, b) => Number(a) - Number(b))
      .map((id) => this.portal.get('deals', id)!);
  }

  async referral(referralId: string): Promise<any> {
    return (await this.tenant.api('GET', `/referrals/${referralId}`)).body;
  }

  /** Entries of captures of this referral, newest first, with all their details. */
  async entries(referralId: string): Promise<any[]> {
    const { items } = (await this.tenant.api('GET', `/entries?referralId=${referralId}`)).body;
    const captures = items.filter((entry: any) => entry.trigger.kind === 'capture');
    return Promise.all(captures.map(async ({ id }: any) => (await this.tenant.api('GET', `/entries/${id}`)).body));
  }

  retry(entryId: string, body: object = {}): Promise<ApiAnswer> {
    return this.tenant.api('POST', `/entries/${entryId}/retry`, body);
  }

  /** Own row: where the referral is held. */
  async heldFor(referralId: string): Promise<unknown> {
    const [row] = await this.stage.rows('select held_for from referrals where id = $1', [referralId]);
    return row?.['held_for'];
  }

  /** Another published program of the workspace, with the same advocate. @returns its id and the advocate's code. */
  async program(definition: object): Promise<{ programId: string; code: string }> {
    const created = await this.tenant.api('POST', '/programs', { ...DEAL_PROGRAM, ...definition });
    if (created.status !== 201) throw new Error(`program refused: ${JSON.stringify(created.body)}`);
    const programId = created.body.id;
    const published = await this.tenant.api('POST', `/programs/${programId}/publish`);
    if (published.status !== 200) throw new Error(`not published: ${JSON.stringify(published.body)}`);
    const { body } = await this.tenant.api('POST', `/programs/${programId}/advocates`, {
      email: 'ada.advocate@example.com',
    });
    await this.stage.settle();
    return { programId, code: body.code };
  }

  createCalls(type: 'contacts' | 'deals') {
    return this.stage.hubspot.control.log.calls({
      portalId: this.tenant.portalId,
      path: `/crm/objects/2026-09/${type}/batch/create`,
    });
  }
}

/** The portal has the properties the rich map names. */
export async function openSite(stage: Stage, portalId: number, capture: Capture, more: object = {}): Promise<Site> {
  const { control } = stage.hubspot;
  if (!control.portals().some((portal) => portal.portalId === portalId))
    control.createPortal({ portalId, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['lead_source', 'referrer_name', 'referrer_email', 'campaign']) addText(stage, portalId, name);
  addProperty(stage, portalId, { name: 'team_size', type: 'number', fieldType: 'number' });
  const tenant = await stage.install(portalId);
  const definition = { ...DEAL_PROGRAM, page: { questions: QUESTIONS }, ...more, capture };
  return new Site(stage, tenant, await launch(stage, tenant, definition));
}

function addText(stage: Stage, portalId: number, name: string): void {
  addProperty(stage, portalId, { name, type: 'string', fieldType: 'text' });
}

function addProperty(stage: Stage, portalId: number, definition: { name: string } & Record<string, string>): void {
  const { name } = definition;
  stage.hubspot.control
    .portal(portalId)
    .createProperty('contacts', { label: name, groupName: 'contactinformation', ...definition });
}

/** Properties with a value, ours and HubSpot's own ones left out. */
export function customersProperties({ properties }: Pick<SeenRecord, 'properties'>): Record<string, string> {
  const entries = Object.entries(properties).filter(
    ([name, value]) =>
      value && !/^(passalong_|hs_(?!lead_status)|createdate|lastmodifieddate|hubspot_owner_assigned)/.test(name),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
