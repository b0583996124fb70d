import type { Control } from '../hubspot/local-hubspot.ts';
import { ServiceViewer } from './reading/service-view.ts';
import { serviceApi } from './service-api.ts';
import type { ServiceApi } from './service-api.ts';
import type { TimelineItem } from './timeline/item.ts';

/** What the workbench is told once the service runs and the account is connected. */
export interface Connected {
  /** where the service is called from this machine */
  serviceUrl: string;
  /** stays in this process: no page and no log carries it */
  apiKey: string;
  portalId: number;
}

/** The workbench of one account, with the service behind it. */
export interface Bench {
  control: Control;
  portalId: number;
  api: ServiceApi;
  viewer: ServiceViewer;
  switches: Switches;
}

export type SwitchName = 'deliver-twice' | 'hubspot-down';

const MOST_NOTES = 50;

/** The two faults a person can switch on, and what was switched when: HubSpot's records remember neither. */
export class Switches {
  readonly notes: TimelineItem[] = [];
  readonly #control: Control;
  #deliverTwice = false;

  constructor(control: Control) {
    this.#control = control;
  }

  isOn(name: SwitchName): boolean {
    return name === 'deliver-twice' ? this.#deliverTwice : this.#downFaults().length > 0;
  }

  set(name: SwitchName, on: boolean): void {
    if (this.isOn(name) === on) return;
    if (name === 'deliver-twice') {
      this.#deliverTwice = on;
      // The second copy looks like another event, as HubSpot's own duplicates may.
      this.#control.deliveries.disorder(on ? { copies: 2, freshCopies: true } : {});
    } else if (on) this.#control.faults.add({ kind: 'down' });
    else for (const { id } of this.#downFaults()) this.#control.faults.remove(id);
    this.#note(NOTES[name][on ? 'on' : 'off']);
  }

  #downFaults() {
    return this.#control.faults.list().filter(({ kind, portalId, path }) => kind === 'down' && !portalId && !path);
  }

  #note(title: string): void {
    const atMs = this.#control.clock.now();
    this.notes.push({ atMs, side: 'hubspot', kind: 'action', title, details: [], tone: 'waiting' });
    if (this.notes.length > MOST_NOTES) this.notes.shift();
  }
}

const NOTES: Readonly<Record<SwitchName, { on: string; off: string }>> = {
  'deliver-twice': { on: 'Every webhook is now delivered twice', off: 'Webhooks are delivered once again' },
  'hubspot-down': { on: 'HubSpot’s API was switched off', off: 'HubSpot’s API is back' },
};

export function createBench(control: Control, connected: Connected): Bench {
  const api = serviceApi({ url: connected.serviceUrl, apiKey: connected.apiKey });
  const { portalId } = connected;
  return { control, portalId, api, viewer: new ServiceViewer(api), switches: new Switches(control) };
}
