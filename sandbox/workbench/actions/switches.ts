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
};

/** Switches one of the two faults on or off. */
export function switchAction(name: SwitchName): Action {
  return (bench, given) => {
    const on = given['on'] === 'true';
    bench.switches.set(name, on);
    return { message: SAID[name][on ? 'on' : 'off'] };
  };
}
