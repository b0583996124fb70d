import type { Clock } from '../../clock.ts';
import { clockOffset } from '../clock-offset.ts';
import { CrmUnavailable } from '../errors.ts';
import type { CallBudget, CallKind, CrmAccount } from '../port.ts';
import { classifyFailure } from './answer-failure.ts';
import type { OrgTokens } from './org-tokens.ts';
import { readErrors } from './rejection.ts';
import { pathLabel } from './rest-paths.ts';
import { createFetchTransport, type Transport, type TransportAnswer, type TransportRequest } from './transport.ts';
import { brakesOf, type Brakes } from './usage-brakes.ts';

export type SalesforceCall = {
  readonly account: CrmAccount;
  readonly kind: CallKind;
  readonly method: TransportRequest['method'];
  /** From `REST_PATHS`, or an address of a further page as Salesforce states it. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The org's own triggers and flows run for every record before there is an answer. */
  readonly isSlow?: boolean;
};

export type SalesforceAnswer = {
  /** 2xx, or 304 to a call that asked for what is new only. */
  readonly status: number;
  /** Parsed JSON; null when Salesforce sent no body. */
  readonly body: unknown;
  /** By Salesforce's clock, in whole seconds; null when it does not say. */
  readonly date: Date | null;
  readonly lastModified: string | null;
};

/** One request that left, for counters. `status` is null when no answer came. */
export type CallFact = {
  readonly account: CrmAccount;
  readonly kind: CallKind;
  /** Without what was asked for: queries name people. */
  readonly path: string;
  readonly status: number | null;
  readonly durationMs: number;
};

export type SalesforceGateway = {
  /**
   * Sends one call. Raises `CrmRateLimited`, `CrmUnavailable`, `CrmAuthorizationRevoked`, `CrmMisconfigured`,
   * `CrmPermissionMissing` or `CrmRejected`; repeats nothing but a call whose token was refused, once.
   */
  call(call: SalesforceCall): Promise<SalesforceAnswer>;
  /** How far Salesforce's clock was ahead of ours at the latest answer to this connection; null before the first one. */
  clockOffsetMs(account: CrmAccount): number | null;
  instanceUrl(account: CrmAccount): Promise<string>;
  readonly clock: Clock;
};

export type GatewayInput = {
  readonly tokens: OrgTokens;
  readonly budget: CallBudget;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly transport?: Transport;
  readonly observe?: (fact: CallFact) => void;
  /** `user`: everything is asked because somebody waits for it at a screen. (Default: worker) */
  readonly urgency?: 'worker' | 'user';
};

/** Salesforce refused a token that was fresh: nothing a person can mend, and not yet a sign that the grant is gone. */
export class FreshTokenRefused extends CrmUnavailable {
  constructor(retryAtMs: number) {
    super('Salesforce refused an access token it had just issued.', retryAtMs);
  }
}

const TIMEOUT_MS = 20_000;
/** Salesforce itself gives up after ten minutes; whoever gives up sooner than the org works has it do the same for ever. */
export const SLOW_TIMEOUT_MS = 120_000;
const FRESH_TOKEN_REFUSED_WAIT_MS = 60_000;
/** A brake that is on is set anew at most so often: each time is a write to the database. */
const BRAKE_AGAIN_MS = 60_000;

/** The one way to Salesforce's API: budget, token, the org's own address, and one reading of every answer. */
export function createSalesforceGateway(input: GatewayInput): SalesforceGateway {
  const gateway = new Gateway(input);
  return {
    call: (call) => gateway.call(call),
    clockOffsetMs: ({ connectionId }) => gateway.offsets.get(connectionId) ?? null,
    instanceUrl: (account) => input.tokens.instanceUrl(account),
    clock: input.clock,
  };
}

type Attempt = { readonly accessToken: string; readonly answer: TransportAnswer };

class Gateway {
  readonly offsets = new Map<string, number>();
  readonly #braked = new Map<string, number>();
  readonly #input: GatewayInput;
  readonly #transport: Transport;

  constructor(input: GatewayInput) {
    this.#input = input;
    this.#transport = input.transport ?? createFetchTransport({ timeoutMs: input.timeoutMs ?? TIMEOUT_MS });
  }

