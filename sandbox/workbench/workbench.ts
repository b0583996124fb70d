import type { Control } from '../hubspot/local-hubspot.ts';
import { ServiceViewer } from './reading/service-view.ts';
import { serviceApi } from './service-api.ts';
import type { ServiceApi } from './service-api.ts';
import { Switches } from './switches.ts';

export type { SwitchName } from './switches.ts';

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
  /** who sits at it: the user whose name goes into changes and whom cards see; null: the account's first user */
  desk: { userId: number | null };
}

export function createBench(control: Control, connected: Connected): Bench {
  const api = serviceApi({ url: connected.serviceUrl, apiKey: connected.apiKey });
  const { portalId } = connected;
  return {
    control,
    portalId,
    api,
    viewer: new ServiceViewer(api),
    switches: new Switches(control),
    desk: { userId: null },
  };
}
