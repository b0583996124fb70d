import type { Clock } from '../../clock.ts';
import { CrmUnavailable } from '../errors.ts';
import type { CallBudget, CallKind, CrmAccount, TokenSource } from '../port.ts';
import { classifyFailure } from './answer-failure.ts';
import { clockOffset } from '../clock-offset.ts';
import { createApiClientTransport, type Transport, type TransportAnswer, type TransportRequest } from './transport.ts';

export type HubSpotCall = {
  readonly account: CrmAccount;
  readonly kind: CallKind;
  readonly method: TransportRequest['method'];
  /** From `API_PATHS`, with its query string. */
  readonly path: string;
  readonly body?: unknown;
};

export type HubSpotAnswer = {
  /** 2xx; 207 means that a batch failed in part. */
  readonly status: number;
  /** Parsed JSON; null when HubSpot sent no body. */
  readonly body: unknown;
};

/** One request that left, for counters. `status` is null when no answer came. */
export type CallFact = {
  readonly account: CrmAccount;
  readonly kind: CallKind;
  readonly path: string;
  readonly status: number | null;
  readonly durationMs: number;
};

export type HubSpotGateway = {
  /**
   * Sends one call. Raises `CrmRateLimited`, `CrmUnavailable`, `CrmAuthorizationRevoked`, `CrmMisconfigured`,
   * `CrmScopeMissing` or `CrmRejected`; repeats nothing but a call whose token was refused, once.
   */
  call(call: HubSpotCall): Promise<HubSpotAnswer>;
  /** How far HubSpot's clock was ahead of ours at the latest answer to this connection; null before the first one. */
  clockOffsetMs(account: CrmAccount): number | null;
};

export type GatewayInput = {
  readonly apiUrl: string;
  readonly tokens: TokenSource;
  readonly budget: CallBudget;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly transport?: Transport;
  readonly observe?: (fact: CallFact) => void;
};

/** HubSpot refused a token that was fresh: nothing a person can mend, and not yet a sign that the grant is gone. */
export class FreshTokenRefused extends CrmUnavailable {
  constructor(retryAtMs: number) {
    super('HubSpot refused an access token it had just issued.', retryAtMs);
  }
}

const TIMEOUT_MS = 20_000;
const FRESH_TOKEN_REFUSED_WAIT_MS = 60_000;

/** The one way to HubSpot's CRM API: budget, token, transport, and one reading of every answer. */
export function createHubSpotGateway(input: GatewayInput): HubSpotGateway {
  const timeoutMs = input.timeoutMs ?? TIMEOUT_MS;
  const transport = input.transport ?? createApiClientTransport({ apiUrl: input.apiUrl, timeoutMs });
  const offsets = new Map<string, number>();
  const attempt = (call: HubSpotCall) => attemptCall({ ...input, transport, offsets }, call);
  return {
    async call(call) {
      const first = await attempt(call);
      if (first.answer.status !== 401) return settle(input, call, first.answer);
      await input.tokens.discard(call.account, first.accessToken);
      const second = await attempt(call);
      if (second.answer.status !== 401) return settle(input, call, second.answer);
      await input.tokens.discard(call.account, second.accessToken);
      throw new FreshTokenRefused(input.clock.now() + FRESH_TOKEN_REFUSED_WAIT_MS);
    },
    clockOffsetMs: ({ connectionId }) => offsets.get(connectionId) ?? null,
  };
}

type Attempt = { readonly accessToken: string; readonly answer: TransportAnswer };

async function attemptCall(
  input: GatewayInput & { readonly transport: Transport; readonly offsets: Map<string, number> },
  call: HubSpotCall,
): Promise<Attempt> {
  const { account, kind, method, path, body } = call;
  await input.budget.take(account, kind);
  const accessToken = await input.tokens.accessToken(account);
  const startedMs = performance.now();
  const observe = (status: number | null) =>
    input.observe?.({ account, kind, path, status, durationMs: performance.now() - startedMs });
  try {
    const sentAtMs = input.clock.now();
    const answer = await input.transport({ method, path, body, accessToken });
    observe(answer.status);
    const offset = clockOffset({ date: answer.date, sentAtMs, receivedAtMs: input.clock.now() });
    if (offset !== null) input.offsets.set(account.connectionId, offset);
    return { accessToken, answer };
  } catch (cause) {
    observe(null);
    throw new CrmUnavailable('HubSpot did not answer.', null, cause);
  }
}

async function settle(input: GatewayInput, call: HubSpotCall, answer: TransportAnswer): Promise<HubSpotAnswer> {
  if (answer.status >= 200 && answer.status < 300) return { status: answer.status, body: parseBody(answer) };
  const { error, pause } = classifyFailure({
    status: answer.status,
    retryAfter: answer.retryAfter,
    body: parseOrNull(answer.text),
    path: call.path,
    sentBody: call.body,
    kind: call.kind,
    nowMs: input.clock.now(),
  });
  if (pause !== null) for (const kind of pause.kinds) await input.budget.pause(call.account, kind, pause.untilMs);
  throw error;
}

function parseBody(answer: TransportAnswer): unknown {
  if (answer.text === '') return null;
  const body = parseOrNull(answer.text);
  if (body === null) throw new CrmUnavailable(`HubSpot answered with status ${String(answer.status)} and no JSON.`);
  return body;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
