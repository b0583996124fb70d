/** Counts what a card waits for, so that one can wait until it waits for nothing. */
export type OpenWork = {
  readonly track: <Value>(work: Promise<Value>) => Promise<Value>;
  /** How much was begun so far: unchanged means that nothing was. */
  readonly begun: () => number;
  readonly none: () => Promise<void>;
};

export function createOpenWork(): OpenWork {
  const open = new Set<Promise<unknown>>();
  let begun = 0;
  return {
    async track(work) {
      begun += 1;
      open.add(work);
      try {
        return await work;
      } finally {
        open.delete(work);
      }
    },
    begun: () => begun,
    async none() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}
