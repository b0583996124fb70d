import { createWorkbenchServer } from '../../sandbox/workbench/server.ts';
import { buildOurCards, CardShelf } from '../../sandbox/workbench/record/card-assets.ts';
import { createBench, type Bench } from '../../sandbox/workbench/workbench.ts';
import { openStage, type Stage, type Tenant } from '../journeys/stage.ts';
import { listen, urlOf } from './fake-service.ts';

/** The whole product with real cards, whose clock, faults and accounts the test decides. */
export type CardBench = {
  readonly stage: Stage;
  readonly url: string;
  /** A connected account; its record pages are shown until another one is chosen. */
  account(input: AccountInput): Promise<Tenant>;
  choose(tenant: Tenant): void;
  close(): Promise<void>;
};

/** What links look like to customers; nothing is ever asked of it. */
export const LINK_URL = 'https://refer.example.com';

type AccountInput = { readonly portalId: number; readonly name: string; readonly currency?: string };

export async function openCardBench(): Promise<CardBench> {
  const stage = await openStage({ linkUrl: LINK_URL });
  const { control } = stage.hubspot;
  const benches = new Map<number, Bench>();
  let chosen: Bench | null = null;
  const server = createWorkbenchServer({
    bench: () => chosen,
    ownHost: () => '127.0.0.1',
    shelf: new CardShelf(buildOurCards),
  });
  await listen(server);
  return {
    stage,
    url: urlOf(server),
    async account({ portalId, ...details }) {
      control.createPortal({ portalId, seed: 'empty', timeZone: 'Europe/Berlin', currency: 'EUR', ...details });
      const tenant = await stage.install(portalId);
      await stage.settle();
      const { apiKey } = tenant;
      chosen = createBench(control, { serviceUrl: stage.publicUrl, apiKey, portalId });
      benches.set(portalId, chosen);
      return tenant;
    },
    choose: ({ portalId }) => void (chosen = benches.get(portalId) ?? null),
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await stage.close();
    },
  };
}
