import type { ServiceApi } from '../service-api.ts';
import type { Entry, Program, Referral, Reward, StatusChange } from './service-answers.ts';

export interface ServiceFacts {
  program: Program | null;
  referrals: readonly Referral[];
  /** by referral id */
  histories: ReadonlyMap<string, readonly StatusChange[]>;
  rewards: readonly Reward[];
  entries: readonly Entry[];
}

export const NO_FACTS: ServiceFacts = { program: null, referrals: [], histories: new Map(), rewards: [], entries: [] };

const MOST = 50;
const MOST_HISTORIES = 25;

interface Page<T> {
  items: T[];
}

/** Reads what the service knows now. Histories are read again only for referrals that moved. */
export class ServiceFactsReader {
  readonly #api: ServiceApi;
  readonly #histories = new Map<string, { movedAt: string; changes: readonly StatusChange[] }>();

  constructor(api: ServiceApi) {
    this.#api = api;
  }

  async read(): Promise<ServiceFacts> {
    const list = async <T>(name: string): Promise<T[]> =>
      (await this.#api.get<Page<T>>(`/${name}?limit=${MOST}`)).items;
    const [programs, referrals, rewards, entries] = await Promise.all([
      list<Program>('programs'),
      list<Referral>('referrals'),
      list<Reward>('rewards'),
      list<Entry>('entries'),
    ]);
    const program = programs.find(({ primary }) => primary) ?? programs[0] ?? null;
    return { program, referrals, rewards, entries, histories: await this.#historiesOf(referrals) };
  }

  async #historiesOf(referrals: readonly Referral[]): Promise<ReadonlyMap<string, readonly StatusChange[]>> {
    for (const { id, status, statusAt } of referrals.slice(0, MOST_HISTORIES)) {
      const movedAt = `${status} ${statusAt}`;
      if (this.#histories.get(id)?.movedAt === movedAt) continue;
      const { history } = await this.#api.get<{ history: StatusChange[] }>(`/referrals/${id}`);
      this.#histories.set(id, { movedAt, changes: history });
    }
    return new Map(referrals.map(({ id }) => [id, this.#histories.get(id)?.changes ?? []]));
  }
}
