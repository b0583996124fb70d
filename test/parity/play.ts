import { decideNow } from '../../backend/src/ingest/decide-now.ts';
import { triggerOf } from '../../backend/src/ingest/settle-referral.ts';
import { settleEffects } from '../../backend/src/sync/settle-effects.ts';
import { DEAL_FIELDS, type CrmFieldKey } from '../../shared/crm-fields.ts';
import type { ApiAnswer, Tenant } from '../journeys/stage.ts';
import type { CrmWorld, Values } from './crm-world.ts';
import { letTimePass } from './let-time-pass.ts';
import { inWordsOf, ownFieldOf, type Kind } from './vocabulary.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
/** Longer than the poll needs where a rule is watched, with its overlap. */
const SETTLE_MS = 3 * MINUTE_MS;

type Launched = {
  readonly programId: string;
  readonly codes: Map<string, string>;
  readonly advocateIds: Map<string, string>;
};

/** One scenario as it is played in one CRM: people and deals by name, our API, and the clock. */
export class Play {
  readonly world: CrmWorld;
  readonly referrals = new Map<string, string>();
  readonly #records = new Map<string, string>();
  readonly #launched: Launched = { programId: '', codes: new Map(), advocateIds: new Map() };
  tenant: Tenant;

  private constructor(world: CrmWorld, tenant: Tenant) {
    this.world = world;
    this.tenant = tenant;
  }

