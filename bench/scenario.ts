import type { BenchStage } from './stage.ts';
import { PORTAL_ID } from './stage.ts';

export type Scenario = {
  /** Deals in an early stage, each with one referred friend on it. */
  readonly dealIds: readonly string[];
  readonly friendContactIds: readonly string[];
};

const ADVOCATES = 20;

/** A published program, twenty advocates and `size` friends, each with an open deal; everything at rest when it resolves. */
export async function prepareScenario(stage: BenchStage, size: number, name: string): Promise<Scenario> {
  const { programId } = await publishProgram(stage, name);
  const codes: string[] = [];
  for (let index = 0; index < ADVOCATES; index += 1) {
    const email = `advocate-${name}-${index}@example.com`;
    codes.push((await stage.api<{ code: string }>('POST', `/programs/${programId}/advocates`, { email })).code);
  }
  for (let index = 0; index < size; index += 1) {
    const email = friendEmail(name, index);
    await stage.api('POST', `/programs/${programId}/referrals`, { code: codes[index % ADVOCATES], email });
  }
  await atRest(stage);
  return addDeals(stage, size, name);
}

/** Closed Won approves, and pays the advocate 10 %. */
export async function publishProgram(
  stage: BenchStage,
  name: string,
): Promise<{ readonly programId: string; readonly rewardRuleId: string }> {
  const { id: programId } = await stage.api<{ id: string }>('POST', '/programs', {
    name: `Bench ${name}`,
    landingUrl: 'https://example.com/welcome',
    rules: [
      {
        object: 'deal',
        field: 'dealstage',
        operator: 'any_of',
        pipelineId: 'default',
        values: ['closedwon'],
        status: 'approved',
        enabled: true,
      },
    ],
    rewardRules: [
      {
        recipient: 'advocate',
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent: '10',
        saleValue: { object: 'deal', field: 'amount' },
      },
    ],
  });
  const published = await stage.api<{ published: { definition: { rewardRules: { id: string }[] } } }>(
    'POST',
    `/programs/${programId}/publish`,
  );
  const [rewardRule] = published.published.definition.rewardRules;
  if (!rewardRule) throw new Error('the program has no reward rule');
  return { programId, rewardRuleId: rewardRule.id };
}

async function addDeals(stage: BenchStage, size: number, name: string): Promise<Scenario> {
  const portal = stage.hubspot.portal(PORTAL_ID);
  const friendContactIds: string[] = [];
  const dealIds: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const [contact] = await portal.find('contacts', 'email', friendEmail(name, index));
    if (!contact) throw new Error('a friend was not captured');
    friendContactIds.push(contact.id);
    const values = { dealname: `Deal ${index}`, pipeline: 'default', dealstage: 'qualifiedtobuy', amount: '1000' };
    dealIds.push(await portal.createDeal(values, [contact.id]));
  }
  await atRest(stage);
  return { dealIds, friendContactIds };
}

function friendEmail(name: string, index: number): string {
  return `friend-${name}-${index}@example.org`;
}

const PENDING = `
  select (select count(*) from dirty_records where connection_id = ? and object_type <> 'company')
       + (select count(*) from write_backs where connection_id = ? and due_at is not null)
       + (select count(*) from outbox where connection_id = ? and due_at is not null) as pending`;

/** Resolves when HubSpot has delivered everything and the service has nothing left to do. */
export async function atRest(stage: BenchStage): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    await stage.hubspot.deliveries.deliverNow();
    const id = stage.connectionId;
    const pending = await stage.database.inWorkspace(stage.workspaceId, async (tx) => {
      const answer = await tx.raw<{ rows: { pending: string }[] }>(PENDING, [id, id, id]);
      return Number(answer.rows[0]?.pending ?? 0);
    });
    quiet = pending === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
