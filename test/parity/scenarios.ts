import { expect } from 'vitest';
import { DAY_MS, MINUTE_MS } from './play.ts';
import {
  colleagues,
  COPIED,
  customers,
  deals,
  hourOld,
  impatient,
  ladder,
  mapping,
  shared,
  sharing,
  stageRule,
  tiers,
  WON_RULE,
} from './programs.ts';
import { inAccount, PAID, scenario, WON, type Scenario } from './scenario.ts';
import { SCENARIOS_OF_PEOPLE } from './scenarios-of-people.ts';
import { SCENARIOS_OF_WRITES } from './scenarios-of-writes.ts';

const REFERRED_TWICE = ['finn', 'greta'];

const course: readonly Scenario[] = [
  scenario('won: a won deal approves and pays a tenth (E9, RF-31, RF-42)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { amount: '1999.90' }, ['finn']);
    await on.move('sale', '$won');
    return { finn: 'approved, 199.99 EUR pending' };
  }),
  scenario('customer: who becomes a customer is approved (RF-32)', customers(), async (on) => {
    await on.refer('finn');
    await on.set('finn', { standing: 'customer' });
    return { finn: PAID };
  }),
  scenario('E1-workers: two workers at the same moment pay once (E1)', deals(), async (on) => {
    await on.refer('finn');
    on.newDeal('sale', { dealStage: '$won', amount: '1000' }, ['finn']);
    await on.twoWorkers();
    await on.twoWorkers();
    await on.settle();
    return { finn: WON };
  }),
  scenario('E1-again: the same said again by another change pays once (E1, E9)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.set('sale', { dealName: 'sale, renamed' }, 'deal');
    await on.move('sale', '$won');
    return { finn: WON };
  }),
  scenario('E9-echo: our own writes are no changes, and a quiet hour writes nothing (E9)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    const { writes } = on.world.calls();
    await on.pass(60 * MINUTE_MS);
    expect([writes > 0, on.world.calls().writes - writes]).toEqual([true, 0]);
    return { finn: WON };
  }),
  scenario('E2-back-and-forth: stages of one second are one state (E2)', deals(), async (on) => {
    await on.refer('finn');
    const sale = on.newDeal('sale', { dealStage: '$won', amount: '1000' }, ['finn']);
    on.world.set('deal', sale, { dealStage: '$negotiating' });
    on.world.set('deal', sale, { dealStage: '$won' });
    await on.settle();
    return { finn: WON };
  }),
  scenario('E2-unseen: won and lost between two looks has been won and was left (E2, E8)', deals(), async (on) => {
    await on.refer('finn');
    const sale = on.newDeal('sale', { dealStage: '$won', amount: '1000' }, ['finn']);
    on.clock.advance(1_000);
    on.world.set('deal', sale, { dealStage: '$lost' });
    await on.settle();
    return { finn: 'pending', 'finn says statusReason': 'Deal left Closed Won and is now in Closed Lost' };
  }),
  scenario('ladder: each milestone pays its own, a jump pays both (RF-31, RF-42)', ladder(), async (on) => {
    await on.refer('finn');
    await on.refer('greta');
    await on.deal('steps', { dealStage: '$qualifying', amount: '1000' }, ['finn']);
    await on.move('steps', '$negotiating');
    await on.win('jump', '1000', ['greta']);
    return { finn: 'qualified, 5.00 EUR approved', greta: 'approved, 5.00 EUR approved, 100.00 EUR pending' };
  }),
];

const SEVERAL = { review: 'review', exactly_one: 'nobody', first_attribution: 'finn', primary: 'greta' } as const;

