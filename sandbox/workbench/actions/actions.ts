import type { Action } from './action.ts';
import { createDeal, moveDeal } from './deals.ts';
import { approveReward } from './rewards.ts';
import { signUp } from './sign-up.ts';
import { switchAction } from './switches.ts';

/** `POST /workbench/actions/<name>` */
export const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['sign-up', signUp],
  ['move-deal', moveDeal],
  ['create-deal', createDeal],
  ['approve-reward', approveReward],
  ['deliver-twice', switchAction('deliver-twice')],
  ['hubspot-down', switchAction('hubspot-down')],
]);
