import { CrmRateLimited } from '../../../backend/src/crm/errors.ts';
import type { Clock } from '../../../backend/src/clock.ts';
import type { CallBudget, CallKind, CrmAccount } from '../../../backend/src/crm/port.ts';

export type MemoryBudget = CallBudget & { readonly taken: readonly CallKind[] };

/** A budget without a limit of its own that keeps the pauses the CRM asked for. */
export function memoryBudget(clock: Clock): MemoryBudget {
  const pausedUntilMs = new Map<string, number>();
  const taken: CallKind[] = [];
  const keyOf = (account: CrmAccount, kind: CallKind) => `${account.connectionId}/${kind}`;
  return {
    taken,
    take: (account, kind) => {
      const untilMs = pausedUntilMs.get(keyOf(account, kind)) ?? 0;
      if (clock.now() < untilMs) return Promise.reject(new CrmRateLimited(untilMs, { kind }));
      taken.push(kind);
      return Promise.resolve();
    },
    pause: (account, kind, untilMs) => {
      pausedUntilMs.set(keyOf(account, kind), untilMs);
      return Promise.resolve();
    },
  };
}
