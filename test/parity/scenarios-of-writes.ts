import { expect } from 'vitest';
import { MINUTE_MS, type Play } from './play.ts';
import { customers, deals } from './programs.ts';
import { PAID, scenario, WON, type Scenario } from './scenario.ts';

const REFERRED_TWICE = ['finn', 'greta'];

/** Nothing is written however long it is waited. */
async function quietHour(on: Play): Promise<void> {
  const { writes } = on.world.calls();
  await on.pass(60 * MINUTE_MS);
  expect(on.world.calls().writes).toBe(writes);
}

/** An org's flow stores its value on everybody whose record is written, the other CRM where that field is. */
function clearOfAda(on: Play): void {
  on.world.overwrite(on.id('ada'), 'program', '');
}

/** What a CRM does not take, takes otherwise, or must not be given any more. */
export const SCENARIOS_OF_WRITES: readonly Scenario[] = [
  scenario('E26: who left is not called, and coming back loses nothing (E26)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { amount: '1000' }, ['finn']);
    await on.api('DELETE', `/connections/${on.tenant.connectionId}`);
    const { all } = on.world.calls();
    await on.move('sale', '$won');
    expect(on.world.calls().all).toBe(all);
    await on.world.connect();
    await on.settle();
    return { finn: WON };
  }),
  scenario('E26-busy: left in the middle of the work, it stops and is taken up again (E26)', deals(), async (on) => {
    await on.refer('finn');
    await on.deal('sale', { amount: '1000' }, ['finn']);
    on.world.set('deal', on.id('sale'), { dealStage: '$won' });
    await on.signUp('greta');
    await on.world.stage.deliver();
    on.clock.advance(MINUTE_MS);
    const working = on.world.stage.service.process(on.tenant);
    await on.api('DELETE', `/connections/${on.tenant.connectionId}`);
    await working;
    const { all } = on.world.calls();
    await on.pass(60 * MINUTE_MS);
    expect(on.world.calls().all).toBe(all);
    await on.world.connect();
    await on.settle();
    return { finn: WON, greta: 'pending', 'greta says referralStatus': 'pending' };
  }),
  scenario('E34: one record that cannot be written holds up no other (E34)', customers(), async (on) => {
    for (const name of REFERRED_TWICE) await on.refer(name);
    const accept = on.world.refusePeople([on.id('finn')]);
    for (const name of REFERRED_TWICE) on.world.set('person', on.id(name), { standing: 'customer' });
    await on.settle();
    accept();
    await on.replayDeadLetters();
    return { finn: PAID, greta: PAID, 'finn says referralStatus': 'approved' };
  }),
  scenario('E34-otherwise: a value stored otherwise is told of and not fought (E34, E23)', customers(), async (on) => {
    const mend = on.world.storeOtherwise('program', 'Another');
    await on.refer('finn');
    await quietHour(on);
    await on.set('finn', { standing: 'customer' });
    await quietHour(on);
    expect(await on.setAside()).toEqual([['value_coerced', ['program']]]);
    expect(on.ownValue('finn', 'program')).toBe('Another');
    mend();
    clearOfAda(on);
    await on.replayDeadLetters();
    expect(await on.setAside()).toEqual([]);
    return { finn: PAID, 'finn says program': 'Customers' };
  }),
  scenario('E34-left: what is still stored otherwise at the end stays set aside (E34)', customers(), async (on) => {
    const mend = on.world.storeOtherwise('program', 'Another');
    await on.refer('finn');
    await on.pass(60 * MINUTE_MS);
    await on.replayDeadLetters();
    await quietHour(on);
    mend();
    clearOfAda(on);
    return { finn: 'pending', 'finn says program': 'Another', 'finn says referralStatus': 'pending' };
  }),
  scenario('E34-by-hand: what a person changed in a field of ours is put right (E34)', customers(), async (on) => {
    await on.refer('finn');
    await on.after(() => on.world.overwrite(on.id('finn'), 'program', 'By hand'));
    expect(await on.setAside()).toEqual([]);
    await quietHour(on);
    return { finn: 'pending', 'finn says program': 'Customers' };
  }),
];
