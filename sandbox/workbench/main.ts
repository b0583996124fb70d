import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { startLocalHubSpot } from '../hubspot/local-hubspot.ts';
import { startLocalSalesforce } from '../salesforce/local-salesforce.ts';
import { buildOurCards, CardShelf } from './record/card-assets.ts';
import { createWorkbenchServer } from './server.ts';
import { createBench } from './workbench.ts';
import type { Bench, Connected } from './workbench.ts';

/**
 * The process `npm start` runs beside the service: the local HubSpot, the local Salesforce and the workbench. Over IPC it
 * says where they listen, and is told when the service can take webhooks and when the account is connected.
 */
type Told = { kind: 'deliver' } | { kind: 'connected'; connected: Connected; publicHost: string };

const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, 'salesforce-dir': { type: 'string' } } });
const kept = (dataDir: string | undefined) => (dataDir === undefined ? {} : { dataDir });
const hubspot = await startLocalHubSpot(kept(values['data-dir']));
const salesforce = await startLocalSalesforce(kept(values['salesforce-dir']));
// What an earlier run left to deliver would find nobody yet, and then wait a minute for its next turn.
hubspot.control.deliveries.hold();

let bench: Bench | null = null;
let ownHost = 'localhost';
const shelf = new CardShelf(buildOurCards);
const server = createWorkbenchServer({ bench: () => bench, ownHost: () => ownHost, shelf });
server.keepAliveTimeout = 120_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const workbenchUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

process.on('message', (told: Told) => {
  if (told.kind === 'deliver') return hubspot.control.deliveries.release();
  ownHost = told.publicHost;
  bench = createBench(hubspot.control, told.connected);
  // Begun before anybody looks; what is wrong with a card is said where the card would be.
  void shelf.files(bench).catch((error: unknown) => console.error('cards:', error));
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  server.close();
  server.closeAllConnections();
  await hubspot.close();
  await salesforce.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
// Ctrl-C reaches the whole group; whoever started us decides the order, and its end closes the channel.
process.on('SIGINT', () => {
  if (!process.connected) void stop();
});
process.once('disconnect', () => void stop());

const { url: salesforceUrl, sandboxLoginUrl } = salesforce;
process.send?.({ hubspotUrl: hubspot.url, salesforceUrl, sandboxLoginUrl, workbenchUrl });
if (!process.send) {
  console.log(`local-hubspot ready ${hubspot.url}\nlocal-salesforce ready ${salesforceUrl}`);
  console.log(`workbench ready ${workbenchUrl}`);
}
