/**
 * Work of one key runs one after the other, in the order it came. Who waits for the lock of a workspace must not hold a
 * connection meanwhile: twenty requests of one busy customer would leave none for anybody else.
 */
export function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    // What went wrong is told to whoever asked for it, and to nobody who waits behind.
    const ended = mine.catch(() => undefined);
    last.set(key, ended);
    void ended.then(() => {
      if (last.get(key) === ended) last.delete(key);
    });
    return mine;
  };
}
