import { vi } from 'vitest';

export type Sent = { readonly key: string; readonly properties: Record<string, string>; readonly confirmed: boolean };

/** HubSpot's log keeps no bodies, and it leaves no trace of a value that was there already: the wire shows both. */
export function recordWrites(): Sent[] {
  const records: Sent[] = [];
  const realFetch = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!/\/objects\/[^/]+\/contacts\/batch\/(create|update)$/.test(address)) return realFetch(input, init);
    const { inputs } = JSON.parse(init?.body as string) as {
      inputs: { id?: string; properties: Record<string, string> }[];
    };
    const answer = await realFetch(input, init).catch(() => null);
    for (const { id, properties } of inputs) {
      records.push({ key: id ?? properties['email'] ?? '', properties, confirmed: answer?.ok === true });
    }
    if (!answer) throw new TypeError('fetch failed');
    return answer;
  });
  return records;
}
