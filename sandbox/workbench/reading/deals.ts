import type { Friend, HubSpotAccount } from './people.ts';

export interface FriendDeal {
  id: string;
  name: string;
  amount: string;
  pipelineId: string;
  stageId: string;
  stage: string;
  friend: Friend;
}

export interface StageGroup {
  pipelineId: string;
  pipeline: string;
  stages: { id: string; label: string }[];
}

export function stagesOf(account: HubSpotAccount): StageGroup[] {
  return account.pipelines().map(({ id, label, stages }) => ({
    pipelineId: id,
    pipeline: label,
    stages: stages.map((stage) => ({ id: stage.id, label: stage.label })),
  }));
}

export function stageLabel(groups: readonly StageGroup[], stageId: string): string {
  for (const { stages } of groups) for (const { id, label } of stages) if (id === stageId) return label;
  return stageId;
}

/** The deals of referred friends, newest first; one shared by two friends is listed once. */
export function dealsOf(account: HubSpotAccount, friends: readonly Friend[]): FriendDeal[] {
  const groups = stagesOf(account);
  const deals = new Map<string, FriendDeal>();
  for (const friend of friends)
    for (const id of friend.contact?.associations['deals'] ?? []) {
      const deal = account.get('deals', id);
      if (!deal || deal.archived || deals.has(id)) continue;
      const stageId = deal.properties['dealstage'] ?? '';
      deals.set(id, {
        id,
        name: deal.properties['dealname'] ?? `Deal ${id}`,
        amount: deal.properties['amount'] ?? '',
        pipelineId: deal.properties['pipeline'] ?? '',
        stageId,
        stage: stageLabel(groups, stageId),
        friend,
      });
    }
  return [...deals.values()].sort((one, two) => Number(two.id) - Number(one.id));
}
