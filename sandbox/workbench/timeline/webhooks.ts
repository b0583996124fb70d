import type { Control } from '../../hubspot/local-hubspot.ts';
import { count } from '../page/words.ts';
import type { TimelineItem } from './item.ts';

type Delivery = ReturnType<Control['log']['deliveries']>[number];
type Pending = ReturnType<Control['deliveries']['pending']>[number];
type Event = Record<string, unknown>;

const OBJECT_NAMES: Readonly<Record<string, string>> = { '0-1': 'contact', '0-2': 'company', '0-3': 'deal' };
const KIND_WORDS: Readonly<Record<string, string>> = {
  creation: 'created',
  deletion: 'deleted',
  merge: 'merged',
  restore: 'restored',
  associationChange: 'linked or unlinked',
  privacyDeletion: 'erased for privacy',
};
const MOST_ATTEMPTS = 60;

/** Every attempt to deliver, and one line for what still waits. */
export function webhookItems(deliveries: readonly Delivery[], pending: readonly Pending[]): TimelineItem[] {
  const attempts = deliveries.slice(-MOST_ATTEMPTS).map(attempted);
  const later = pending.filter(({ attemptNumber }) => attemptNumber > 0);
  return later.length === 0 ? attempts : [...attempts, stillWaiting(later)];
}

function attempted({ at, status, attemptNumber, events }: Delivery): TimelineItem {
  const accepted = typeof status === 'number' && status >= 200 && status < 300;
  const outcome = typeof status === 'number' ? `answered ${status}` : status;
  return {
    atMs: at,
    side: 'hubspot',
    kind: 'webhook',
    title: `${accepted ? 'Webhook delivered' : 'Webhook not accepted'}: ${changesIn(events)}`,
    details: [`${count(events.length, 'event')} · attempt ${attemptNumber + 1} · ${outcome}`],
    tone: accepted ? 'plain' : 'bad',
  };
}

/** Stands at the time it is for, so above everything that has happened. */
function stillWaiting(pending: readonly Pending[]): TimelineItem {
  const dueAtMs = Math.min(...pending.map((event) => event.dueAtMs));
  const attempt = Math.min(...pending.map(({ attemptNumber }) => attemptNumber)) + 1;
  return {
    atMs: dueAtMs,
    side: 'hubspot',
    kind: 'webhook',
    title: `${count(pending.length, 'webhook event')} will be delivered again`,
    details: [`attempt ${attempt}`],
    tone: 'waiting',
  };
}

/** `deal stage changed, deal linked or unlinked`: each kind of change once. */
function changesIn(events: readonly Event[]): string {
  const words = [...new Set(events.map(changeOf))];
  return words.length <= 3 ? words.join(', ') : `${words.slice(0, 3).join(', ')} and more`;
}

function changeOf(event: Event): string {
  const [head = '', kind = ''] = textOf(event['subscriptionType']).split('.');
  const type = OBJECT_NAMES[textOf(event['objectTypeId'] ?? event['fromObjectTypeId'])];
  const object = head === 'object' ? (type ?? 'record') : head;
  if (kind === 'propertyChange') return `${object} ${textOf(event['propertyName'])} changed`;
  return `${object} ${KIND_WORDS[kind] ?? kind}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