  /** A connected account with a published program and the advocate ada, who is a person of the CRM. */
  static async begin(world: CrmWorld, definition: object): Promise<Play> {
    const play = new Play(world, await world.connect());
    await play.settle();
    const programId = await play.launch(definition);
    Object.assign(play.#launched, { programId });
    play.person('ada', { email: 'ada@example.com', lastName: 'Advocate' });
    await play.enrol('ada');
    return play;
  }

  get programId(): string {
    return this.#launched.programId;
  }

  get clock() {
    return this.world.stage.clock;
  }

  /** @returns the id of the new program, published. */
  async launch(definition: object): Promise<string> {
    const created = await this.api('POST', '/programs', this.#spelled(definition));
    await this.api('POST', `/programs/${created.id}/publish`);
    return created.id as string;
  }

  /** Saves and publishes another version of the program. */
  async publish(definition: object): Promise<void> {
    await this.api('PUT', `/programs/${this.programId}`, this.#spelled(definition));
    await this.api('POST', `/programs/${this.programId}/publish`);
    await this.settle();
  }

  async enrol(name: string, more: object = {}, programId = this.programId): Promise<void> {
    const body = { email: this.emailOf(name), firstName: titled(name), lastName: 'Advocate', ...more };
    const { code, advocateId } = await this.api('POST', `/programs/${programId}/advocates`, body);
    this.#launched.codes.set(programId === this.programId ? name : `${name} in ${programId}`, code);
    this.#launched.advocateIds.set(name, advocateId);
    await this.settle();
  }

  code(name: string): string {
    return this.#launched.codes.get(name) ?? '';
  }

  advocateId(name: string): string {
    return this.#launched.advocateIds.get(name) ?? '';
  }

  /** The friend signs up by the advocate's code; nothing is processed yet. @returns the API's answer. */
  async signUp(name: string, more: Record<string, unknown> = {}): Promise<ApiAnswer> {
    const { by = 'ada', ...rest } = more;
    const body = {
      code: this.code(String(by)),
      email: this.emailOf(name),
      firstName: titled(name),
      lastName: 'Friend',
      ...rest,
    };
    const answer = await this.tenant.api('POST', `/programs/${this.programId}/referrals`, body);
    if (answer.status < 300) this.referrals.set(name, answer.body.referralId);
    return answer;
  }

  async refer(name: string, more: Record<string, unknown> = {}): Promise<void> {
    const answer = await this.signUp(name, more);
    if (answer.status >= 300) throw new Error(`${name} was refused: ${JSON.stringify(answer.body)}`);
    await this.settle();
  }

  /** Somebody in the CRM, made by the sales team. */
  person(name: string, values: Values = {}): string {
    const { email = this.emailOf(name), ...rest } = values;
    const address: Values = email === '' ? {} : { email };
    return this.#keep(
      name,
      this.world.createPerson({ ...address, firstName: titled(name), lastName: 'Known', ...rest }),
    );
  }

  /** A deal of the sales team; nobody has looked at it yet. */
  newDeal(name: string, values: Values, people: readonly string[] = []): string {
    const ids = people.map((person) => this.id(person));
    return this.#keep(name, this.world.createDeal({ dealName: name, dealStage: '$qualifying', ...values }, ids));
  }

  async deal(name: string, values: Values, people: readonly string[] = []): Promise<void> {
    this.newDeal(name, values, people);
    await this.settle();
  }

  /** A won deal, looked at. */
  win(name: string, amount: string, people: readonly string[]): Promise<void> {
    return this.deal(name, { dealStage: '$won', amount }, people);
  }

  company(name: string, values: Values = {}): string {
    return this.#keep(name, this.world.createCompany({ companyName: name, ...values }));
  }

  async set(name: string, values: Values, kind: Kind = 'person'): Promise<void> {
    this.world.set(kind, this.id(name), values);
    await this.settle();
  }

  /** The deal gets to a stage, an hour after whatever was before. */
  async move(deal: string, dealStage: string, more: Values = {}): Promise<void> {
    await this.pass(60 * MINUTE_MS);
    await this.set(deal, { dealStage, ...more }, 'deal');
  }

  async merge(winner: string, loser: string, kind: Kind = 'person'): Promise<void> {
    const left = this.world.merge(kind, this.id(winner), this.id(loser));
    this.#keep(winner, left);
    await this.settle();
  }

  /** The CRM's id of a person, deal or company of this name. */
  id(name: string): string {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const [found, ...others] = this.world.peopleWith(this.emailOf(name));
    if (found === undefined || others.length > 0)
      throw new Error(`${String(others.length + 1)} or no records of ${name}`);
    return this.#keep(name, found);
  }

  /** Whose referral a deal says it comes from. */
  referralOn(dealId: string): string | undefined {
    const held = this.world.read('deal', dealId)[DEAL_FIELDS[0][this.world.crm]];
    return [...this.referrals].find(([, id]) => id === held)?.[0];
  }

  emailOf(name: string): string {
    return `${name}@example.${name === 'ada' || name === 'bea' ? 'com' : 'org'}`;
  }

  async settle(): Promise<void> {
    await this.pass(SETTLE_MS);
  }

  pass(ms: number): Promise<void> {
    return letTimePass(this.world.stage, this.tenant, ms);
  }

  /** The day it is now in that time zone, as sentences name it. */
  day(timeZone: string): string {
    const format = { timeZone, day: 'numeric', month: 'short', year: 'numeric' } as const;
    return new Intl.DateTimeFormat('en-GB', format).format(this.clock.now()).replace('Sept', 'Sep');
  }

  /** Two workers take up the same work at the same moment. */
  async twoWorkers(): Promise<void> {
    await this.world.stage.deliver();
    this.clock.advance(MINUTE_MS);
    await Promise.all([this.world.stage.service.process(this.tenant), this.world.stage.service.process(this.tenant)]);
  }

  /** Something is done to a record, and everything that follows from it. */
  async after(change: () => unknown): Promise<void> {
    await change();
    await this.settle();
  }

  async connectionStatus(): Promise<string> {
    return (await this.api('GET', '/connections')).items[0].status as string;
  }

  /** Why what was given up was given up, and the fields it was about. */
  async setAside(): Promise<[string, string[]][]> {
    const { items } = await this.api('GET', '/dead-letters');
    return items.map(({ lastError }: { lastError: any }) => [lastError.code, lastError.fields]);
  }

  /** What the CRM's record of somebody holds in a field of ours. */
  ownValue(name: string, field: CrmFieldKey): string | null {
    return this.world.read('person', this.id(name))[ownFieldOf(this.world.crm, field)] ?? null;
  }

  /** Everything that was given up is tried again. */
  async replayDeadLetters(): Promise<void> {
    const { items } = await this.api('GET', '/dead-letters');
    if (items.length === 0) throw new Error('nothing was given up');
    for (const { id } of items) await this.api('POST', `/dead-letters/${id}/replay`);
    await this.settle();
  }

  /** Answers the one open question about somebody, or about nobody yet known. */
  async answer(said: 'approve' | 'reject' | 'retry', about: string | null, body: object = {}): Promise<void> {
    const filter = about === null ? '' : `&referralId=${this.referrals.get(about) ?? ''}`;
    const { items } = await this.api(
      'GET',
      `/entries?${said === 'retry' ? 'state=failed' : 'reviewOpen=true'}${filter}`,
    );
    if (items.length !== 1) throw new Error(`${String(items.length)} entries wait instead of one`);
    await this.api('POST', `/entries/${items[0].id}/${said}`, body);
    await this.settle();
  }

  /** A person says what the referral is. */
  async decide(name: string, status: string): Promise<void> {
    await this.api('POST', `/referrals/${this.referrals.get(name) ?? ''}/decide`, { status });
    await this.settle();
  }

  /** Decides again from what is known, as a replay of what was received long ago does. */
  async replay(name: string): Promise<void> {
    const { stage } = this.world;
    const { workspaceId } = this.tenant;
    const now = new Date(this.clock.now());
    const friends = await stage.rows<{ person_id: string }>('select person_id from referrals where id = $1', [
      this.referrals.get(name),
    ]);
    await stage.service.database.aloneInWorkspace(workspaceId, (tx) =>
      decideNow(tx, {
        deps: { publicUrl: stage.publicUrl, settle: settleEffects },
        workspaceId,
        now,
        personIds: friends.map(({ person_id: id }) => id),
        trigger: triggerOf('replay', { now, actor: 'system' }),
        replay: true,
      }),
    );
    await this.settle();
  }

  /** The body of an answer that has to be a success. */
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.tenant.api(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A name for every id and code that may stand in a text. */
  names(): Map<string, string> {
    const names = new Map<string, string>();
    for (const [name, id] of this.referrals) names.set(id, `<referral of ${name}>`);
    for (const [name, code] of this.#launched.codes) names.set(code, `<code of ${name.split(' ')[0] ?? ''}>`);
    for (const [name, id] of this.#launched.advocateIds) names.set(id, `<advocate ${name}>`);
    for (const [name, id] of this.#records) names.set(id, `<${name}>`);
    names.set(this.world.stage.publicUrl, '<us>');
    return names;
  }

  #keep(name: string, id: string): string {
    this.#records.set(name, id);
    return id;
  }

  #spelled(value: object): object {
    return inWordsOf(this.world.crm, value, this.world.own) as object;
  }
}

const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
