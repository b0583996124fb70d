import type { FaultTarget } from '../faults/faults.ts';
import { dateTimeText, wholeSecondText } from '../instant.ts';
import type { Org } from '../state/org.ts';
import type { World } from '../world.ts';

export interface WriteOptions {
  /** of duplicate rules that only alert */
  allowDuplicates: boolean;
  includeDuplicateDetails: boolean;
  autoAssign: boolean;
}

/** Somebody writing into an org. */
export interface Writer {
  world: World;
  org: Org;
  userId: string;
  nowMs: number;
  /** people and the platform itself are not asked for field permissions, and may save duplicates */
  via: 'api' | 'person';
  options: WriteOptions;
  /** the call this is part of, for faults that strike single records */
  target: FaultTarget | null;
}

export function personWriter(world: World, org: Org, userId: string): Writer {
  const options = { allowDuplicates: true, includeDuplicateDetails: false, autoAssign: false };
  return { world, org, userId, nowMs: world.clock.now(), via: 'person', options, target: null };
}

export const stampOf = ({ org, nowMs }: Writer): string =>
  org.settings.wholeSeconds ? wholeSecondText(nowMs) : dateTimeText(nowMs);
