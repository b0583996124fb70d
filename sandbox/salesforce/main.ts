import { parseArgs } from 'node:util';

import { startLocalSalesforce } from './local-salesforce.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'data-dir': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const dataDir = values['data-dir'];
const salesforce = await startLocalSalesforce({
  port: Number(values.port),
  seed: Number(values.seed),
  ...(dataDir !== undefined && { dataDir }),
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await salesforce.close();
  process.exit(0);
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
// A parent that dies must not leave us behind.
process.once('disconnect', () => void stop());

const { url, sandboxLoginUrl } = salesforce;
console.log(`local-salesforce ready ${url}`);
process.send?.({ url, sandboxLoginUrl });
