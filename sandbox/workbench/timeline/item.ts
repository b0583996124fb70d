/** Whose side of the story a line tells. */
export type Side = 'hubspot' | 'passalong';

/** In the order one leads to the next, so that lines of the same instant read downwards from effect to cause. */
export const KINDS = ['action', 'webhook', 'calls', 'decision', 'reward', 'write'] as const;
export type Kind = (typeof KINDS)[number];

export interface TimelineItem {
  atMs: number;
  side: Side;
  kind: Kind;
  title: string;
  /** short further lines */
  details: string[];
  tone: 'plain' | 'good' | 'bad' | 'waiting' | 'quiet';
}

export const MOST_ITEMS = 60;

/** Newest first, effect above cause, at most `MOST_ITEMS`. */
export function merged(sources: readonly (readonly TimelineItem[])[]): TimelineItem[] {
  return sources
    .flat()
    .sort((one, two) => two.atMs - one.atMs || KINDS.indexOf(two.kind) - KINDS.indexOf(one.kind))
    .slice(0, MOST_ITEMS);
}
