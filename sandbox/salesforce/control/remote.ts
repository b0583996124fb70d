import type { Control } from './control.ts';

/** The control object of a local Salesforce in another process: the same calls, each a promise. */
export type Remote<T> = {
  [K in keyof T]: T[K] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Promise<Awaited<Result>>
    : Remote<T[K]>;
};

export type RemoteControl = Remote<Omit<Control, 'org'>> & {
  org(orgId: string): Remote<ReturnType<Control['org']>>;
};

export function connectLocalSalesforce(url: string): RemoteControl {
  const org = (orgId: string) => member(url, ['org', orgId]);
  return new Proxy({} as RemoteControl, {
    get: (_, name) =>
      name === 'org' ? org : typeof name === 'string' && name !== 'then' ? member(url, [name]) : undefined,
  });
}

function member(url: string, path: string[]): unknown {
  return new Proxy(() => undefined, {
    // Awaiting a proxy must not look for a `then`.
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? member(url, [...path, name]) : undefined),
    apply: (_, __, given: unknown[]) => call(url, path, given),
  });
}

async function call(url: string, path: string[], given: unknown[]): Promise<unknown> {
  const response = await fetch(`${url}/_sandbox/${path.map(encodeURIComponent).join('/')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });
  const answer = (await response.json()) as { result?: unknown; error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}`);
  return answer.result;
}
