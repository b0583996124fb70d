const PATIENCE_MS = 5_000;

export interface FieldProblem {
  path: string;
  message: string;
}

/** The service answered no, in its own words. */
export class ServiceRefused extends Error {
  readonly status: number;
  readonly remedy: string;
  readonly fields: readonly FieldProblem[];

  constructor(status: number, said: { message?: string; remedy?: string; fields?: FieldProblem[] }) {
    super(said.message ?? `The service answered ${status}.`);
    this.status = status;
    this.remedy = said.remedy ?? '';
    this.fields = said.fields ?? [];
  }
}

/** The service did not answer at all. */
export class ServiceUnreachable extends Error {
  constructor(cause: unknown) {
    super('Passalong does not answer.', { cause });
  }
}

export interface ServiceApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
}

/** The service's public API, as any developer uses it. The key stays in this process. */
export function serviceApi({ url, apiKey }: { url: string; apiKey: string }): ServiceApi {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await reach(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const said = (await answer.json().catch(() => ({}))) as { error?: object };
    if (!answer.ok) throw new ServiceRefused(answer.status, said.error ?? {});
    return said;
  };
  return {
    get: <T>(path: string) => call('GET', path) as Promise<T>,
    post: <T>(path: string, body?: unknown) => call('POST', path, body) as Promise<T>,
  };
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    throw new ServiceUnreachable(error);
  }
}
