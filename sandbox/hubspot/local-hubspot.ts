import type { AddressInfo } from 'node:net';

import { OffsetClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { answerControl } from './control/control-http.ts';
import { createControl } from './control/control.ts';
import type { Control } from './control/control.ts';
import { Router } from './http/router.ts';
import { ROUTES } from './http/routes.ts';
import { createHubSpotServer } from './http/server.ts';
import { Deliverer } from './webhooks/deliver.ts';
import { createWorld } from './world.ts';

export { connectLocalHubSpot } from './control/remote.ts';
export type { RemoteControl } from './control/remote.ts';
export type { Control } from './control/control.ts';

export interface LocalHubSpotOptions {
  /** 0, the default: any free port */
  port?: number;
  host?: '127.0.0.1';
  /** the only source of time; real time when absent, movable through `control.clock` */
  clock?: Clock;
  /** where state survives a restart; in memory only when absent */
  dataDir?: string;
  /** of fault rates, shuffles and event ids */
  seed?: number;
}

export interface LocalHubSpot {
  /** both api.hubapi.com and app.hubspot.com */
  url: string;
  control: Control;
  close(): Promise<void>;
}

/** Starts a HubSpot on loopback. See sandbox/README.md. */
export async function startLocalHubSpot(options: LocalHubSpotOptions = {}): Promise<LocalHubSpot> {
  const world = createWorld({
    clock: options.clock ?? new OffsetClock(),
    dataDir: options.dataDir,
    seed: options.seed ?? 1,
  });
  const deliverer = new Deliverer(world);
  const control = createControl(world, deliverer);
  const server = createHubSpotServer({
    world,
    router: new Router(ROUTES),
    control: (exchange) => answerControl(control, exchange),
    afterWork: () => deliverer.kick(),
  });
  // Longer than any client pools a connection: a reset here would be our doing, not a fault asked for.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  // What a run before this one left to deliver goes out at once.
  deliverer.kick();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    control,
    async close() {
      deliverer.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      world.store.close();
    },
  };
}
