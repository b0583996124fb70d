// Asks how a record stands now, and tells everybody who wants to know.

const EVERY_MS = 600;

/**
 * @param {string} record `0-1/123`
 * @param {{ changed: (view: object) => void, lost?: (problem: string | null) => void }} listener
 */
export function openFeed(record, listener) {
  let version = '';
  let properties = null;
  let timer = 0;
  let asking = null;
  let closed = false;
  const watchers = new Set();

  async function ask(withForms) {
    const query = new URLSearchParams({ known: version, ...(withForms && { forms: '1' }) });
    const answer = await fetch(`/workbench/record/${record}/view?${query}`);
    if (answer.status === 404) throw new Error('This record is gone: somebody deleted or merged it.');
    if (!answer.ok) throw new Error('The workbench does not answer; this page tries again every second.');
    const view = await answer.json();
    if (closed) return;
    listener.lost?.(null);
    const isNew = view.version !== version;
    if (!isNew && !view.forms) return;
    version = view.version;
    if (view.properties) tellWatchers(view.properties);
    listener.changed(view);
  }

  function tellWatchers(now) {
    const before = properties;
    properties = now;
    if (before === null) return;
    const changed = {};
    for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (before[name] !== now[name]) changed[name] = now[name] ?? null;
    }
    if (Object.keys(changed).length > 0) for (const watcher of watchers) watcher(changed);
  }

  async function refresh(withForms = false) {
    clearTimeout(timer);
    if (withForms) await asking;
    asking ??= ask(withForms)
      .catch((error) => listener.lost?.(error instanceof TypeError ? 'The workbench does not answer.' : error.message))
      .finally(() => (asking = null));
    await asking;
    clearTimeout(timer);
    if (!closed && !document.hidden) timer = setTimeout(refresh, EVERY_MS);
  }

  const wake = () => void (document.hidden ? clearTimeout(timer) : refresh());
  document.addEventListener('visibilitychange', wake);
  void refresh();
  return {
    refresh,
    /** @param {(changed: Record<string, string | null>) => void} watcher */
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}
