import type { Control } from '../../hubspot/local-hubspot.ts';
import { count } from '../page/words.ts';
import type { TimelineItem } from './item.ts';

type Call = ReturnType<Control['log']['calls']>[number];

const MOST_CALLS = 400;
/** Calls closer together than this, and of one kind, are one line. */
const GAP_MS = 2_000;

const WORDS: readonly (readonly [RegExp, string, CallKind])[] = [
  [/\/oauth\/.*\/token$/, 'get a token', 'setup'],
  [/\/oauth\/|\/account-info\/|\/appinstalls\//, 'look at the connection', 'setup'],
  [/\/crm\/properties\//, 'look at or create properties', 'setup'],
  [/\/crm\/pipelines\//, 'read pipelines', 'read'],
  [/\/crm\/owners\//, 'read owners', 'read'],
  [/\/crm\/lists\/[^/]+\/search$/, 'look for lists', 'read'],
  [/\/crm\/lists\/.*\/memberships$/, 'read who is on a list', 'read'],
  [/\/crm\/lists\//, 'read a list', 'read'],
  [/\/(\w+)\/search$/, 'search $1 for missed changes', 'routine'],
  [/\/crm\/associations\/[^/]+\/(\w+)\/(\w+)\/batch\/read$/, 'read $2 of $1', 'read'],
  [/\/(\w+)\/batch\/read$/, 'read $1', 'read'],
  [/\/(\w+)\/batch\/update$/, 'update $1', 'write'],
  [/\/(\w+)\/batch\/create$/, 'create $1', 'write'],
];

type CallKind = 'setup' | 'read' | 'routine' | 'write' | 'other';

interface Group {
  kind: CallKind;
  failed: boolean;
  untilMs: number;
  calls: Call[];
}

/** Passalong's calls to HubSpot's API as HubSpot counted them, grouped. The regular look for missed changes is folded. */
export function apiCallItems(calls: readonly Call[]): TimelineItem[] {
  const groups: Group[] = [];
  for (const call of calls.slice(-MOST_CALLS)) {
    const kind = describe(call).kind;
    const failed = call.status === 0 || call.status >= 400;
    const last = groups.at(-1);
    const near = last && (kind === 'routine' || call.at - last.untilMs <= GAP_MS);
    if (last && near && last.kind === kind && last.failed === failed) {
      last.calls.push(call);
      last.untilMs = call.at;
    } else groups.push({ kind, failed, untilMs: call.at, calls: [call] });
  }
  return groups.map(itemOf);
}

function itemOf({ kind, failed, untilMs, calls }: Group): TimelineItem {
  const lines = new Map<string, { times: number; records: number }>();
  for (const call of calls) {
    const name = `${describe(call).words}${failed ? `: ${failureOf(call)}` : ''}`;
    const line = lines.get(name) ?? { times: 0, records: 0 };
    lines.set(name, { times: line.times + 1, records: line.records + (call.inputs ?? 0) });
  }
  return {
    atMs: untilMs,
    side: 'hubspot',
    kind: 'calls',
    title: failed
      ? `${count(calls.length, 'API call')} by Passalong failed`
      : `${count(calls.length, 'API call')} by Passalong`,
    details: [...lines].map(([name, { times, records }]) => {
      const many = times > 1 ? ` × ${times}` : '';
      return records > 0 ? `${name}${many} (${count(records, 'record')})` : `${name}${many}`;
    }),
    tone: failed ? 'bad' : kind === 'routine' ? 'quiet' : 'plain',
  };
}

function describe({ method, path }: Call): { words: string; kind: CallKind } {
  for (const [pattern, words, kind] of WORDS) {
    const match = pattern.exec(path);
    if (match) return { words: words.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? ''), kind };
  }
  return { words: `${method} ${path}`, kind: 'other' };
}

function failureOf({ status, retryAfterSeconds }: Call): string {
  if (status === 0) return 'no answer';
  return retryAfterSeconds === undefined
    ? `answered ${status}`
    : `answered ${status}, retry after ${retryAfterSeconds} s`;
}
