/** Where an account's pages are: its own domain when it has one, else the CRM's common address. */
export type CrmPages = {
  readonly appUrl: string;
  /** Host name, such as `app-eu1.hubspot.com`. */
  readonly uiDomain: string | null;
  /** HubSpot's portal id. */
  readonly accountId: string;
};

const LOOPBACK = /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;

/**
 * HubSpot's page of a contact; `0-1` is its number for contacts. A CRM on this very machine keeps its address, whatever
 * domain its accounts name: a link must not leave for somebody else's account there.
 */
export function contactRecordUrl({ appUrl, uiDomain, accountId }: CrmPages, recordId: string): string {
  const own = appUrl.replace(/\/+$/, '');
  const base = uiDomain === null || LOOPBACK.test(appUrl) ? own : `https://${uiDomain}`;
  return `${base}/contacts/${encodeURIComponent(accountId)}/record/0-1/${encodeURIComponent(recordId)}`;
}