const several: readonly Scenario[] = [
  ...Object.entries(SEVERAL).map(([severalContacts, whose]) =>
    scenario(`E3-${severalContacts}: two friends on one deal (E3)`, shared(severalContacts), async (on) => {
      for (const name of REFERRED_TWICE) await on.refer(name);
      await on.deal('sale', { amount: '1000' }, REFERRED_TWICE);
      await on.move('sale', '$won');
      await on.after(() => on.world.makePrimary(on.id('sale'), on.id('greta')));
      const ending = { finn: whose === 'finn' ? WON : 'pending', greta: whose === 'greta' ? WON : 'pending' };
      const asked = 'several_referred_contacts';
      return whose === 'review' ? { ...ending, '?': `${asked}, ${asked}` } : ending;
    }),
  ),
  scenario('E3-deals: of several deals the won one counts (E3)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('old', { dealStage: '$lost', amount: '9' }, ['finn']);
    await on.deal('open', { amount: '99' }, ['finn']);
    await on.win('sale', '1000', ['finn']);
    return { finn: WON };
  }),
  scenario('E3-asked: of two friends the approved one is paid (E3, RR-41)', deals(), async (on) => {
    for (const name of REFERRED_TWICE) await on.refer(name);
    await on.win('sale', '1000', REFERRED_TWICE);
    await on.answer('reject', 'finn');
    await on.answer('approve', 'greta');
    return { finn: 'pending', greta: WON };
  }),
  scenario('E4-amount: a won deal waits for its amount (E4)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { dealStage: '$won' }, ['finn']);
    await on.set('sale', { amount: '1000' }, 'deal');
    return { finn: WON };
  }),
  scenario('E4-late: a won deal finds its person later (E4)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', []);
    await on.after(() => on.world.addToDeal(on.id('sale'), on.id('finn')));
    return { finn: WON };
  }),
  scenario('E4-moved: a won deal moves to the right person and pays once (E3, E4)', deals(), async (on) => {
    for (const name of REFERRED_TWICE) await on.refer(name);
    await on.win('sale', '1000', ['finn']);
    on.world.addToDeal(on.id('sale'), on.id('greta'));
    await on.after(() => on.world.removeFromDeal(on.id('sale'), on.id('finn')));
    return { finn: 'pending', greta: WON };
  }),
];

/** Around the hour that a new person may be old, in seconds off. */
const HOUR = { '59:59': -1, '60:00': 0, '60:01': 1 } as const;

const records: readonly Scenario[] = [
  scenario('E5-friends: of two merged friends the older referral stands (E5)', deals(), async (on) => {
    await on.enrol('bea');
    await on.refer('finn');
    await on.refer('greta', { by: 'bea' });
    await on.win('sale', '1000', ['greta']);
    await on.merge('finn', 'greta');
    return { finn: WON, greta: 'denied' };
  }),
  scenario('E5-self: a friend merged with the advocate was never referred (E5, E18)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.merge('ada', 'finn');
    return { finn: 'denied' };
  }),
  scenario('E5-restored: deleted and restored gets what was missed (E5)', customers(), async (on) => {
    await on.refer('finn');
    const finn = on.id('finn');
    await on.after(() => on.world.remove('person', finn));
    await on.decide('finn', 'approved');
    await on.after(() => on.world.restore('person', finn));
    return { finn: PAID, 'finn says referralStatus': 'approved' };
  }),
  scenario('E5-deal-gone: a deal deleted after it counted is asked about (E5, E8)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.after(() => on.world.remove('deal', on.id('sale')));
    return { finn: WON, '?': 'record_gone' };
  }),
  ...[0, 10, -10].flatMap((aheadMinutes) =>
    Object.entries(HOUR).map(([age, seconds]) =>
      scenario(`E6-${age}.${aheadMinutes}m: an hour by the CRM’s clock (E6)`, hourOld(), async (on) => {
        on.world.skew(aheadMinutes * MINUTE_MS);
        on.person('finn');
        on.clock.advance(60 * MINUTE_MS + seconds * 1_000);
        await on.refer('finn');
        return { finn: seconds > 0 ? 'denied' : 'pending' };
      }),
    ),
  ),
  scenario('E6-own: what our lost first try made was not there before (E6)', hourOld(), async (on) => {
    on.world.loseNextCreation();
    await on.signUp('finn');
    await on.pass(2_000);
    on.clock.advance(3 * 60 * MINUTE_MS);
    await on.settle();
    return { finn: 'pending' };
  }),
];

const DENIED = [
  { reviewDenied: true, overrideDenied: true, ending: 'asked' },
  { reviewDenied: true, overrideDenied: false, ending: 'asked' },
  { reviewDenied: false, overrideDenied: true, ending: 'moved' },
  { reviewDenied: false, overrideDenied: false, ending: 'stays' },
] as const;

