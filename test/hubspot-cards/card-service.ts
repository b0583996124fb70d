import { vi } from 'vitest';

export const SERVICE = 'https://passalong.example.com';

export type SettledReply = { readonly status: number; readonly body: unknown } | 'unreachable';
export type Reply = SettledReply | Promise<SettledReply>;
export type HeardCall = { readonly route: string; readonly body: Record<string, unknown>; readonly timeout: number };

export const ok = (body: unknown, status = 200): SettledReply => ({ status, body });

/** As HubSpot's proxy hands on what is not a 2xx. */
export const wrapped = (status: number, body: unknown): SettledReply => ({
  status: 502,
  body: {
    status: 'error',
    category: 'BAD_GATEWAY',
    message: 'Bad gateway',
    context: { appServerStatusCode: [String(status)], correlationId: ['c-1'] },
    responseBody: body,
  },
});

export type CardService = {
  readonly calls: HeardCall[];
  /** Replies in order; the last one stays. */
  readonly answer: (route: string, ...replies: Reply[]) => void;
  readonly heard: (route: string) => HeardCall[];
};

/** Stands where HubSpot's worker has its proxied fetch, so that the cards' own calling code is under test too. */
export function stubCardService(): CardService {
  const calls: HeardCall[] = [];
  const replies = new Map<string, Reply[]>();
  const hsFetch = async (
    url: string,
    options: { method?: string; body?: HeardCall['body']; timeout?: number } = {},
  ) => {
    const route = `${options.method ?? 'GET'} ${url.replace(`${SERVICE}/hubspot`, '')}`;
    calls.push({ route, body: options.body ?? {}, timeout: options.timeout ?? 0 });
    const waiting = replies.get(route);
    if (!waiting?.[0]) throw new Error(`No reply for ${route}`);
    const reply = await (waiting.length > 1 ? waiting.shift() : waiting[0]);
    if (!reply || reply === 'unreachable') throw new Error('connection failed');
    return new Response(JSON.stringify(reply.body), { status: reply.status });
  };
  vi.stubGlobal('self', { hsFetch });
  return {
    calls,
    answer: (route, ...queue) => void replies.set(route, queue),
    heard: (route) => calls.filter((call) => call.route === route),
  };
}
