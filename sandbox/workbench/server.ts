import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from './actions/action.ts';
import { ACTIONS } from './actions/actions.ts';
import { cardPageAnswer, isOwnPage, jsonAnswer, pageAnswer, readGiven, sendAnswer } from './http-answers.ts';
import type { Answer } from './http-answers.ts';
import { accountOf } from './record/account.ts';
import { cardPageData, placedCards } from './record/card-frame.ts';
import { shownType } from './record/shown-types.ts';
import type { CardShelf } from './record/card-assets.ts';
import { cardRequest } from './record/card-request.ts';
import { recordAnswer } from './record/record-routes.ts';
import { startingPage, workbenchPage } from './page/document.ts';
import { viewOf } from './page/regions.ts';
import type { Asked, View } from './page/regions.ts';
import type { Bench } from './workbench.ts';

export interface WorkbenchServerInput {
  /** null until the service runs and the sample account is there */
  bench: () => Bench | null;
  /** host name of the service's public address: only its pages may act */
  ownHost: () => string;
  /** the built cards */
  shelf: CardShelf;
}

const RECORD_SCRIPTS = [
  'record.js',
  'feed.js',
  'cards.js',
  'preview.js',
  'tabs.js',
  'links.js',
  'toasts.js',
  'overview.js',
];

const ASSETS = {
  '/workbench/style.css': asset('style.css', 'text/css'),
  '/workbench/parts.css': asset('parts.css', 'text/css'),
  '/workbench/workbench.js': asset('workbench.js', 'text/javascript'),
  '/workbench/regions.js': asset('regions.js', 'text/javascript'),
  '/workbench/forms.js': asset('forms.js', 'text/javascript'),
  '/workbench/ages.js': asset('ages.js', 'text/javascript'),
  '/workbench/record.css': asset('record.css', 'text/css'),
  ...Object.fromEntries(
    RECORD_SCRIPTS.map((name) => [`/workbench/record/${name}`, asset(`record/${name}`, 'text/javascript')]),
  ),
} as Readonly<Record<string, Answer>>;

/** The window people see first. It listens on loopback; the service passes `/` and `/workbench/*` on to it. */
export function createWorkbenchServer(input: WorkbenchServerInput): Server {
  return createServer((request, response) => {
    void answer(input, request)
      .catch(defect)
      .then((found) => sendAnswer(response, found));
  });
}

async function answer(input: WorkbenchServerInput, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://workbench');
  const bench = input.bench();
  const asked: Asked = { shown: searchParams.get('shown'), ref: searchParams.get('ref') };
  if (request.method === 'POST') return act(input, request, pathname);
  if (request.method !== 'GET') return jsonAnswer(405, { message: 'Only GET and POST.' });
  const found = ASSETS[pathname];
  if (found) return found;
  if (pathname === '/' || pathname === '/workbench') return bench ? fullPage(bench, asked) : pageAnswer(startingPage());
  const ofRecord = await recordAnswer({ bench, shelf: input.shelf, pathname, query: searchParams });
  if (ofRecord) return ofRecord;
  if (pathname !== '/workbench/view') return jsonAnswer(404, { message: 'Nothing is here.' });
  if (!bench) return jsonAnswer(200, { version: 'starting' });
  const view = await currentView(bench, asked);
  const known = searchParams.get('known') === view.version;
  return jsonAnswer(200, known ? { version: view.version } : view);
}

async function currentView(bench: Bench, asked: Asked): Promise<View> {
  return viewOf(bench, await bench.viewer.view(), asked);
}

async function fullPage(bench: Bench, asked: Asked): Promise<Answer> {
  const { control, portalId } = bench;
  const name = control.portals().find((portal) => portal.portalId === portalId)?.name ?? 'sample account';
  const contacts = shownType('0-1');
  const page = workbenchPage({
    view: await currentView(bench, asked),
    account: { portalId, name },
    cards: contacts ? placedCards(bench, contacts) : [],
    cardData: cardPageData(bench),
  });
  return cardPageAnswer(page, accountOf(bench).app);
}

async function act(input: WorkbenchServerInput, request: IncomingMessage, pathname: string): Promise<Answer> {
  const bench = input.bench();
  if (pathname === '/workbench/hubspot-fetch') return cardRequest(bench, input.ownHost(), request);
  const action = ACTIONS.get(pathname.replace('/workbench/actions/', ''));
  if (!action) return jsonAnswer(404, { message: 'There is no such action.' });
  if (!isOwnPage(request, input.ownHost())) return jsonAnswer(403, { message: 'Only the workbench page may do this.' });
  if (!bench) return jsonAnswer(503, { message: 'The sample account is still being set up.' });
  const given = await readGiven(request);
  if (!given) return jsonAnswer(400, { message: 'The form could not be read.' });
  try {
    const done = await action(bench, given);
    // Whoever asks next sees what was done.
    await bench.viewer.view(0);
    return jsonAnswer(200, done);
  } catch (error) {
    if (error instanceof Refused) return jsonAnswer(error.status, { message: error.message, fields: error.fields });
    throw error;
  }
}

function asset(name: string, type: string): Answer {
  const body = readFileSync(join(import.meta.dirname, 'browser', name), 'utf8');
  return { status: 200, type: `${type}; charset=utf-8`, body };
}

function defect(error: unknown): Answer {
  console.error('workbench defect:', error);
  return jsonAnswer(500, { message: 'The workbench itself failed; its log says why.' });
}
