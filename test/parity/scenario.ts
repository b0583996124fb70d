import type { AccountInput } from './crm-world.ts';
import type { Play } from './play.ts';

/**
 * By friend: the status, then the live rewards (`approved, 199.99 EUR pending`). `?`: reason codes of the open questions, and
 * there are none where it is left out. `finn says phone`: what the CRM's own record of finn holds there.
 */
export type Ending = Readonly<Record<string, string>>;

/** What a customer pays at once, and a tenth of 1,000 until somebody approves it. */
export const PAID = 'approved, 10.00 EUR approved';
export const WON = 'approved, 100.00 EUR pending';

export type Scenario = {
  readonly id: string;
  readonly sentence: string;
  /** Edge cases and features, as features.md numbers them. */
  readonly covers: readonly string[];
  readonly program: object;
  readonly account: AccountInput;
  readonly steps: (on: Play) => Promise<Ending>;
};

/** `told`: `<id>: <sentence> (<ids it covers>)`. */
export function scenario(told: string, program: object, steps: Scenario['steps']): Scenario {
  const [, id = '', sentence = '', covers = ''] = /^([\w.:-]+): (.+) \(([^()]+)\)$/.exec(told) ?? [];
  if (covers === '') throw new Error(`"${told}" is no title of a scenario`);
  return { id, sentence, covers: covers.split(', '), program, account: {}, steps };
}

/** In an account that is not in euros and in UTC. */
export function inAccount(account: AccountInput, given: Scenario): Scenario {
  return { ...given, account };
}
