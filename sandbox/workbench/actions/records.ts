import { accountOf } from '../record/account.ts';
import { readRecord } from '../record/read-record.ts';
import type { PageRecord } from '../record/read-record.ts';
import { shownType } from '../record/shown-types.ts';
import type { Bench } from '../workbench.ts';
import { Refused, required } from './action.ts';
import type { Action, Given } from './action.ts';

/** A rep edits properties on the record page: only what differs is written, as the user who sits there. */
export const saveRecord: Action = (bench, given) => {
  const { record, actor } = asked(bench, given);
  const changed = record.fields.filter(({ name, value }) => (given[name] ?? value).trim() !== value);
  if (changed.length === 0) return { message: 'Nothing was changed.' };
  const values = Object.fromEntries(changed.map(({ name }) => [name, (given[name] ?? '').trim()]));
  inHubSpotsWords(() => actor.setProperties(record.type.plural, record.id, values));
  const labels = changed.map(({ label }) => label.toLowerCase());
  return { message: `Saved: ${labels.join(', ')}.` };
};

/** A rep moves the deal on its own page. */
export const moveRecordDeal: Action = (bench, given) => {
  const { record, actor } = asked(bench, given);
  const stageId = required(given, 'stage', 'Choose a stage.');
  const stage = record.pipeline?.stages.find(({ id }) => id === stageId);
  if (!stage) throw new Refused('That stage is not in the pipeline of this deal. Reload the page.');
  actor.moveDeal(record.id, stageId);
  return { message: `“${record.name}” is now in ${stage.label}.` };
};

function asked(bench: Bench, given: Given): { record: PageRecord; actor: ReturnType<Bench['control']['portal']> } {
  const type = shownType(given['type'] ?? '');
  const { user } = accountOf(bench);
  const actor = bench.control.portal(bench.portalId, { userId: user.userId });
  const record = type && readRecord(actor, type, given['id'] ?? '');
  if (!record) throw new Refused('This record is gone. Somebody deleted or merged it.', {}, 404);
  return { record, actor };
}

/** HubSpot words this one for programs. */
const plainWords = (message: string): string =>
  message.includes('already has that value') ? 'Another record has this value.' : message;

interface HubSpotSaid {
  input?: { errors?: { message: string; context?: { propertyName?: string[] } }[] };
}

function inHubSpotsWords(change: () => void): void {
  try {
    change();
  } catch (error) {
    const { errors = [] } = (error as HubSpotSaid).input ?? {};
    const fields = errors.flatMap(({ message, context }) =>
      (context?.propertyName ?? []).map((name): [string, string] => [name, plainWords(message)]),
    );
    const whole = error instanceof Error && fields.length === 0 ? error.message : '';
    throw new Refused(whole, Object.fromEntries(fields));
  }
}
