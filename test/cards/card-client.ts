import { appendedPath, cardHeaders, REP, type Appended } from '../http/card-request.ts';
import { APP_ID, CLIENT_SECRET, type ApiAnswer, type Stage, type Tenant } from '../journeys/stage.ts';

export type CardClient = {
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body: object): Promise<ApiAnswer>;
};

/** A rep's card on a record of this account, through HubSpot's proxy. */
export function cardClient(stage: Stage, tenant: Pick<Tenant, 'portalId'>, user: Partial<Appended> = {}): CardClient {
  const appended = { ...REP, portalId: String(tenant.portalId), appId: String(APP_ID), ...user };
  const send = async (method: 'GET' | 'POST', given: string, body: string): Promise<ApiAnswer> => {
    const path = appendedPath(given, appended);
    const { publicUrl } = stage;
    const atMs = stage.clock.now();
    const headers = cardHeaders({ method, publicUrl, path, body, atMs, secret: CLIENT_SECRET });
    const answer = await fetch(publicUrl + path, { method, headers, ...(body === '' ? {} : { body }) });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    get: (path) => send('GET', path, ''),
    post: (path, body) => send('POST', path, JSON.stringify(body)),
  };
}

let keys = 0;

/** A key as a card makes one for each submission. */
export function newRequestKey(): string {
  keys += 1;
  return `request-key-${String(keys).padStart(6, '0')}`;
}
