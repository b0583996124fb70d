import { parseArgs } from 'node:util';

import { startLocalHubSpot } from './local-hubspot.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const dataDir = values['data-dir'];
const hubspot = await startLocalHubSpot({
  port: Number(values.port),
  seed: Number(values.seed),
  ...(dataDir !== undefined && { dataDir }),
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await hubspot.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
// A parent that dies must not leave us behind.
process.once('disconnect', () => void stop());

console.log(`local-hubspot ready ${hubspot.url}`);
process.send?.({ url: hubspot.url });
