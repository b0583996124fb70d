import { loadConfig } from '../../backend/src/config.ts';
import { run } from '../../backend/src/main.ts';
import { createLogger } from '../../backend/src/observability/logger.ts';
import type { Ending } from './ending.ts';
import { explained, requireFreePort } from './port.ts';

/** With CRM credentials: the service and nothing else. Its log goes to stderr, so that stdout ends with the ready line. */
export async function startServiceAlone(environment: NodeJS.ProcessEnv, ending: Ending): Promise<never> {
  const { port, logLevel } = loadConfig(environment);
  await requireFreePort(port);
  const logger = createLogger({ level: logLevel, destination: process.stderr });
  const running = await run(environment, logger).catch((error: unknown) => Promise.reject(explained(port, error)));
  ending.add(() => running.stop());
  console.log(`passalong ready ${running.url}`);
  return ending.asked;
}
