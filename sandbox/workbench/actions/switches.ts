import type { SwitchName } from '../workbench.ts';
import type { Action } from './action.ts';

const SAID: Readonly<Record<SwitchName, { on: string; off: string }>> = {
  'deliver-twice': {
    on: 'Every webhook now comes twice, the second time as if it were another event.',
    off: 'Webhooks come once again.',
  },
  'hubspot-down': {
    on: 'HubSpot’s API answers nobody now. What Passalong has to write waits.',
    off: 'HubSpot’s API is back. What waited is written as soon as Passalong tries again.',
  },
  'passalong-slow': {
    on: 'Passalong now takes 20 seconds to answer a card; HubSpot waits for 15 at most.',
    off: 'Passalong answers cards at once again.',
  },
  'passalong-down': {
    on: 'Cards cannot reach Passalong now. Reload the card to see what it says.',
    off: 'Cards reach Passalong again.',
  },
  'answers-lost': {
    on: 'What a rep does in a card is done now, and its answer never arrives.',
    off: 'Answers reach the cards again. Do the same once more: nothing is done twice.',
  },
};

/** Switches one of the faults on or off. */
export function switchAction(name: SwitchName): Action {
  return (bench, given) => {
    const on = given['on'] === 'true';
    bench.switches.set(name, on);
    return { message: SAID[name][on ? 'on' : 'off'] };
  };
}
