import type { IncomingMessage } from 'node:http';
import { isOwnPage, jsonAnswer, readJson } from '../http-answers.ts';
import type { Answer } from '../http-answers.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';

/** More than HubSpot takes of a card, so that the refusal comes from the local HubSpot and not from here. */
const MOST_BYTES = 2_000_000;

/**
 * What the page's part of HubSpot does when a card calls `hubspot.fetch`: hands it to the local HubSpot with whoever
 * sits at the workbench. The record is not part of it, as at HubSpot.
 */
export async function cardRequest(bench: Bench | null, ownHost: string, request: IncomingMessage): Promise<Answer> {
  if (!isOwnPage(request, ownHost)) return jsonAnswer(403, { message: 'Only a record page may do this.' });
  const given = await readJson(request, MOST_BYTES);
  if (!bench) return jsonAnswer(503, { message: 'The sample account is still being set up.' });
  if (!given || typeof given['url'] !== 'string') return jsonAnswer(400, { message: 'The request could not be read.' });
  const { user, app } = accountOf(bench);
  if (!app) return jsonAnswer(409, { message: 'No app is connected to this account.' });
  const { url, method, headers, body, timeout } = given;
  const answer = await bench.control.portal(bench.portalId).cardFetch({
    userId: user.userId,
    userEmail: user.email,
    appId: app.appId,
    url,
    body,
    ...(typeof method === 'string' && { method }),
    ...(typeof timeout === 'number' && { timeoutMs: timeout }),
    ...(typeof headers === 'object' && headers !== null && { headers: headers as Record<string, string> }),
  });
  return jsonAnswer(200, answer);
}
