import { useEffect, useRef, useState } from 'react';
import type { Answer, Failure } from './read-answer.ts';

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly nextCursor: string | null };

export type Pages<T> = {
  readonly page: Page<T>;
  /** Position of the page's first line among all, from 1. */
  readonly from: number;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly next: (() => void) | null;
  readonly previous: (() => void) | null;
};

/** A way back to a page: its cursor and how many lines stand before it. The lines themselves are not kept. */
type Place = { readonly cursor: string | null; readonly before: number };
type Shown<T> = { readonly page: Page<T>; readonly places: readonly Place[] };

const START: readonly Place[] = [{ cursor: null, before: 0 }];

export type PagesInput<T> = {
  /** Comes with the card, and anew with each of its readings. */
  readonly first: Page<T>;
  readonly load: (cursor: string) => Promise<Answer<Page<T>>>;
};

export function usePages<T>({ first, load }: PagesInput<T>): Pages<T> {
  const [shown, setShown] = useState<Shown<T>>({ page: first, places: START });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = useRef({ turn: 0, target: START, first });
  const show = async (places: readonly Place[]) => {
    const own = latest.current;
    const turn = ++own.turn;
    const cursor = places.at(-1)?.cursor ?? null;
    own.target = places;
    setFailure(null);
    setBusy(cursor !== null);
    if (cursor === null) return setShown({ page: first, places: START });
    const answer = await load(cursor);
    // Somebody turned the page or the card was read again meanwhile: this answer belongs to neither.
    if (turn !== own.turn) return;
    setBusy(false);
    if (answer.outcome === 'ok') return setShown({ page: answer.value, places });
    setFailure(answer);
    own.target = shown.places;
  };
  useEffect(() => {
    // Only a new reading of the card brings another first page; who is on a later one stays there.
    if (latest.current.first === first) return;
    latest.current.first = first;
    void show(latest.current.target);
  }, [first]);
  const { page, places } = shown;
  const place = places.at(-1) ?? { cursor: null, before: 0 };
  const following = page.nextCursor;
  return {
    page,
    from: place.before + 1,
    busy,
    failure,
    next:
      following === null
        ? null
        : () => void show([...places, { cursor: following, before: place.before + page.items.length }]),
    previous: places.length > 1 ? () => void show(places.slice(0, -1)) : null,
  };
}
