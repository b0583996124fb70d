import { cardPageAnswer, jsonAnswer, pageAnswer } from '../http-answers.ts';
import type { Answer } from '../http-answers.ts';
import { html } from '../page/html.ts';
import { advocateOptions } from '../page/options.ts';
import type { FormView } from '../page/forms.ts';
import { suggestFriend } from '../page/suggestions.ts';
import { advocatesOf } from '../reading/people.ts';
import type { HubSpotAccount } from '../reading/people.ts';
import type { Bench } from '../workbench.ts';
import { accountOf } from './account.ts';
import type { CardShelf } from './card-assets.ts';
import { recordPage } from './document.ts';
import { frame } from './frame.ts';
import { readRecord } from './read-record.ts';
import type { PageRecord } from './read-record.ts';
import { recordsPage } from './records-page.ts';
import { recordView } from './regions.ts';
import { SHOWN_TYPES, shownType } from './shown-types.ts';
import type { ShownType } from './shown-types.ts';

export interface RecordRequest {
  bench: Bench | null;
  shelf: CardShelf;
  pathname: string;
  query: URLSearchParams;
}

interface Ready extends RecordRequest {
  bench: Bench;
}

/** Record pages, lists of records, and what cards read of them; null where the address is of something else. */
export async function recordAnswer(request: RecordRequest): Promise<Answer | null> {
  const { bench, pathname } = request;
  const [, root, area = '', ...rest] = pathname.split('/');
  if (root !== 'workbench' || !['record', 'records', 'card-host', 'hubspot'].includes(area)) return null;
  // The overview says that the account is being set up, and goes on by itself.
  if (!bench) return area === 'record' || area === 'records' ? redirect('/') : jsonAnswer(503, { message: 'Not yet.' });
  const ready = { ...request, bench };
  if (area === 'card-host') return cardFile(ready, rest.join('/'));
  if (area === 'hubspot') return readForCard(ready, rest);
  const type = shownType(rest[0] ?? '');
  if (!type) return area === 'records' && rest.length === 0 ? redirect('/workbench/records/0-1') : missing(ready, null);
  if (area === 'records') return pageAnswer(recordsPage(bench, type, request.query.get('q') ?? ''));
  return recordOr404(ready, type, rest);
}

const redirect = (location: string): Answer => ({ status: 303, type: 'text/plain', body: '', location });

async function recordOr404(request: Ready, type: ShownType, [, id = '', part]: string[]): Promise<Answer> {
  const { bench, query } = request;
  const account = bench.control.portal(bench.portalId);
  const record = readRecord(account, type, id);
  if (part === 'view') {
    if (!record) return jsonAnswer(404, { message: `This ${type.noun} is gone.` });
    const view = recordView(bench, record);
    const forms = query.has('forms') ? { forms: await formView(bench, account, record) } : {};
    return jsonAnswer(
      200,
      query.get('known') === view.version ? { version: view.version, ...forms } : { ...view, ...forms },
    );
  }
  if (!record || part !== undefined) return missing(request, type);
  // Merged: the old address leads to the record that is left.
  if (record.id !== id) return redirect(`/workbench/record/${type.id}/${record.id}`);
  return cardPageAnswer(recordPage(bench, record, await formView(bench, account, record)), accountOf(bench).app);
}

async function formView(bench: Bench, account: HubSpotAccount, record: PageRecord): Promise<FormView> {
  const { referrals } = (await bench.viewer.view()).facts;
  const code = record.properties['passalong_referral_code'] ?? null;
  const options = advocateOptions(advocatesOf(account), code);
  return {
    regions: { 'sign-up-advocate': options.text },
    suggestion: suggestFriend(new Set(referrals.map(({ friend }) => friend.email ?? ''))),
  };
}

function missing({ bench }: Ready, type: ShownType | null): Answer {
  const shown = type ?? SHOWN_TYPES[0];
  if (!shown) return jsonAnswer(404, { message: 'Nothing is here.' });
  const body = html`<main class="records">
    <h1>This record is not here</h1>
    <p>It was deleted, or the address is wrong. <a href="/workbench/records/${shown.id}">Look for another one</a>.</p>
  </main>`;
  return { ...pageAnswer(frame({ title: 'Not here', account: accountOf(bench), type: shown, body })), status: 404 };
}

async function cardFile({ bench, shelf }: Ready, name: string): Promise<Answer> {
  try {
    const file = (await shelf.files(bench)).get(name);
    return file ? { status: 200, ...file } : jsonAnswer(404, { message: `There is no ${name}.` });
  } catch (error) {
    return jsonAnswer(500, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** `/workbench/hubspot/properties/<type>/<id>` and `/workbench/hubspot/associations/<type>/<id>` */
function readForCard({ bench, query }: Ready, [what, type = '', id = '']: string[]): Answer {
  const portal = bench.control.portal(bench.portalId);
  const names = (query.get('names') ?? '').split(',').filter(Boolean);
  try {
    if (what === 'properties')
      return jsonAnswer(200, portal.cardProperties(type, id, query.get('names') === '*' ? '*' : names));
    if (what !== 'associations') return jsonAnswer(404, { message: 'Nothing is here.' });
    const page = portal.cardAssociations([type, id], {
      toObjectType: query.get('to') ?? '',
      properties: names,
      pageLength: Number(query.get('pageLength') ?? 10) || 10,
      offset: Number(query.get('offset') ?? 0) || 0,
    });
    return jsonAnswer(200, page);
  } catch (error) {
    return jsonAnswer(404, { message: error instanceof Error ? error.message : String(error) });
  }
}
