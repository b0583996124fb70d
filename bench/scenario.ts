import type { Change } from './account.ts';
import type { BenchStage } from './stage.ts';

export const ADVOCATES = 20;

/**
 * A published program, twenty advocates and `size` friends, each with an open deal; everything at rest when it resolves.
 * @returns the deals with the friend on each.
 */
export async function prepareScenario(stage: BenchStage, size: number, name: string): Promise<readonly Change[]> {
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
  const { wonRule, amountField } = stage.account.program;
  const { id: programId } = await stage.api<{ id: string }>('POST', '/programs', {
    name: `Bench ${name}`,
    landingUrl: 'https://example.com/welcome',
    rules: [{ ...wonRule, operator: 'any_of', status: 'approved', enabled: true }],
    rewardRules: [
      {
        recipient: 'advocate',
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent: '10',
        saleValue: { object: 'deal', field: amountField },
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

async function addDeals(stage: BenchStage, size: number, name: string): Promise<readonly Change[]> {
  const deals: Change[] = [];
  for (let index = 0; index < size; index += 1) {
    const contactId = await stage.account.findContact(friendEmail(name, index));
    if (contactId === null) throw new Error('a friend was not captured');
    deals.push({ dealId: await stage.account.createDeal(`Deal ${index}`, contactId), contactId });
  }
  await atRest(stage);
  return deals;
}

function friendEmail(name: string, index: number): string {
  return `friend-${name}-${index}@example.org`;
}

const PENDING = `
  select (select count(*) from dirty_records where connection_id = $1 and object_type <> 'company')
       + (select count(*) from write_backs where connection_id = $1 and due_at is not null)
       + (select count(*) from outbox where connection_id = $1 and due_at is not null) as pending`;

/**
 * Resolves when the service has heard of everything and has nothing left to do.
 * @param input.hurry false: it hears of changes in its own time. (Default: true)
 */
export async function atRest(stage: BenchStage, { hurry } = { hurry: true }): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    const isIdle = (await countPending(stage)) === 0;
    const isAllTold = await stage.account.isAllTold(stage, { hurry: hurry && isIdle });
    quiet = isIdle && isAllTold ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function countPending(stage: BenchStage): Promise<number> {
  const [row] = await stage.look<{ pending: string }>(PENDING, [stage.connectionId]);
  return Number(row?.pending ?? 0);
}
