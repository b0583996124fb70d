// Links to records lead to HubSpot, the real one or the local one, which has no pages; here they open the workbench's
// page of the same record.

const HUBSPOT = /^(?:https:\/\/app[\w-]*\.hubspot\.com|http:\/\/(?:127\.0\.0\.1|localhost):\d+)\//;
const RECORD = /\/contacts\/(\d+)\/record\/(0-[1235])\/(\d+)\/?$/;

/** The local page of a record link of this account; null for every other address. */
export function localRecord(href, portalId) {
  const [address] = href.split(/[?#]/);
  const [, portal, type, id] = (HUBSPOT.test(address) && RECORD.exec(address)) || [];
  return portal === String(portalId) ? `/workbench/record/${type}/${id}` : null;
}

let account = 0;

export function openRecord(href) {
  location.assign(localRecord(href, account) ?? href);
}

/** Before anybody else hears of the click: a card's links would open the real address in another window. */
export function routeRecordLinks(portalId) {
  account = portalId;
  for (const kind of ['click', 'auxclick']) {
    document.addEventListener(
      kind,
      (event) => {
        const link = event.target.closest?.('a[href]');
        const local = link && localRecord(link.href, portalId);
        if (!local) return;
        event.preventDefault();
        event.stopPropagation();
        if (event.ctrlKey || event.metaKey || event.button === 1) window.open(local, '_blank', 'noopener');
        else location.assign(local);
      },
      { capture: true },
    );
  }
}
