import { Ending, report } from './start/ending.ts';
import { startSandbox } from './start/sandbox.ts';
import { startServiceAlone } from './start/service-alone.ts';

/**
 * `npm start`: stays up until it is told to stop. With the credentials of a CRM app in the environment the service alone,
 * without them everything needed to try it: a local HubSpot and a local Salesforce, a sample account in each, the workbench.
 */
const ending = new Ending();
const hasCredentials = ['HUBSPOT_CLIENT_ID', 'SALESFORCE_CLIENT_ID'].some((name) => process.env[name]?.trim());
const start = hasCredentials ? startServiceAlone : startSandbox;

const reason: unknown = await start(process.env, ending).catch((error: unknown) => error);
const exitCode = report(reason);
await ending.unwind().catch((error: unknown) => console.error('While stopping:', error));
process.exit(exitCode);
