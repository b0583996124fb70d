import type { Control } from '../hubspot/local-hubspot.ts';
import type { TimelineItem } from './timeline/item.ts';

export const SWITCH_NAMES = [
  'deliver-twice',
  'hubspot-down',
  'passalong-slow',
  'passalong-down',
  'answers-lost',
] as const;
export type SwitchName = (typeof SWITCH_NAMES)[number];

type Fault = Parameters<Control['faults']['add']>[0];

/** Longer than HubSpot waits for a card's request by itself. */
export const SLOW_MS = 20_000;

const FAULTS: Readonly<Record<Exclude<SwitchName, 'deliver-twice'>, Fault>> = {
  'hubspot-down': { kind: 'down' },
  'passalong-slow': { kind: 'cardSlow', delayMs: SLOW_MS },
  'passalong-down': { kind: 'cardDown' },
  // Only of what changes something: the card loads, and then a rep does not learn that a change was made.
  'answers-lost': { kind: 'cardAnswerLost', method: 'POST' },
};

const MOST_NOTES = 50;

/** The faults a person can switch on, and what was switched when: HubSpot's records remember neither. */
export class Switches {
  readonly notes: TimelineItem[] = [];
  readonly #control: Control;
  #deliverTwice = false;

  constructor(control: Control) {
    this.#control = control;
  }

  isOn(name: SwitchName): boolean {
    return name === 'deliver-twice' ? this.#deliverTwice : this.#faults(name).length > 0;
  }

  all(): Record<SwitchName, boolean> {
    return Object.fromEntries(SWITCH_NAMES.map((name) => [name, this.isOn(name)])) as Record<SwitchName, boolean>;
  }

  set(name: SwitchName, on: boolean): void {
    if (this.isOn(name) === on) return;
    if (name === 'deliver-twice') {
      this.#deliverTwice = on;
      // The second copy looks like another event, as HubSpot's own duplicates may.
      this.#control.deliveries.disorder(on ? { copies: 2, freshCopies: true } : {});
    } else if (on) this.#control.faults.add({ ...FAULTS[name] });
    else for (const { id } of this.#faults(name)) this.#control.faults.remove(id);
    this.note(NOTES[name][on ? 'on' : 'off']);
  }

  note(title: string): void {
    const atMs = this.#control.clock.now();
    this.notes.push({ atMs, side: 'hubspot', kind: 'action', title, details: [], tone: 'waiting' });
    if (this.notes.length > MOST_NOTES) this.notes.shift();
  }

  #faults(name: keyof typeof FAULTS) {
    const wanted = FAULTS[name].kind;
    return this.#control.faults.list().filter(({ kind, portalId, path }) => kind === wanted && !portalId && !path);
  }
}

const NOTES: Readonly<Record<SwitchName, { on: string; off: string }>> = {
  'deliver-twice': { on: 'Every webhook is now delivered twice', off: 'Webhooks are delivered once again' },
  'hubspot-down': { on: 'HubSpot’s API was switched off', off: 'HubSpot’s API is back' },
  'passalong-slow': {
    on: 'Passalong now answers cards after 20 seconds',
    off: 'Passalong answers cards at once again',
  },
  'passalong-down': { on: 'Cards can no longer reach Passalong', off: 'Cards reach Passalong again' },
  'answers-lost': { on: 'Answers to what reps do in cards get lost', off: 'Answers reach the cards again' },
};
