/**
 * Loaded before the service (`node --import`), in a process of its own. Numbers the moments at which a death could tear
 * something apart, before and after every commit that wrote and every call to the CRM, writes them down, and dies by SIGKILL
 * at those it is told. It also sets the clock, because a lease of a minute must not cost the test a minute.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import pg from 'pg';

type Side = 'before' | 'after';
type Callback = (error: unknown, result: unknown) => void;
type AnyFunction = (...values: unknown[]) => unknown;

const log = process.env['KILL_LOG'] ?? '';
const deaths = new Set((process.env['KILL_AT'] ?? '').split('\n').filter((name) => name !== ''));
/** How often each moment was passed, in the lives before this one too. */
const passed = new Map<string, number>();
if (existsSync(log)) {
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const moment = line.replace(/ #\d+$/, '');
    passed.set(moment, (passed.get(moment) ?? 0) + 1);
  }
}

function pass(side: Side, label: string): void {
  const moment = `${side} ${label}`;
  const times = (passed.get(moment) ?? 0) + 1;
  passed.set(moment, times);
  const name = `${moment} #${times}`;
  appendFileSync(log, `${name}\n`);
  if (!deaths.has(name)) return;
  process.kill(process.pid, 'SIGKILL');
  // Should the signal take a moment, nothing more is sent until it is there.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

// It is kept at the end of a process only, and this one is not meant to have one.
setTimeout(flushCompileCache, 2_000).unref();
moveClock(Number(process.env['TEST_CLOCK_OFFSET_MS'] ?? 0));
watchCommits();
watchCalls();

function moveClock(startOffsetMs: number): void {
  let offsetMs = startOffsetMs;
  const realNow = Date.now.bind(Date);
  Date.now = () => realNow() + offsetMs;
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [Date.now()] : values, newTarget) as object,
  });
  process.on('message', (message: { offsetMs: number }) => {
    offsetMs = message.offsetMs;
    process.send?.({ offsetMs });
  });
  // Nobody is left to take it down.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

function watchCommits(): void {
  /** What each session has written since its BEGIN; absent outside a transaction. */
  const open = new WeakMap<pg.Client, Set<string>>();
  const prototype = pg.Client.prototype as unknown as { query: AnyFunction };
  const query = prototype.query;
  prototype.query = function (this: pg.Client, ...values: unknown[]): unknown {
    const label = whatCommits(this, textOf(values[0]), open);
    if (label === null) return query.apply(this, values);
    pass('before', label);
    const last = values.at(-1);
    if (typeof last === 'function') {
      const done = last as Callback;
      const watched: Callback = (error, result) => {
        if (!error) pass('after', label);
        done(error, result);
      };
      return query.apply(this, [...values.slice(0, -1), watched]);
    }
    return (query.apply(this, values) as Promise<unknown>).then((result) => {
      pass('after', label);
      return result;
    });
  };
}

function whatCommits(client: pg.Client, text: string, open: WeakMap<pg.Client, Set<string>>): string | null {
  if (applicationOf(client) !== 'passalong') return null;
  if (/^begin\b/i.test(text)) open.set(client, new Set());
  const written = open.get(client);
  if (/^rollback\b(?! to)/i.test(text)) open.delete(client);
  if (/^commit\b/i.test(text)) {
    open.delete(client);
    return written && written.size > 0 ? `commit: ${[...written].sort().join(', ')}` : null;
  }
  const writes = writesOf(text);
  if (written) for (const write of writes) written.add(write);
  return written || writes.length === 0 ? null : `commit: ${writes.join(', ')}`;
}

/** The service's own pool; the queue's and the migrator's have other names. */
function applicationOf(client: pg.Client): unknown {
  const { connectionParameters } = client as unknown as { connectionParameters?: { application_name?: unknown } };
  return connectionParameters?.application_name;
}

const WRITE =
  /\b(?:(insert into|delete from|(?<!for )(?<!for no key )update)\s+"?(?!set\b)(\w+)|select (?:\* from )?(accept_signals))/gi;

function writesOf(text: string): string[] {
  return [...text.matchAll(WRITE)].map(([, verb, table, called]) =>
    called ? called : `${(verb ?? '').split(/\s/)[0]!.toLowerCase()} ${table}`,
  );
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query.trimStart();
  const { text } = (query ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text.trimStart() : '';
}

function watchCalls(): void {
  const call = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const label = `call: ${init?.method ?? 'GET'} ${url.pathname.replace(/\/\d+(?=\/|$)/g, '/:id')}`;
    pass('before', label);
    const answer = await call(input, init);
    pass('after', label);
    return answer;
  };
}
