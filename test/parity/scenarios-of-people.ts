import { expect } from 'vitest';
import { DAY_MS } from './play.ts';
import { colleagues, customers, dealing, deals, honest, knowing, matching, seats } from './programs.ts';
import { PAID, scenario, WON, type Scenario } from './scenario.ts';

/** Whose records are whose, and what is written to them or made for them. */
export const SCENARIOS_OF_PEOPLE: readonly Scenario[] = [
  ...(['link', 'fill_blanks', 'overwrite_mapped'] as const).map((policy) =>
    scenario(`E14-${policy}: what is written to who was known (E13, E14, E34)`, knowing(policy), async (on) => {
      on.person('finn', { firstName: 'Phineas', standing: 'customer', origin: 'Fair' });
      on.clock.advance(DAY_MS);
      await on.refer('finn', { phone: '+49 30 1' });
      return {
        finn: 'pending',
        'finn says firstName': policy === 'overwrite_mapped' ? 'Finn' : 'Phineas',
        'finn says phone': policy === 'link' ? '' : '+49 30 1',
        'finn says standing': 'customer',
      };
    }),
  ),
  scenario('E14-review: somebody known waits for a person (E14, RR-41)', knowing('review'), async (on) => {
    on.person('finn', { standing: 'customer' });
    on.clock.advance(DAY_MS);
    await on.refer('finn');
    return { finn: 'pending', '?': 'existing_contact' };
  }),
  scenario('E15-mailbox: a shared mailbox is asked about, its alias is nobody’s (E15)', matching(), async (on) => {
    await on.refer('info', { externalId: 'order-7' });
    await on.after(() => on.person('fred', { shopId: 'order-7' }));
    await on.after(() => on.person('colleague', { email: 'info@example.org', standing: 'customer' }));
    await on.after(() => on.person('alias', { email: 'info+sales@example.org', standing: 'customer' }));
    return { info: 'pending', '?': 'match_shared_mailbox' };
  }),
  scenario('E15-nobody: who has no address is known by the record (E15, RR-36)', matching(), async (on) => {
    const silent = on.person('silent', { email: '', lastName: 'Silent', code: on.code('ada') });
    await on.settle();
    on.world.set('person', silent, { standing: 'customer' });
    await on.settle();
    return { silent: PAID };
  }),
  scenario('RR-36: a code on a record adds the referral once (RR-36, RR-41)', matching(), async (on) => {
    on.person('mia');
    await on.set('mia', { code: 'zzzzzzzzzzz' });
    await on.set('mia', { code: on.code('ada').toUpperCase() });
    await on.set('mia', { standing: 'customer' });
    return { mia: PAID };
  }),
  scenario('RR-37: the shop’s number of a referral leads to it (RR-37, RR-39)', matching(), async (on) => {
    await on.refer('otto', { externalId: 'order-9' });
    on.person('private', { shopId: 'order-9', standing: 'customer' });
    await on.settle();
    return { otto: PAID };
  }),
  scenario('E16: a name alone is a question, and a yes makes the friend (E16)', matching(), async (on) => {
    await on.refer('katharina', { firstName: 'Katharina', lastName: 'Hofmann' });
    on.person('kathi', { email: '', firstName: 'Katharina', lastName: 'Hofmann' });
    await on.settle();
    await on.answer('approve', null);
    await on.set('kathi', { standing: 'customer' });
    return { katharina: PAID };
  }),
  scenario('E16-margin: of two nearly equal names neither is paid without a person (E16)', matching(), async (on) => {
    await on.refer('katharina', { firstName: 'Katharina', lastName: 'Hofmann' });
    await on.refer('katharine', { firstName: 'Katharine', lastName: 'Hofmann' });
    on.person('kathi', { email: '', firstName: 'Katharina', lastName: 'Hofmann', standing: 'customer' });
    await on.settle();
    await on.set('kathi', { firstName: 'Katharine' });
    return { katharina: 'pending', katharine: 'pending', '?': 'match_several_names' };
  }),
  scenario('E17: the first advocate stands, another program is its own (E17)', customers(), async (on) => {
    await on.enrol('bea');
    await on.refer('finn');
    expect((await on.signUp('finn', { by: 'bea' })).status).toBe(409);
    const other = await on.launch(customers({ name: 'Others' }));
    await on.enrol('bea', {}, other);
    await on.api('POST', `/programs/${other}/referrals`, {
      code: on.code(`bea in ${other}`),
      email: on.emailOf('finn'),
    });
    await on.settle();
    await on.set('finn', { standing: 'customer' });
    return { finn: PAID, 'finn too': PAID };
  }),
  scenario('E18-phone: friend and advocate share a number (E18)', customers(), async (on) => {
    await on.set('ada', { mobile: '030 / 123 45 67' });
    await on.refer('finn', { phone: '+49 30 1234567' });
    await on.answer('approve', 'finn');
    await on.set('finn', { standing: 'customer' });
    return { finn: PAID };
  }),
  scenario('E18-company: one company is not accepted (E18)', honest({ sameCompany: 'deny' }), async (on) => {
    const acme = on.company('Acme');
    for (const person of [on.id('ada'), on.person('finn')]) on.world.joinCompany(person, acme);
    on.clock.advance(DAY_MS);
    await on.refer('finn');
    return { finn: 'denied' };
  }),
  scenario('E18-rep: a rep refers whom they own (E18)', customers(), async (on) => {
    const owner = on.world.addOwner({ firstName: 'Ada', lastName: 'Advocate', email: on.emailOf('ada') });
    on.person('finn', { owner });
    await on.deal('old', { owner }, ['finn']);
    on.clock.advance(DAY_MS);
    await on.refer('finn');
    return { finn: 'pending', '?': 'integrity' };
  }),
  scenario('E18-customer: a won deal from before (E18)', honest({ existingCustomer: 'deny' }), async (on) => {
    on.person('finn');
    await on.win('old', '5', ['finn']);
    on.clock.advance(DAY_MS);
    await on.refer('finn');
    return { finn: 'denied' };
  }),
  scenario('company: a company that becomes a customer approves its people (RR-53)', colleagues(50), async (on) => {
    const acme = on.company('Acme');
    await on.refer('finn');
    await on.after(() => on.world.joinCompany(on.id('finn'), acme));
    await on.set('Acme', { kind: 'customer' }, 'company');
    return { finn: PAID };
  }),
  scenario('approved-reward: a reward that somebody approves (RF-42, RF-10)', deals(), async (on) => {
    await on.refer('finn');
    await on.win('sale', '1000', ['finn']);
    const { items } = await on.api('GET', '/rewards');
    await on.after(() => on.api('POST', `/rewards/${items[0].id}/approve`));
    return { finn: 'approved, 100.00 EUR approved' };
  }),
  scenario('seats: a number at or above the rule’s (RR-32)', seats(), async (on) => {
    await on.refer('finn');
    await on.set('finn', { seats: '9' });
    await on.set('finn', { seats: '12' });
    return { finn: PAID };
  }),
  scenario('deal-create: the friend’s deal is made once and carries its id (RF-28)', dealing('create'), async (on) => {
    await on.refer('finn');
    const [made = '', ...others] = on.world.liveDeals();
    expect([others, on.referralOn(made)]).toEqual([[], 'finn']);
    await on.after(() => on.world.set('deal', made, { amount: '1000', dealStage: '$won' }));
    return { finn: WON };
  }),
  scenario('deal-attach: the open deal becomes the referral’s (C9)', dealing('attach'), async (on) => {
    on.person('finn');
    await on.deal('sale', { amount: '1000' }, ['finn']);
    await on.refer('finn');
    expect(on.referralOn(on.id('sale'))).toBe('finn');
    await on.move('sale', '$won');
    return { finn: WON };
  }),
];
