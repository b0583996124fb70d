import { dealsOf, stageLabel, stagesOf } from '../reading/deals.ts';
import type { FriendDeal } from '../reading/deals.ts';
import { friendsOf } from '../reading/people.ts';
import type { Friend } from '../reading/people.ts';
import type { Bench } from '../workbench.ts';
import { Refused, required } from './action.ts';
import type { Action, Given } from './action.ts';

/** A person in HubSpot drags a deal to another stage. */
export const moveDeal: Action = async (bench, given) => {
  const account = bench.control.portal(bench.portalId);
  const dealId = required(given, 'deal', 'Choose a deal.');
  const deal = (await friendDeals(bench)).find(({ id }) => id === dealId);
  if (!deal) throw new Refused('That deal is gone.', { deal: 'Choose a deal of a referred friend.' });
  const stageId = stageFrom(bench, given);
  account.moveDeal(dealId, stageId);
  const stage = stageLabel(stagesOf(account), stageId);
  const message = `“${deal.name}” is now in ${stage}.`;
  return deal.friend.key === given['shown'] ? { message } : { message, choose: deal.friend.key };
};

/** A person in HubSpot makes a deal and links it to the friend. */
export const createDeal: Action = async (bench, given) => {
  const friend = await chosenFriend(bench, given);
  const dealname = required(given, 'name', 'Give the deal a name.');
  const amount = required(given, 'amount', 'Enter what the deal is worth.');
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(amount)) throw new Refused('', { amount: 'Write a number such as 4800 or 99.50.' });
  const stageId = stageFrom(bench, given);
  const account = bench.control.portal(bench.portalId);
  const pipeline = stagesOf(account).find(({ stages }) => stages.some(({ id }) => id === stageId))?.pipelineId ?? '';
  const values = { dealname, amount, pipeline, dealstage: stageId };
  account.createDeal(values, [friend.contact.id]);
  return { message: `“${dealname}” was created for ${friend.name}.`, choose: friend.key };
};

async function friendDeals(bench: Bench): Promise<FriendDeal[]> {
  return dealsOf(bench.control.portal(bench.portalId), await friends(bench));
}

async function friends(bench: Bench): Promise<Friend[]> {
  const { referrals } = (await bench.viewer.view()).facts;
  return friendsOf(bench.control.portal(bench.portalId), referrals);
}

async function chosenFriend(bench: Bench, given: Given): Promise<Friend & { contact: NonNullable<Friend['contact']> }> {
  const key = required(given, 'friend', 'Choose a friend.');
  const friend = (await friends(bench)).find((candidate) => candidate.key === key);
  if (!friend) throw new Refused('', { friend: 'Choose a friend from the list.' });
  const { contact } = friend;
  if (!contact)
    throw new Refused('', { friend: `HubSpot has no contact for ${friend.name} yet. Try again in a moment.` });
  return { ...friend, contact };
}

function stageFrom(bench: Bench, given: Given): string {
  const stageId = required(given, 'stage', 'Choose a stage.');
  const known = stagesOf(bench.control.portal(bench.portalId)).some(({ stages }) =>
    stages.some(({ id }) => id === stageId),
  );
  if (!known) throw new Refused('', { stage: 'Choose a stage from the list.' });
  return stageId;
}
