import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { travel, type Travelled } from './journey.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** Every moment dies once; those of one journey lie this far apart, so that the service recovers in between. */
const APART = 20;
/** Journeys side by side: most of one is waiting. */
const AT_ONCE = 4;

/** What happens around every piece of work, the same each time: dies the first times only. */
const EVER_AGAIN =
  /^\w+ commit: (insert budgets|update outbox|update poll_cursors|update budgets, update connections) #(\d+)$/;
const FIRST_TIMES = 3;

/** Moments without which the journey would not be one: each has died, on both sides, by the end. */
const ESSENTIAL = [
  'call: POST /oauth/2026-09/token',
  'call: POST /crm/properties/2026-09/contacts/batch/create',
  'call: POST /crm/objects/2026-09/contacts/batch/create',
  'call: POST /crm/objects/2026-09/contacts/batch/read',
  'call: POST /crm/objects/2026-09/contacts/batch/update',
  'call: POST /crm/objects/2026-09/deals/batch/create',
  'call: POST /crm/objects/2026-09/deals/batch/read',
  'call: POST /crm/associations/2026-09/deals/contacts/batch/read',
  'commit: accept_signals',
  'insert connections',
  'insert program_versions',
  'insert advocates',
  'insert referrals',
  'insert rewards',
  'update rewards',
  'insert idempotency_keys',
  'update idempotency_keys',
  'delete dirty_records',
  'update outbox',
  'update write_backs',
];

let undisturbed: Travelled;
/** The moments to die at, in order. */
let deadly: readonly string[] = [];
const died = new Set<string>();

beforeAll(async () => {
  undisturbed = await travel();
  deadly = undisturbed.moments.filter((moment) => Number(EVER_AGAIN.exec(moment)?.[2] ?? 0) <= FIRST_TIMES);
});

afterAll(() => {
  const kinds = kindsOf(undisturbed.moments);
  const deadKinds = kindsOf([...died]);
  console.log(
    `killed at ${died.size} of ${deadly.length} moments (${undisturbed.moments.length} with all repetitions), ` +
      `${[...kinds].filter((kind) => deadKinds.has(kind)).length} of ${kinds.size} kinds`,
  );
});

test('undisturbed, the journey ends in one approved reward and passes every kind of commit and call a death could tear (E1)', () => {
  expect(undisturbed.deaths).toEqual([]);
  expect(undisturbed.outcome).toMatchObject({
    connections: [{ status: 'connected' }],
    referrals: [{ status: 'approved' }],
    rewards: [{ state: 'approved', amount_minor: '19999', currency: 'EUR' }],
    rewardMoves: [{ to_state: 'pending' }, { to_state: 'approved' }],
    givenUp: [],
    advocateContacts: [{ passalong_reward_total: '199.99', passalong_approved_count: '1' }],
    friendContacts: [{ passalong_referral_status: 'approved', passalong_referral_id: '(referral)' }],
    deals: [{ dealname: 'Finn Friend, referred by Ada Advocate', referral: '(referral)', contacts: 1 }],
  });
  expect(missing(undisturbed.moments)).toEqual([]);
});

test.each(Array.from({ length: APART / AT_ONCE }, (_, batch) => batch * AT_ONCE))(
  `killed at every ${APART}th commit and call from number %i on and restarted: same ledger, same properties, no second contact, deal or reward (E1, SG-15, SG-30)`,
  async (first) => {
    const plans = Array.from({ length: AT_ONCE }, (_, other) =>
      deadly.filter((_moment, index) => index % APART === first + other),
    );
    // All to their end, also when one fails: each has a process to take down.
    const ends = await Promise.allSettled(plans.map((killAt) => travel(killAt)));
    for (const [index, end] of ends.entries()) {
      if (end.status === 'rejected') throw end.reason;
      const { outcome, deaths, moments } = end.value;
      const killed = plans[index]!.filter((moment) => moments.includes(moment));
      for (const moment of killed) died.add(moment);
      expect(outcome, `killed at\n${killed.join('\n')}`).toEqual(undisturbed.outcome);
      expect(deaths).toEqual(killed.map(() => ({ signal: 'SIGKILL', code: null })));
    }
  },
);

test('by the end the service has died on both sides of everything essential, and at nine in ten of all moments (E1)', () => {
  expect(missing([...died])).toEqual([]);
  expect(died.size).toBeGreaterThan(deadly.length * 0.9);
});

function missing(moments: readonly string[]): string[] {
  return ['before', 'after'].flatMap((side) =>
    ESSENTIAL.filter((part) => !moments.some((moment) => moment.startsWith(side) && moment.includes(part))).map(
      (part) => `${side} ${part}`,
    ),
  );
}

/** Without the count of how often it was passed. */
function kindsOf(moments: readonly string[]): Set<string> {
  return new Set(moments.map((moment) => moment.replace(/ #\d+$/, '')));
}
