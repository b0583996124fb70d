import type { Contact, HubSpotAccount, Person } from '../reading/people.ts';
import type { FriendDeal } from '../reading/deals.ts';
import type { Labels } from '../reading/labels.ts';
import type { TimelineItem } from './item.ts';

type Version = Contact['history'][string][number];

const WATCHED_OF_CONTACTS = ['lifecyclestage', 'hs_lead_status', 'email'];
const WATCHED_OF_DEALS = ['dealstage', 'amount'];
/** An app's writes and what came in with the seed are no action of a person in HubSpot. */
const NOT_PEOPLE = new Set(['INTEGRATION', 'IMPORT']);

interface ChangesInput {
  account: HubSpotAccount;
  people: readonly Person[];
  deals: readonly FriendDeal[];
  labels: Labels;
}

/** What people did in HubSpot to the records of friends and advocates, read from the records' own histories. */
export function recordChanges({ account, people, deals, labels }: ChangesInput): TimelineItem[] {
  const ofDeals = deals.flatMap(({ id, name }) => {
    const deal = account.get('deals', id);
    return deal ? changesOf({ record: deal, names: WATCHED_OF_DEALS, subject: `Deal “${name}”`, object: 'deal' }) : [];
  });
  const ofContacts = people.flatMap(({ contact, name }) =>
    contact ? changesOf({ record: contact, names: WATCHED_OF_CONTACTS, subject: name, object: 'contact' }) : [],
  );
  return [...ofDeals, ...ofContacts].map(({ subject, object, name, version, first, record }) => {
    const value = valueText({ labels, object, name, version, record });
    return {
      atMs: version.atMs,
      side: 'hubspot',
      kind: 'action',
      title: first ? `${subject} was created` : sentence({ subject, name, value, label: labels.field(object, name) }),
      details: first ? [`${labels.field(object, name)}: ${value}`] : [],
      tone: 'plain',
    };
  });
}

interface Watched {
  record: Contact;
  names: readonly string[];
  subject: string;
  object: 'contact' | 'deal';
}

interface Change extends Omit<Watched, 'names'> {
  name: string;
  version: Version;
  /** it came with the record itself: told once, as its creation */
  first: boolean;
}

function changesOf({ names, ...shared }: Watched): Change[] {
  const createdAtMs = Date.parse(shared.record.properties['createdate'] ?? '');
  let created = false;
  return names.flatMap((name) =>
    (shared.record.history[name] ?? []).flatMap((version) => {
      if (NOT_PEOPLE.has(version.sourceType)) return [];
      const first = version.atMs === createdAtMs;
      if (first && created) return [];
      created ||= first;
      return [{ ...shared, name, version, first }];
    }),
  );
}

function valueText(input: Pick<Change, 'object' | 'name' | 'version' | 'record'> & { labels: Labels }): string {
  const { labels, object, name, version, record } = input;
  if (name === 'dealstage') return labels.stage(record.properties['pipeline'] ?? '', version.value);
  return labels.value({ object, name }, version.value);
}

function sentence(input: { subject: string; name: string; value: string; label: string }): string {
  if (input.name === 'dealstage') return `${input.subject} was moved to ${input.value}`;
  return `${input.subject}: ${input.label} set to ${input.value || 'nothing'}`;
}
