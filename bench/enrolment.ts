import { PORTAL_ID, type HubSpotAccount } from './hubspot-account.ts';
import { atRest } from './scenario.ts';
import type { BenchStage } from './stage.ts';

export type EnrolmentResult = {
  readonly contacts: number;
  readonly calls: number;
  /** The fewest calls that can read and write so many contacts in full pages and batches. */
  readonly fewestCalls: number;
  readonly contactsPerSecond: number;
  /** What the account's call windows would allow, were the service infinitely fast. */
  readonly ceilingPerSecond: number;
  readonly refused: number;
};

const CONTACTS = 20_000;
/** What the service allows itself, with HUBSPOT_CALL_RESERVE at its default. */
const WINDOW = { calls: 100, ms: 10_000 };
const SEARCHES = { calls: 4, ms: 1_000 };

type Call = { readonly at: number; readonly path: string; readonly status: number; readonly filters?: string[] };

/** 20,000 contacts of a list, and then all of the portal in a second program, each from a standing start. */
export async function measureEnrolments(
  stage: BenchStage<HubSpotAccount>,
): Promise<{ readonly list: EnrolmentResult; readonly all: EnrolmentResult }> {
  const portal = stage.account.control.portal(PORTAL_ID);
  const before = new Set(await portal.ids('contacts'));
  await portal.addManyContacts({ count: CONTACTS });
  const everybody = await portal.ids('contacts');
  const listId = await portal.createList({ name: 'Bench', recordIds: everybody.filter((id) => !before.has(id)) });
  const list = await measure(stage, {
    name: 'Enrol list',
    source: { source: 'list', listId },
    contacts: CONTACTS,
    // Every call goes through the ordinary window.
    kinds: [{ calls: CONTACTS / 250 + CONTACTS / 100 + CONTACTS / 100, window: WINDOW }],
  });
  const all = await measure(stage, {
    name: 'Enrol all',
    source: { source: 'all' },
    contacts: everybody.length,
    kinds: [
      { calls: Math.ceil(everybody.length / 200), window: SEARCHES },
      { calls: Math.ceil(everybody.length / 100), window: WINDOW },
    ],
  });
  return { list, all };
}

type MeasureInput = {
  readonly name: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly contacts: number;
  readonly kinds: readonly {
    readonly calls: number;
    readonly window: { readonly calls: number; readonly ms: number };
  }[];
};

async function measure(stage: BenchStage<HubSpotAccount>, input: MeasureInput): Promise<EnrolmentResult> {
  // A person who publishes needs calls of the same window: not in the middle of other work.
  await quiet(stage);
  const { id: programId } = await stage.api<{ id: string }>('POST', '/programs', {
    name: input.name,
    rules: [{ object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'approved' }],
    enrolment: { ownFields: true },
  });
  await stage.api('POST', `/programs/${programId}/publish`);
  // A standing start: no call of before stands in the window.
  await quiet(stage);
  await stage.account.control.log.clear();
  const { id } = await stage.api<{ id: string }>('POST', `/programs/${programId}/enrolments`, input.source);
  for (;;) {
    const { state } = await stage.api<{ state: string }>('GET', `/enrolments/${id}`);
    if (state === 'failed') throw new Error('the enrolment failed');
    if (state === 'done') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await atRest(stage);
  const calls = ((await stage.account.control.log.calls({ portalId: PORTAL_ID })) as Call[]).filter(isOfEnrolment);
  const seconds = (Math.max(...calls.map(({ at }) => at)) - Math.min(...calls.map(({ at }) => at))) / 1000;
  // The last call of each kind cannot leave earlier than this.
  const fewestMs = Math.max(
    ...input.kinds.map(({ calls: n, window }) => Math.floor((n - 1) / window.calls) * window.ms),
  );
  return {
    contacts: input.contacts,
    calls: calls.length,
    fewestCalls: input.kinds.reduce((sum, kind) => sum + kind.calls, 0),
    contactsPerSecond: input.contacts / seconds,
    ceilingPerSecond: (input.contacts * 1000) / fewestMs,
    refused: calls.filter(({ status }) => status === 429).length,
  };
}

async function quiet(stage: BenchStage): Promise<void> {
  await atRest(stage);
  await new Promise((resolve) => setTimeout(resolve, WINDOW.ms));
}

/** The safety poll has searches of its own, by the time of change. */
function isOfEnrolment({ path, filters }: Call): boolean {
  return (
    path.includes('/lists/') || (path.includes('/contacts/') && !filters?.some((name) => name.includes('modified')))
  );
}