const decisions: readonly Scenario[] = [
  ...DENIED.map(({ ending, ...settings }, at) =>
    scenario(`E7-${at}: a denied one meets a rule (E7, RR-42)`, customers({ decisions: settings }), async (on) => {
      await on.refer('finn');
      await on.decide('finn', 'denied');
      await on.set('finn', { standing: 'customer' });
      return { finn: ending === 'moved' ? PAID : 'denied', ...(ending === 'asked' && { '?': 'denied_meets_rule' }) };
    }),
  ),
  scenario('E8-left: a reopened deal voids what was not paid (E8)', ladder(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.move('sale', '$negotiating');
    return { finn: 'qualified, 5.00 EUR approved' };
  }),
  scenario('E8-again: lost and won again it is the same reward (E8)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '900', ['finn']);
    await on.move('sale', '$lost');
    await on.move('sale', '$won', { amount: '1000' });
    return { finn: WON };
  }),
  scenario('E8-issued: what was paid is asked about and claimed back by a person (E8)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.world.stage.rows(`update rewards set state = 'issued' where workspace_id = $1`, [on.tenant.workspaceId]);
    await on.move('sale', '$lost');
    await on.answer('reject', 'finn');
    return { finn: 'pending, 100.00 EUR clawback_proposed' };
  }),
  scenario('E11-nearly: a value that differs by case only does not count (E11)', customers(), async (on) => {
    await on.refer('finn');
    await on.set('finn', { standing: 'Customer' });
    const reason = 'Waiting for Customer standing to become customer (a value differs only by case or spaces)';
    return { finn: 'pending', 'finn says statusReason': reason };
  }),
  scenario('E11-label: the value counts, the label is told (E11)', tiers(), async (on) => {
    await on.refer('finn');
    await on.set('finn', { tier: 'basic' });
    await on.set('finn', { tier: 'pro' });
    return { finn: PAID, 'finn says statusReason': `Customer tier is The pro tier, as of ${on.day('UTC')}` };
  }),
  ...(['review', 'qualify', 'ignore'] as const).map((alreadyMet) =>
    scenario(`E12-${alreadyMet}: a customer before (E12)`, customers({ decisions: { alreadyMet } }), async (on) => {
      on.person('finn', { standing: 'customer' });
      on.clock.advance(DAY_MS);
      await on.refer('finn');
      return {
        finn: alreadyMet === 'qualify' ? PAID : 'pending',
        ...(alreadyMet === 'review' && { '?': 'already_there' }),
      };
    }),
  ),
  ...(['stay', 'approve', 'deny'] as const).map((policy) =>
    scenario(`E27-${policy}: nobody answers in time (E27)`, impatient(policy), async (on) => {
      on.person('finn', { standing: 'customer' });
      on.clock.advance(DAY_MS);
      await on.refer('finn');
      on.clock.advance(3 * DAY_MS);
      await on.after(() => on.world.stage.service.timeOutReviews());
      return { finn: policy === 'approve' ? PAID : 'pending', ...(policy === 'stay' && { '?': 'already_there' }) };
    }),
  ),
  scenario('E28-denied: what a person denied stays denied (E28)', customers(), async (on) => {
    await on.refer('finn');
    await on.set('finn', { standing: 'customer' });
    await on.decide('finn', 'denied');
    await on.set('finn', { standing: 'lead' });
    await on.set('finn', { standing: 'customer' });
    return { finn: 'denied' };
  }),
  scenario('E28-floor: a lost deal does not undo what a person gave (E28, E8)', ladder(), async (on) => {
    await on.refer('finn');
    await on.decide('finn', 'qualified');
    await on.win('sale', '1000', ['finn']);
    await on.move('sale', '$lost');
    return { finn: 'qualified, 5.00 EUR approved' };
  }),
  scenario('E29: changed rules move referrals when somebody asks (E29)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { dealStage: '$negotiating', amount: '1000' }, ['finn']);
    await on.publish(deals({ rules: [stageRule('negotiating', 'approved')], decisions: { alreadyMet: 'qualify' } }));
    const { id } = await on.api('POST', `/programs/${on.programId}/re-evaluations`, {});
    await on.settle();
    await on.after(() => on.api('POST', `/re-evaluations/${id}/apply`));
    return { finn: WON };
  }),
  scenario('E30: a replay pays nobody twice and is marked (E30)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    await on.replay('finn');
    return { finn: WON };
  }),
];

