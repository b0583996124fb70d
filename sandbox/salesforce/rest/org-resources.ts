import { VERSIONS } from '../http/admit.ts';
import { dataCall, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { usedCalls } from '../state/api-usage.ts';

const SEASONS = ['Spring', 'Summer', 'Winter'];

/** GET /services/data */
export const listVersions = (): Reply =>
  ok(VERSIONS.map((version) => ({ label: releaseOf(Number(version)), url: `/services/data/v${version}`, version })));

/** Three releases a year; 66.0 was Spring '26. */
function releaseOf(version: number): string {
  const since = version - 66 + 3 * 10;
  const winter = since % 3 === 2 ? 1 : 0;
  return `${SEASONS[since % 3] ?? ''} '${16 + Math.floor(since / 3) + winter}`;
}

/** GET /services/data/:version */
export function listResources(exchange: Exchange): Reply {
  const { version } = dataCall(exchange);
  const names = ['limits', 'sobjects', 'query', 'queryAll', 'composite', 'connect'];
  return ok(Object.fromEntries(names.map((name) => [name, `/services/data/v${version}/${name}`])));
}

/** GET /limits */
export function readLimits(exchange: Exchange): Reply {
  const { org } = dataCall(exchange);
  const used = usedCalls(org, exchange.now);
  const whole = (Max: number) => ({ Max, Remaining: Max });
  return ok({
    DailyApiRequests: { Max: org.apiAllowed, Remaining: Math.max(0, org.apiAllowed - used) },
    DailyBulkV2QueryJobs: whole(10_000),
    DailyDurableStreamingApiEvents: whole(200_000),
    DailyStreamingApiEvents: whole(200_000),
    DurableStreamingApiConcurrentClients: whole(1000),
    StreamingApiConcurrentClients: whole(1000),
    DailyDeliveredPlatformEvents: whole(25_000),
  });
}

/** GET /connect/organization: also the only place that tells a single-currency org's currency. */
export function readOrganization(exchange: Exchange): Reply {
  const { org, session } = dataCall(exchange);
  return ok({
    accessTimeout: 120,
    features: {
      defaultCurrencyIsoCode: org.currencies[0]?.isoCode,
      multiCurrency: org.currencies.length > 1,
      chatter: true,
      thanksAllowed: true,
    },
    maintenanceInfo: [],
    name: org.name,
    orgId: org.orgId,
    userSettings: {
      userId: session.userId,
      timeZone: { name: org.timeZone },
      currencySymbol: org.currencies[0]?.isoCode,
    },
  });
}
