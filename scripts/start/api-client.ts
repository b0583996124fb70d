import { StartFailed } from './start-failed.ts';

export type ApiClient = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
};

/** `/api/v1` as any developer calls it. A refusal ends the start: the sample data is ours, so it is a defect. */
export function apiClient(serviceUrl: string, apiKey: string): ApiClient {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${serviceUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as unknown;
    throw new StartFailed(
      `The sample data could not be made: ${method} /api/v1${path} answered ${answer.status}: ${text.slice(0, 500)}`,
      'Start again: what was made so far is kept. If it happens again, start on empty data: DATA_DIR=.data-two npm start',
    );
  };
  return {
    get: <T>(path: string) => call('GET', path) as Promise<T>,
    post: <T>(path: string, body?: object) => call('POST', path, body) as Promise<T>,
  };
}

/** Whether the service knows this key; not so after its database was thrown away. */
export async function isKeyGood(serviceUrl: string, apiKey: string): Promise<boolean> {
  const answer = await fetch(`${serviceUrl}/api/v1/connections`, { headers: { authorization: `Bearer ${apiKey}` } });
  await answer.body?.cancel();
  return answer.ok;
}
