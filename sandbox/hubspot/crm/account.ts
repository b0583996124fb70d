import { callerOf, noContent, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { portalOf } from '../state/lookup.ts';

function utcOffsetMs(timeZone: string, atMs: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(atMs)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

/** GET /account-info/2026-09/details */
export function accountDetails(exchange: Exchange): Reply {
  const portal = portalOf(exchange.world.state, callerOf(exchange).portalId);
  const offsetMs = utcOffsetMs(portal.timeZone, exchange.now);
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return ok({
    portalId: portal.portalId,
    accountType: 'STANDARD',
    timeZone: portal.timeZone,
    companyCurrency: portal.currency,
    additionalCurrencies: [],
    utcOffset: `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`,
    utcOffsetMilliseconds: offsetMs,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'na1',
  });
}

/** DELETE /appinstalls/2026-09/external-install: the app takes itself out of the account */
export function uninstallSelf(exchange: Exchange): Reply {
  const { appId, portalId } = callerOf(exchange);
  exchange.world.store.commit({ kind: 'app.uninstalled', appId, portalId });
  return noContent();
}