const money: readonly Scenario[] = [
  scenario('E19-rounding: half a cent is rounded as stated (E19)', sharing('12.5'), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000.04', ['finn']);
    await on.refer('greta');
    await on.win('other', '0.20', ['greta']);
    return { finn: 'approved, 125.01 EUR pending', greta: 'approved, 0.03 EUR pending' };
  }),
  inAccount(
    { rates: { USD: '0.8' } },
    scenario('E19-foreign: another currency counts at home (E19)', deals(), async (on) => {
      await on.refer('finn');
      await on.deal('sale', { dealStage: '$won', amount: '1250.00', currency: 'USD' }, ['finn']);
      return { finn: WON };
    }),
  ),
  inAccount(
    { timeZone: 'Europe/Berlin' },
    scenario('E20: a day is the account’s, and a date has none (E20)', deals({ decisions: COPIED }), async (on) => {
      await on.refer('finn');
      await on.set('finn', { since: '2026-11-30' });
      on.clock.advance(Date.UTC(2040, 0, 1, 23, 30) - (on.clock.now() % DAY_MS) - Date.UTC(2040, 0, 1));
      await on.win('sale', '1000', ['finn']);
      return { finn: WON, 'finn says statusReason': `Deal reached Closed Won on ${on.day('Europe/Berlin')}` };
    }),
  ),
];

const trouble: readonly Scenario[] = [
  scenario('E23-mapped: a field that is gone costs that field only (E23)', mapping('campaign'), async (on) => {
    on.world.removeField('campaign');
    await on.refer('finn');
    on.world.restoreField('campaign');
    await on.pass(15 * MINUTE_MS);
    await on.answer('retry', 'finn');
    return { finn: 'pending', 'finn says campaign': 'Customers' };
  }),
  scenario('E23-rule: a rule’s field is gone, the others go on (E23, E11)', tiers(WON_RULE), async (on) => {
    on.world.removeField('tier');
    await on.pass(7 * 60 * MINUTE_MS);
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    return { finn: PAID };
  }),
  scenario('E24: a revoked grant keeps the work and loses none (E24)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { amount: '1000' }, ['finn']);
    on.world.revokeGrant();
    await on.move('sale', '$won');
    expect(await on.connectionStatus()).toBe('needs_reauthorization');
    const { all } = on.world.calls();
    await on.refer('greta');
    expect(on.world.calls().all).toBe(all);
    await on.world.connect();
    await on.settle();
    return { finn: WON, greta: 'pending' };
  }),
  scenario('E37: what the CRM refuses is an entry, mended and retried (E37)', mapping('seats'), async (on) => {
    await on.refer('finn', { answers: { seats: 'a dozen' } });
    on.world.makeText('seats');
    await on.pass(15 * MINUTE_MS);
    await on.answer('retry', 'finn');
    return { finn: 'pending', 'finn says seats': 'a dozen' };
  }),
  scenario('E38: more people at a company than are looked at (E38, RR-38)', colleagues(2), async (on) => {
    const acme = on.company('Acme');
    for (const name of ['finn', 'greta', 'hugo']) await on.refer(name);
    for (const name of ['finn', 'greta', 'hugo']) on.world.joinCompany(on.id(name), acme);
    await on.settle();
    await on.set('Acme', { kind: 'customer' }, 'company');
    return { finn: 'pending', greta: 'pending', hugo: 'pending', '?': 'too_many_contacts' };
  }),
  scenario('outage: an hour without an answer is caught up with (E10, E24)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { amount: '1000' }, ['finn']);
    const over = on.world.outage();
    await on.signUp('greta');
    await on.move('sale', '$won');
    over();
    await on.pass(30 * MINUTE_MS);
    return { finn: WON, greta: 'pending' };
  }),
];

export const SCENARIOS: readonly Scenario[] = [
  ...course,
  ...several,
  ...records,
  ...decisions,
  ...money,
  ...trouble,
  ...SCENARIOS_OF_PEOPLE,
  ...SCENARIOS_OF_WRITES,
];
