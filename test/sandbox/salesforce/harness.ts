import { createHash } from 'node:crypto';

import { onTestFinished } from 'vitest';

import { startLocalSalesforce } from '../../../sandbox/salesforce/local-salesforce.ts';
import type { LocalSalesforce } from '../../../sandbox/salesforce/local-salesforce.ts';
import { ManualClock } from '../harness.ts';

export const CLIENT_ID = 'client-sf';
export const SECRET = 'secret-sf';
export const REDIRECT = 'http://127.0.0.1:9/salesforce/oauth/callback';
export const DATA = '/services/data/v67.0';

type Control = LocalSalesforce['control'];
export type Org = ReturnType<Control['org']>;
type CreateOrgInput = NonNullable<Parameters<Control['createOrg']>[0]>;

export interface Answer {
  status: number;
  headers: Headers;
  // Bodies are judged by the tests themselves, field by field.
  body: any;
}

export interface ApiInput {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

export interface Bench {
  salesforce: LocalSalesforce;
  control: Control;
  clock: ManualClock;
  orgId: string;
  org: Org;
  instanceUrl: string;
  accessToken: string;
  refreshToken: string;
  userId: string;
  adminId: string;
  /** below /services/data/v67.0 unless the path says otherwise */
  api(method: string, path: string, input?: ApiInput): Promise<Answer>;
  query(soql: string, input?: ApiInput): Promise<Answer>;
  queryAll(soql: string): Promise<Answer>;
}

/** A local Salesforce with one org that our app is connected to. */
export async function startBench(input: CreateOrgInput & { certificate?: string } = {}): Promise<Bench> {
  const { certificate, ...orgInput } = input;
  const clock = new ManualClock();
  const salesforce = await startLocalSalesforce({ clock });
  onTestFinished(() => salesforce.close());
  const { control } = salesforce;
  control.registerApp({
    clientId: CLIENT_ID,
    clientSecret: SECRET,
    redirectUris: [REDIRECT],
    ...(certificate !== undefined && { certificate }),
  });
  const { orgId, instanceUrl, adminId } = await control.createOrg(orgInput);
  const org = control.org(orgId);
  const { accessToken, refreshToken, userId } = org.install(CLIENT_ID);
  const api = (method: string, path: string, { token = accessToken, ...more }: ApiInput = {}): Promise<Answer> =>
    request(method, instanceUrl + (path.startsWith('/services') ? path : DATA + path), { token, ...more });
  const ask = (resource: string, soql: string, more: ApiInput = {}): Promise<Answer> =>
    api('GET', `/${resource}?q=${encodeURIComponent(soql)}`, more);
  const query = (soql: string, more?: ApiInput) => ask('query', soql, more);
  const queryAll = (soql: string) => ask('queryAll', soql);
  return {
    salesforce,
    control,
    clock,
    orgId,
    org,
    instanceUrl,
    accessToken,
    refreshToken,
    userId,
    adminId,
    api,
    query,
    queryAll,
  };
}

export async function request(method: string, url: string, { body, token, headers }: ApiInput = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return answerOf(response);
}

export async function postForm(url: string, fields: Record<string, string>): Promise<Answer> {
  return answerOf(await fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text || null };
}

/** Records of a collection: their type beside their values. */
export const recordsOf = (type: string, ...values: Record<string, unknown>[]) => ({
  records: values.map((each) => ({ attributes: { type }, ...each })),
});

export const namesIn = ({ body }: Answer): unknown[] => body.records.map(({ Name }: { Name: unknown }) => Name);
export const codesIn = ({ body }: Answer): unknown[] =>
  body.map((result: any) => (result.success ? 'ok' : result.errors[0].statusCode));

export const VERIFIER = 'a-verifier-that-only-the-app-knows-and-nobody-else';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** Drives the consent page, and answers where the browser would be sent. */
export async function consent(host: string, more: Record<string, string>): Promise<Answer & { to: URL | null }> {
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT,
    scope: 'api refresh_token',
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    decision: 'grant',
    ...more,
  });
  for (const [name, value] of Object.entries(more)) if (value === '') asked.delete(name);
  const answer = await request('POST', `${host}/services/oauth2/authorize?${asked.toString()}`);
  const location = answer.headers.get('location');
  return { ...answer, to: location === null ? null : new URL(location) };
}

export const exchange = (host: string, code: string, more: Record<string, string> = {}): Promise<Answer> =>
  postForm(`${host}/services/oauth2/token`, {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    client_secret: SECRET,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    code,
    ...more,
  });

export const refresh = (host: string, refreshToken: string, more: Record<string, string> = {}): Promise<Answer> =>
  postForm(`${host}/services/oauth2/token`, {
    grant_type: 'refresh_token',
    client_id: CLIENT_ID,
    client_secret: SECRET,
    refresh_token: refreshToken,
    ...more,
  });
