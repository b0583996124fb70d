import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../backend/src/observability/logger.ts';
import { createService, type Service } from '../../backend/src/service.ts';
import { MINUTE_MS, openSalesforceSite, SAID_SO } from './salesforce-site.ts';
import { salesforceConfig } from './salesforce-stage.ts';
import { APP_ID, CLIENT_ID, CLIENT_SECRET, SECRET_KEY, openStage, type Stage } from './stage.ts';

/** By how much the org's clock is behind ours. */
const BEHIND_MS = 20 * MINUTE_MS;
/** More than a page of contacts. */
const CHANGED = 2_100;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ crms: ['salesforce'] });
});
afterAll(() => stage.close());

/** Another process on the same database: it has not heard the org's time yet. */
async function restarted(): Promise<Service> {
  const none = (): Promise<never> => Promise.resolve() as never;
  const app = { appId: String(APP_ID), clientId: CLIENT_ID, clientSecrets: [CLIENT_SECRET], callReserve: 0 };
  const service = createService({
    publicUrl: stage.publicUrl,
    databaseUrl: stage.database.appUrl,
    secretKeys: [SECRET_KEY],
    clock: stage.clock,
    queue: { start: none, stop: none, wake: none, work: none, daily: none, check: none },
    logger: createLogger({ level: 'silent' }),
    config: {
      role: 'all',
      inboxRetentionDays: 30,
      enrolmentCheckMinutes: 15,
      workbenchUrl: null,
      hubspot: { ...app, apiUrl: stage.hubspot.url, appUrl: stage.hubspot.url },
      salesforce: salesforceConfig(stage.salesforce),
    },
  });
  await service.start();
  return service;
}

test('a restart while the org’s clock is behind ours, and a walk that rests between two pages, lose no change', async () => {
  const site = await openSalesforceSite(stage, {
    decisions: { alreadyMet: 'qualify' },
    rules: [SAID_SO],
    rewardRules: [],
  });
  stage.salesforce.control.clock.skew(-BEHIND_MS);
  await site.settle(2 * BEHIND_MS);
  const referralId = await site.refer('finn@example.org');
  await site.settle();
  const contactId = site.one('Contact', 'finn@example.org').Id;
  const service = await restarted();
  const goOn = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 5_000) {
      stage.clock.advance(5_000);
      await service.process(site.tenant);
    }
  };
  site.org.addMany({ count: CHANGED, overDays: 0 });
  site.org.set(contactId, { Description: 'on the first page' });
  // The brake is on after the first page.
  site.org.setApiUsage(11_998, 15_000);
  stage.clock.advance(MINUTE_MS);
  await service.process(site.tenant);
  await goOn(MINUTE_MS);
  const [walk] = await stage.rows<{ after_id: string | null }>(
    `select after_id from poll_cursors where object_type = 'contact'`,
  );
  expect(walk?.after_id).not.toBeNull();
  site.org.set(contactId, { LeadSource: 'Partner Referral' });
  site.org.setApiUsage(100, 15_000);
  await goOn(2 * BEHIND_MS);
  await service.stop();
  expect(await site.referral(referralId)).toMatchObject({ status: 'qualified' });
});
