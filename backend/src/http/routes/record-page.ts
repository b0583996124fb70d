import type { RequestHandler } from 'express';
import { sobjectOfId } from '../../crm/salesforce/record-ids.ts';
import { findRecordPage, type RecordPage, type RecordPageOf } from '../../referrals/record-page-store.ts';
import { pageNotFound } from '../public/notices.ts';
import { sendPublicPage } from '../public/page-shell.ts';
import type { PublicEdge } from '../public/public-edge.ts';

/** A host with or without a port, and nothing behind it. */
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+)(:|$)/;

/**
 * `GET /go/referrals/:id`, `GET /go/advocates/:id`: sends whoever opens a link on a friend's record to the record it
 * stands for. The CRM's own sign-in decides what they see there; nothing of ours is told, but the record's id.
 */
export function openRecordPage(edge: Pick<PublicEdge, 'database' | 'guards'>, of: RecordPageOf): RequestHandler {
  const { database, guards } = edge;
  return async (request, response) => {
    guards.allowLookUp(request);
    const page = await findRecordPage(database, of, String(request.params['id'] ?? ''));
    // Again: of a thousand guesses at once, those beyond the limit learn nothing either.
    guards.allowLookUp(request);
    const target = page && recordUrl(page);
    if (target !== null) return response.redirect(302, target);
    guards.countMiss(request);
    sendPublicPage(response, pageNotFound());
  };
}

/** Of our own object without its name: that has a prefix where it came in a package, and Lightning knows it by the id. */
function recordUrl({ uiDomain, recordId }: RecordPage): string | null {
  if (!HOST.test(uiDomain)) return null;
  const sobject = sobjectOfId('contact', recordId);
  const path = [...(sobject === null ? [] : [sobject]), encodeURIComponent(recordId), 'view'].join('/');
  return `${LOOPBACK.test(uiDomain) ? 'http' : 'https'}://${uiDomain}/lightning/r/${path}`;
}
