import { SWITCH_NAMES } from '../switches.ts';
import type { Action } from './action.ts';
import { createDeal, moveDeal } from './deals.ts';
import { actAs, expireToken } from './desk.ts';
import { moveRecordDeal, saveRecord } from './records.ts';
import { approveReward } from './rewards.ts';
import { signUp } from './sign-up.ts';
import { switchAction } from './switches.ts';

/** `POST /workbench/actions/<name>` */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['sign-up', signUp],
  ['move-deal', moveDeal],
  ['create-deal', createDeal],
  ['approve-reward', approveReward],
  ['save-record', saveRecord],
  ['move-record-deal', moveRecordDeal],
  ['act-as', actAs],
  ['expire-token', expireToken],
  ...SWITCH_NAMES.map((name): [string, Action] => [name, switchAction(name)]),
]);
