import { letTimePass } from '../parity/let-time-pass.ts';
import type { ApiAnswer, OrgTenant, Stage } from './stage.ts';

export const MINUTE_MS = 60_000;
const SETTLE_MS = 3 * MINUTE_MS;

export type Org = ReturnType<Stage['salesforce']['control']['org']>;
type Row = NonNullable<ReturnType<Org['get']>>;

export const WON_RULE = {
  id: 'rul_won',
  object: 'deal',
  field: 'StageName',
  pipelineId: '012000000000000AAA',
  values: ['Closed Won'],
  status: 'approved',
} as const;

/** Qualifies a friend once somebody says so on the contact. */
export const SAID_SO = {
  id: 'rul_said',
  object: 'contact',
  field: 'LeadSource',
  operator: 'any_of',
  values: ['Partner Referral'],
  status: 'qualified',
} as const;

/** Pays ten euros at once for a lead that was converted. */
export const CONVERTED = {
  rules: [{ id: 'rul_converted', object: 'lead', field: 'IsConverted', values: ['true'], status: 'approved' }],
  rewardRules: [
    {
      id: 'rwr_ten',
      onStatus: 'approved',
      approval: 'automatic',
      kind: 'fixed',
      amount: '10.00',
      currency: 'EUR',
    },
  ],
} as const;

/** An org of its own with one published program and the advocate Ada, who is a contact. */
export class SalesforceSite {
  readonly stage: Stage;
  readonly tenant: OrgTenant;
  readonly org: Org;
  readonly programId: string;
  readonly ada: { readonly advocateId: string; readonly code: string };

  constructor(stage: Stage, tenant: OrgTenant, launched: Pick<SalesforceSite, 'programId' | 'ada'>) {
    this.stage = stage;
    this.tenant = tenant;
    this.org = stage.salesforce.control.org(tenant.orgId);
    this.programId = launched.programId;
    this.ada = launched.ada;
  }

  settle(ms = SETTLE_MS): Promise<void> {
    return letTimePass(this.stage, this.tenant, ms);
  }

  async enrol(email: string): Promise<{ advocateId: string; code: string }> {
    const { body } = await this.tenant.api('POST', `/programs/${this.programId}/advocates`, {
      email,
      firstName: 'Bea',
    });
    await this.settle();
    return body;
  }

  /** A friend signs up; nothing is processed yet. @returns the referral's id. */
  async signUp(email: string, more: Record<string, unknown> = {}): Promise<string> {
    const body = { code: this.ada.code, email, firstName: 'Finn', lastName: 'Friend', ...more };
    const answer = await this.tenant.api('POST', `/programs/${this.programId}/referrals`, body);
    if (answer.status >= 300) throw new Error(`referral refused: ${JSON.stringify(answer.body)}`);
    return answer.body.referralId as string;
  }

  async refer(email: string, more: Record<string, unknown> = {}): Promise<string> {
    const referralId = await this.signUp(email, more);
    await this.settle();
    return referralId;
  }

  /** The one live record of this object with the address, and it is an error if there is none or another one. */
  one(object: 'Contact' | 'Lead', email: string): Row & { readonly Id: string } {
    const [found, ...others] = this.org.find(object, 'Email', email);
    if (!found || others.length > 0) throw new Error(`${others.length + 1} or no ${object} of ${email}`);
    return { ...found, Id: String(found['Id']) };
  }

  /** Our own record of the referral. */
  referralRecord(referralId: string): Row {
    const [found, ...others] = this.org.find('Referral__c', 'Referral_Id__c', referralId);
    if (!found || others.length > 0) throw new Error(`${others.length + 1} or no records of ${referralId}`);
    return found;
  }

  async referral(referralId: string): Promise<any> {
    return (await this.tenant.api('GET', `/referrals/${referralId}`)).body;
  }

  async entries(referralId: string, state?: string): Promise<any[]> {
    const filter = state === undefined ? '' : `&state=${state}`;
    return (await this.tenant.api('GET', `/entries?referralId=${referralId}${filter}`)).body.items;
  }

  retry(entryId: string): Promise<ApiAnswer> {
    return this.tenant.api('POST', `/entries/${entryId}/retry`, {});
  }

  /** Nothing was given up, and nothing waits. */
  async leftOver(): Promise<unknown> {
    const [waiting] = await this.stage.rows(
      `select (select count(*) from write_backs where connection_id = $1 and (due_at is not null or dead_at is not null))::int as writes,
              (select count(*) from outbox where connection_id = $1 and done_at is null)::int as people,
              (select count(*) from dirty_records where connection_id = $1)::int as looks`,
      [this.tenant.connectionId],
    );
    return waiting;
  }
}

export const NOTHING_LEFT = { writes: 0, people: 0, looks: 0 };

export type Definition = Readonly<Record<string, unknown>> | ((org: Org) => Readonly<Record<string, unknown>>);

/** @param definition of the program, or what makes it of the org, as its administrator set it up. */
export async function openSalesforceSite(stage: Stage, definition: Definition): Promise<SalesforceSite> {
  const { orgId } = await stage.salesforce.control.createOrg({ timeZone: 'UTC', currency: 'EUR' });
  const tenant = await stage.installSalesforce(orgId);
  await letTimePass(stage, tenant, SETTLE_MS);
  const own = typeof definition === 'function' ? definition(stage.salesforce.control.org(orgId)) : definition;
  const program = { name: 'Customer referrals', landingUrl: 'https://example.com/welcome', ...CONVERTED, ...own };
  const created = await tenant.api('POST', '/programs', program);
  if (created.status !== 201) throw new Error(`program refused: ${JSON.stringify(created.body)}`);
  await tenant.api('POST', `/programs/${created.body.id}/publish`);
  stage.salesforce.control
    .org(orgId)
    .createContact({ Email: 'ada@example.com', FirstName: 'Ada', LastName: 'Advocate' });
  const ada = { email: 'ada@example.com', firstName: 'Ada', lastName: 'Advocate' };
  const { body } = await tenant.api('POST', `/programs/${created.body.id}/advocates`, ada);
  await letTimePass(stage, tenant, SETTLE_MS);
  return new SalesforceSite(stage, tenant, { programId: created.body.id, ada: body });
}