  async call(asked: SalesforceCall): Promise<SalesforceAnswer> {
    const { tokens, clock, urgency } = this.#input;
    const call = urgency === 'user' ? { ...asked, kind: 'user' as const } : asked;
    const first = await this.#attempt(call);
    if (!isTokenRefused(first.answer)) return this.#settle(call, first.answer);
    await tokens.discard(call.account, first.accessToken);
    const second = await this.#attempt(call);
    if (!isTokenRefused(second.answer)) return this.#settle(call, second.answer);
    await tokens.discard(call.account, second.accessToken);
    throw new FreshTokenRefused(clock.now() + FRESH_TOKEN_REFUSED_WAIT_MS);
  }

  async #attempt(call: SalesforceCall): Promise<Attempt> {
    const { account, kind, path } = call;
    const { budget, tokens, clock, urgency } = this.#input;
    await budget.take(account, kind);
    const accessToken = await tokens.accessToken(account);
    const request = {
      ...toRequest(call, { accessToken, instanceUrl: await tokens.instanceUrl(account) }),
      ...(call.isSlow === true && urgency !== 'user' && { timeoutMs: this.#input.timeoutMs ?? SLOW_TIMEOUT_MS }),
    };
    const startedMs = performance.now();
    const observe = (status: number | null) =>
      this.#input.observe?.({
        account,
        kind,
        path: pathLabel(path),
        status,
        durationMs: performance.now() - startedMs,
      });
    const sentAtMs = clock.now();
    let answer: TransportAnswer;
    try {
      answer = await this.#transport(request);
    } catch (cause) {
      observe(null);
      throw cause instanceof CrmUnavailable ? cause : new CrmUnavailable('Salesforce did not answer.', null, cause);
    }
    observe(answer.status);
    const offset = clockOffset({ date: answer.date, sentAtMs, receivedAtMs: clock.now() });
    if (offset !== null) this.offsets.set(account.connectionId, offset);
    const brakes = brakesOf(answer.limitInfo, clock.now());
    if (brakes !== null) await this.#brake(account, brakes);
    return { accessToken, answer };
  }

  async #brake(account: CrmAccount, { kinds, untilMs }: Brakes): Promise<void> {
    for (const kind of kinds) {
      const key = `${account.connectionId}/${kind}`;
      if (untilMs - (this.#braked.get(key) ?? 0) < BRAKE_AGAIN_MS) continue;
      await this.#input.budget.pause(account, kind, untilMs);
      this.#braked.set(key, untilMs);
    }
  }

  async #settle(call: SalesforceCall, answer: TransportAnswer): Promise<SalesforceAnswer> {
    const { status, date, lastModified } = answer;
    if ((status >= 200 && status < 300) || status === 304)
      return { status, body: parseBody(answer), date: toDate(date), lastModified };
    const { error, brakes } = classifyFailure({
      status,
      retryAfter: answer.retryAfter,
      body: parseOrNull(answer.text),
      path: pathLabel(call.path),
      nowMs: this.#input.clock.now(),
    });
    if (brakes !== null)
      for (const kind of brakes.kinds) await this.#input.budget.pause(call.account, kind, brakes.untilMs);
    throw error;
  }
}

/** `Sforce-Call-Options` marks what we change, so that the org's own change events tell our echo from other news. */
function toRequest(
  { method, path, body, headers }: SalesforceCall,
  { accessToken, instanceUrl }: { readonly accessToken: string; readonly instanceUrl: string },
): TransportRequest {
  if (!path.startsWith('/services/')) throw new CrmUnavailable('Salesforce named a page at an unknown address.');
  return {
    method,
    url: `${instanceUrl.replace(/\/+$/, '')}${path}`,
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      'sforce-call-options': 'client=Passalong',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Salesforce says so with 401, and here and there with 403. */
function isTokenRefused({ status, text }: TransportAnswer): boolean {
  if (status === 401) return true;
  return status === 403 && readErrors(parseOrNull(text)).some(({ code }) => code === 'INVALID_SESSION_ID');
}

function toDate(header: string | null): Date | null {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function parseBody(answer: TransportAnswer): unknown {
  if (answer.text === '') return null;
  const body = parseOrNull(answer.text);
  if (body === null) throw new CrmUnavailable(`Salesforce answered with status ${String(answer.status)} and no JSON.`);
  return body;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
