import type { Portal } from '../state/state.ts';
import type { World } from '../world.ts';
import { writeRecord } from '../crm/write.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

const DAY_MS = 86_400_000;
const STAGES = ['subscriber', 'lead', 'opportunity', 'customer'];

export interface ManyContactsInput {
  count: number;
  /** the oldest was created this long ago, the newest now; default 365 */
  overDays?: number;
  /** on every one of them, over what is made up */
  values?: Record<string, string>;
}

export interface ManyContacts {
  count: number;
  firstId: string;
  lastId: string;
}

/**
 * As an account was before anybody connected an app: no webhooks go out. Ids and creation dates rise together;
 * the e-mail address is `contact<id>@many.example.com`.
 */
export function addManyContacts(world: World, portal: Portal, input: ManyContactsInput): ManyContacts {
  const { count, overDays = 365, values = {} } = input;
  const store = portal.objects['0-1'];
  const first = store.nextId;
  const endMs = world.clock.now();
  const stepMs = count > 1 ? (overDays * DAY_MS) / (count - 1) : 0;
  for (let index = 0; index < count; index += 1)
    writeRecord(world, {
      portal,
      type: '0-1',
      record: null,
      values: { ...madeUp(first + index), ...values },
      source: { sourceType: 'IMPORT', sourceId: `userId:${portal.owners[0]?.userId ?? 1}` },
      nowMs: Math.round(endMs - (count - 1 - index) * stepMs),
      unannounced: true,
    });
  return { count, firstId: String(first), lastId: String(store.nextId - 1) };
}

function madeUp(id: number): Record<string, string> {
  return {
    firstname: FIRST_NAMES[id % FIRST_NAMES.length] ?? '',
    lastname: LAST_NAMES[Math.floor(id / FIRST_NAMES.length) % LAST_NAMES.length] ?? '',
    email: `contact${id}@many.example.com`,
    lifecyclestage: STAGES[id % STAGES.length] ?? '',
  };
}
