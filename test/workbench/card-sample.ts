import type { Tenant } from '../journeys/stage.ts';
import type { CardBench } from './card-bench.ts';

const DAY_MS = 86_400_000;

export type Person = { readonly firstName: string; readonly lastName: string; readonly email: string };
export type SampleAdvocate = Person & { readonly contactId: string; readonly code: string; readonly programId: string };
type Sold = { readonly stage?: string; readonly amount?: string; readonly currency?: string };

/** "Clara Whitfield" of that company, as her colleagues would have entered her. */
export function person(name: string, domain = 'northwindworks.example.com'): Person {
  const [firstName = '', ...last] = name.split(' ');
  const lastName = last.join(' ');
  const mailbox = `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
  return { firstName, lastName, email: `${mailbox}@${domain}` };
}

/** Closed Won in the sales pipeline approves and pays; a customer, or a deal that was qualified, counts as qualified. */
export function program(name: string, reward: object = TENTH) {
  const dealRule = { object: 'deal', field: 'dealstage', operator: 'any_of', pipelineId: 'default', enabled: true };
  return {
    name,
    rules: [
      { ...dealRule, values: ['qualifiedtobuy'], status: 'qualified' },
      { ...dealRule, values: ['closedwon'], status: 'approved' },
    ],
    rewardRules: [{ recipient: 'advocate', onStatus: 'approved', approval: 'manual', ...reward }],
  };
}

export const TENTH = { kind: 'percent', percent: '10', saleValue: { object: 'deal', field: 'amount' } };

/** What people do in one account, by the doors they do it through. */
export class SampleAccount {
  readonly bench: CardBench;
  readonly tenant: Tenant;

  constructor(bench: CardBench, tenant: Tenant) {
    this.bench = bench;
    this.tenant = tenant;
  }

  get portal() {
    return this.bench.stage.hubspot.control.portal(this.tenant.portalId);
  }

  settle(): Promise<void> {
    return this.bench.stage.settle();
  }

  async publish(definition: object): Promise<string> {
    const { id } = await this.post('/programs', definition);
    // The program published first is the primary one.
    this.bench.stage.clock.advance(1);
    await this.post(`/programs/${id}/publish`);
    return id;
  }

  contact({ firstName, lastName, email }: Person): string {
    return this.portal.createContact({ firstname: firstName, lastname: lastName, email });
  }

  async advocate(programId: string, who: Person): Promise<SampleAdvocate> {
    const [known] = this.portal.find('contacts', 'email', who.email);
    const contactId = known?.id ?? this.contact(who);
    const { code } = await this.post(`/programs/${programId}/advocates`, { ...who, crmRecordId: contactId });
    return { ...who, contactId, code, programId };
  }

  /** @returns the contact the friend became */
  async refer({ programId, code }: SampleAdvocate, friend: Person): Promise<string> {
    await this.post(`/programs/${programId}/referrals`, { code, ...friend, source: 'form' });
    await this.settle();
    const [contact] = this.portal.find('contacts', 'email', friend.email);
    if (!contact) throw new Error(`${friend.email} became no contact`);
    return contact.id;
  }

  async sell(contactIds: string[], { stage = 'appointmentscheduled', ...sold }: Sold): Promise<string> {
    const first = this.portal.get('contacts', contactIds[0] ?? '')?.properties;
    const dealname = `${first?.['lastname'] ?? 'New'} - Annual plan`;
    const { amount, currency } = sold;
    const worth = { ...(amount && { amount }), ...(currency && { deal_currency_code: currency }) };
    const dealId = this.portal.createDeal({ dealname, pipeline: 'default', dealstage: stage, ...worth }, contactIds);
    await this.settle();
    return dealId;
  }

  async approveReward(): Promise<void> {
    const { items } = await this.call('GET', '/rewards?state=pending');
    await this.post(`/rewards/${items[0].id}/approve`);
    await this.settle();
  }

  daysLater(days: number): void {
    this.bench.stage.clock.advance(days * DAY_MS);
  }

  post(path: string, body?: object): Promise<any> {
    return this.call('POST', path, body);
  }

  private async call(method: string, path: string, body?: object): Promise<any> {
    const answer = await this.tenant.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} refused: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
