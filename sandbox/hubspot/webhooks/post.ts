import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

export interface PostInput {
  url: URL;
  body: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

/** The receiver's status, or why there is none. Only loopback is ever called. */
export function post({ url, body, headers, timeoutMs }: PostInput): Promise<number | 'timeout' | 'unreachable'> {
  if (url.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    return Promise.resolve('unreachable');
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        response.on('end', () => settle(response.statusCode ?? 0));
        response.on('error', () => settle('unreachable'));
      },
    );
    const timer = setTimeout(() => {
      settle('timeout');
      outgoing.destroy();
    }, timeoutMs);
    const settle = (outcome: number | 'timeout' | 'unreachable') => {
      clearTimeout(timer);
      resolve(outcome);
    };
    outgoing.on('error', () => settle('unreachable'));
    outgoing.end(body);
  });
}
