import { join } from 'node:path';
import { loadConfig } from '../../backend/src/config.ts';
import { createDataDir, projectDir, resolveDataDir } from '../../backend/src/db/data-dir.ts';
import { run, type Running } from '../../backend/src/main.ts';
import { connectLocalHubSpot } from '../../sandbox/hubspot/local-hubspot.ts';
import { connectLocalSalesforce } from '../../sandbox/salesforce/local-salesforce.ts';
import { PORTAL_ID, type Stage } from './connect-account.ts';
import { ORG_ID } from './connect-org.ts';
import { lockData } from './data-lock.ts';
import type { Ending } from './ending.ts';
import { explained, requireFreePort } from './port.ts';
import { SandboxFiles, type AppCredentials, type ConsumerCredentials } from './sandbox-files.ts';
import { startSandboxProcess, type Addresses } from './sandbox-process.ts';
import { seed } from './seed.ts';
import { openServiceLog } from './service-log.ts';
import { StartFailed } from './start-failed.ts';

/** Without CRM credentials: the service with both local CRMs, a sample account in each and the workbench. Returns only to end. */
export async function startSandbox(environment: NodeJS.ProcessEnv, ending: Ending): Promise<never> {
  const config = loadConfig(environment);
  await requireFreePort(config.port);
  const dataDir = resolveDataDir(config.dataDir);
  createDataDir(dataDir);
  const lock = await lockData(dataDir);
  ending.add(() => lock.release());
  const files = new SandboxFiles(dataDir);
  const [credentials, consumer] = [files.credentials(), files.consumer()];
  const { logger, file: logFile } = openServiceLog(dataDir, config.logLevel);
  console.log('Starting Passalong with a local HubSpot and a local Salesforce …');
  const sandboxLog = join(dataDir, 'logs', 'sandbox.log');
  const { hubspotDir, salesforceDir } = files;
  const sandbox = await startSandboxProcess({ hubspotDir, salesforceDir, logFile: sandboxLog });
  ending.add(() => sandbox.stop());
  const settings = { ...environment, ...settingsFor({ credentials, consumer }, sandbox) };
  const running = await run(settings, logger).catch((error: unknown) => Promise.reject(explained(config.port, error)));
  ending.add(() => running.stop());
  const or = <T>(work: Promise<T>): Promise<T> => Promise.race([work, ending.asked, sandbox.lost]);

  const stage = stageOf({ running, port: config.port, sandbox, files, environment: settings });
  await or(uploadApp(stage, credentials));
  await or(registerApp(stage, consumer));
  sandbox.tell({ kind: 'deliver' });
  const apiKey = await or(seed(stage, (line) => console.log(line)));
  const connected = { serviceUrl: stage.serviceUrl, apiKey, portalId: PORTAL_ID };
  sandbox.tell({ kind: 'connected', connected, publicHost: new URL(running.url).hostname });
  console.log(welcome(running.url, sandbox, logFile));
  console.log(`passalong ready ${running.url}`);
  return Promise.race([ending.asked, sandbox.lost]);
}

type Apps = { readonly credentials: AppCredentials; readonly consumer: ConsumerCredentials };

function settingsFor({ credentials: app, consumer }: Apps, addresses: Addresses): NodeJS.ProcessEnv {
  const { hubspotUrl, salesforceUrl, sandboxLoginUrl, workbenchUrl } = addresses;
  return {
    HUBSPOT_APP_ID: String(app.appId),
    HUBSPOT_CLIENT_ID: app.clientId,
    HUBSPOT_CLIENT_SECRETS: app.clientSecret,
    HUBSPOT_API_URL: hubspotUrl,
    HUBSPOT_APP_URL: hubspotUrl,
    SALESFORCE_CLIENT_ID: consumer.clientId,
    SALESFORCE_CLIENT_SECRET: consumer.clientSecret,
    SALESFORCE_LOGIN_URL: salesforceUrl,
    SALESFORCE_SANDBOX_LOGIN_URL: sandboxLoginUrl,
    // The local Salesforce has no streams, and nobody else is to be called.
    SALESFORCE_CHANGE_SOURCES: 'poll',
    WORKBENCH_URL: workbenchUrl,
  };
}

function stageOf(
  input: Pick<Stage, 'files' | 'environment'> & { running: Running; port: number; sandbox: Addresses },
): Stage {
  const { running, port, sandbox, files, environment } = input;
  return {
    hubspot: connectLocalHubSpot(sandbox.hubspotUrl),
    salesforce: connectLocalSalesforce(sandbox.salesforceUrl),
    serviceUrl: port === 0 ? running.url : `http://127.0.0.1:${port}`,
    publicUrl: running.url,
    files,
    environment,
  };
}

/** What `hs project upload` does at HubSpot: at every start, because the public address may be another one. */
async function uploadApp({ hubspot, publicUrl, serviceUrl }: Stage, app: AppCredentials): Promise<void> {
  const { origin } = new URL(publicUrl);
  await hubspot
    .uploadApp({
      projectDir: join(projectDir, 'hubspot-app'),
      variables: { PUBLIC_URL: publicUrl },
      appId: app.appId,
      clientId: app.clientId,
      clientSecrets: [app.clientSecret],
      // Signed for the public address and delivered here: a tunnel need not be up.
      proxy: { [origin]: serviceUrl },
    })
    .catch((error: unknown) => {
      throw new StartFailed(
        `The local HubSpot refused the app project: ${error instanceof Error ? error.message : String(error)}`,
        'PUBLIC_URL must be https or http://localhost, as at HubSpot; unset it to use localhost.',
        error,
      );
    });
}

/** What a developer does in the setup of Salesforce, likewise at every start. */
async function registerApp({ salesforce, publicUrl }: Stage, consumer: ConsumerCredentials): Promise<void> {
  await salesforce.registerApp({ ...consumer, redirectUris: [`${publicUrl}/salesforce/oauth/callback`] });
}

function welcome(url: string, { hubspotUrl, salesforceUrl }: Addresses, logFile: string): string {
  return `
Passalong runs with a local HubSpot account and a local Salesforce org; no CRM credentials were given.

  Workbench         ${url}/
  API document      ${url}/openapi.json
  API key           npm run api-key -- --portal ${PORTAL_ID}
                    npm run api-key -- --org ${ORG_ID}
  Local HubSpot     ${hubspotUrl}  (account ${PORTAL_ID}; how to drive it: sandbox/README.md)
  Local Salesforce  ${salesforceUrl}  (org ${ORG_ID}; how to drive it: sandbox/README.md)
  Log               ${logFile}
  Stop              Ctrl-C; the data stays
`;
}
