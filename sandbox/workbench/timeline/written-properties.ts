import type { HubSpotAccount, Person } from '../reading/people.ts';
import type { TimelineItem } from './item.ts';

const PREFIX = 'passalong_';
const MOST_VALUES = 6;

/** What Passalong wrote to contacts, one line per contact and write, with the values that changed. */
export function writtenProperties(account: HubSpotAccount, people: readonly Person[]): TimelineItem[] {
  const labels = new Map(account.properties('contacts').map(({ name, label }) => [name, label]));
  return people.flatMap(({ contact, name }) => {
    const writes = new Map<number, string[]>();
    for (const [property, versions] of Object.entries(contact?.history ?? {})) {
      if (!property.startsWith(PREFIX)) continue;
      for (const { atMs, value } of versions) {
        const line = `${labels.get(property) ?? property}: ${value || 'cleared'}`;
        writes.set(atMs, [...(writes.get(atMs) ?? []), line]);
      }
    }
    return [...writes].map(([atMs, lines]) => written({ atMs, name, lines }));
  });
}

function written({ atMs, name, lines }: { atMs: number; name: string; lines: string[] }): TimelineItem {
  const shown = lines.slice(0, MOST_VALUES);
  const rest = lines.length - shown.length;
  return {
    atMs,
    side: 'passalong',
    kind: 'write',
    title: `Wrote ${lines.length === 1 ? 'a property' : `${lines.length} properties`} on ${name}`,
    details: rest > 0 ? [...shown, `and ${rest} more`] : shown,
    tone: 'plain',
  };
}
