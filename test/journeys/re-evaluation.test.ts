import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 7101;

let stage: Stage;
let tenant: Tenant;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  for (const name of ['plan', 'seats']) {
    portal().createProperty('contacts', {
      name,
      label: name,
      groupName: 'contactinformation',
      type: name === 'plan' ? 'string' : 'number',
      fieldType: name === 'plan' ? 'text' : 'number',
    });
  }
  tenant = await stage.install(PORTAL);
});
afterAll(() => stage.close());

function portal() {
  return stage.hubspot.control.portal(PORTAL);
}

const WON = { id: 'rul_won', object: 'deal', pipelineId: 'default', values: ['closedwon'], status: 'approved' };
const SENT = { id: 'rul_sent', object: 'deal', pipelineId: 'default', values: ['contractsent'], status: 'qualified' };
const SEATS = {
  id: 'rul_seats',
  object: 'contact',
  field: 'seats',
  operator: 'at_least',
  values: ['10'],
  status: 'approved',
};
const TEN_PERCENT = {
  id: 'rwr_ten',
  onStatus: 'approved',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: 'amount' },
};
const FIXED = { id: 'rwr_fixed', onStatus: 'approved', kind: 'fixed', amount: '25.00', currency: 'EUR' };
const QUALIFIED = { id: 'rwr_start', onStatus: 'qualified', kind: 'fixed', amount: '5.00', currency: 'EUR' };

type Definition = {
  readonly rules: readonly object[];
  readonly rewardRules?: readonly object[];
  readonly decisions?: object;
};
const programOf = ({ rewardRules = [], ...more }: Definition, name = 'Moving rules') => ({
  name,
  rewardRules,
  ...more,
});

let people = 0;

async function launchProgram(definition: Definition): Promise<Launched> {
  const { body, status } = await tenant.api('POST', '/programs', programOf(definition));
  expect([status, body.error]).toEqual([201, undefined]);
  expect((await tenant.api('POST', `/programs/${body.id}/publish`)).status).toBe(200);
  const advocate = await tenant.api('POST', `/programs/${body.id}/advocates`, {
    email: 'ada.advocate@example.com',
    firstName: 'Ada',
    lastName: 'Advocate',
  });
  await stage.settle();
  return { programId: body.id, advocateContactId: '', ...advocate.body };
}

/** A program with friends: each with a deal in the stage named, worth 1,000, and the properties given. */
async function programWith(
  definition: Definition,
  friends: readonly { readonly stage?: string; readonly values?: Record<string, string> }[],
): Promise<{
  readonly launched: Launched;
  readonly referralIds: readonly string[];
  readonly contactIds: readonly string[];
}> {
  const launched = await launchProgram(definition);
  const referralIds: string[] = [];
  const contactIds: string[] = [];
  for (const friend of friends) {
    people += 1;
    const email = `friend${String(people)}@example.org`;
    referralIds.push(await referFriend(tenant, launched, { email }));
    await stage.settle();
    const contactId = portal().find('contacts', 'email', email)[0]!.id;
    contactIds.push(contactId);
    stage.clock.advance(600_000);
    if (friend.values) portal().setProperties('contacts', contactId, friend.values);
    if (friend.stage) {
      portal().createDeal({ dealname: email, pipeline: 'default', dealstage: friend.stage, amount: '1000' }, [
        contactId,
      ]);
    }
  }
  await stage.settle(900_000);
  return { launched, referralIds, contactIds };
}

async function publish(launched: Launched, definition: Definition): Promise<void> {
  const saved = await tenant.api('PUT', `/programs/${launched.programId}`, programOf(definition));
  expect([saved.status, saved.body.error]).toEqual([200, undefined]);
  expect((await tenant.api('POST', `/programs/${launched.programId}/publish`)).status).toBe(200);
  stage.clock.advance(60_000);
  await stage.settle();
}

type Counts = Record<string, unknown>;
const counts = (more: Counts): Counts => ({
  total: 0,
  unread: 0,
  unchanged: 0,
  qualify: 0,
  approve: 0,
  goBack: 0,
  toReview: 0,
  newRewards: 0,
  amountsChanged: 0,
  voidedRewards: 0,
  money: [],
  ...more,
});

async function preview(launched: Launched): Promise<{ id: string; state: string; counts: Counts; sample: any[] }> {
  const started = await tenant.api('POST', `/programs/${launched.programId}/re-evaluations`, {});
  expect(started.status).toBe(201);
  await stage.settle();
  return (await tenant.api('GET', `/re-evaluations/${started.body.id}`)).body;
}

async function apply(id: string): Promise<Counts> {
  expect((await tenant.api('POST', `/re-evaluations/${id}/apply`)).body.state).toBe('applying');
  await stage.settle();
  const { body } = await tenant.api('GET', `/re-evaluations/${id}`);
  expect(body.state).toBe('done');
  return body.applied;
}

/** What people would see of the referrals and what is owed for them. */
async function standing(referralIds: readonly string[]): Promise<unknown> {
  return stage.rows(
    `select r.id, r.status, (select json_agg(json_build_object('rule', w.reward_rule_id, 'state', w.state, 'amount', w.amount_minor)
                                             order by w.reward_rule_id) from rewards w where w.referral_id = r.id) as rewards
       from referrals r where r.id = any($1) order by r.created_at, r.id`,
    [[...referralIds]],
  );
}
const versions = (referralIds: readonly string[]) =>
  stage.rows<{ rules_version: number }>('select distinct rules_version from referrals where id = any($1)', [
    [...referralIds],
  ]);

describe('changed rules', () => {
  test('touch nothing in flight until somebody asks, and then nothing before it is applied (E29)', async () => {
    const { launched, referralIds } = await programWith({ rules: [WON], rewardRules: [TEN_PERCENT] }, [
      { stage: 'contractsent' },
      { stage: 'closedwon' },
      {},
    ]);
    const before = await standing(referralIds);
    const later = { ...WON, operator: 'at_or_after', values: ['contractsent'] };
    await publish(launched, { rules: [later], rewardRules: [TEN_PERCENT] });
    expect(await standing(referralIds)).toEqual(before);

    const seen = await preview(launched);
    expect(seen).toMatchObject({ state: 'previewed', counts: counts({ total: 3, unchanged: 2, toReview: 1 }) });
    expect(seen.sample).toMatchObject([
      { referralId: referralIds[0], from: 'pending', to: 'pending', question: 'already_there' },
    ]);
    expect(await standing(referralIds)).toEqual(before);
    expect(await versions(referralIds)).toEqual([{ rules_version: 1 }]);

    expect(await apply(seen.id)).toEqual(seen.counts);
    expect(await versions(referralIds)).toEqual([{ rules_version: 2 }]);
    expect(await standing(referralIds)).toEqual(before);
    const [entry] = (await tenant.api('GET', `/entries?referralId=${referralIds[0]}&state=review`)).body.items;
    expect(entry).toMatchObject({ reasonCode: 'already_there', trigger: { kind: 're_evaluation' } });
  });

  test('a second re-evaluation of the same version changes nothing and makes no second reward (E29)', async () => {
    const { launched, referralIds } = await programWith({ rules: [WON], rewardRules: [TEN_PERCENT] }, [
      { stage: 'closedwon' },
    ]);
    const rewarded = await standing(referralIds);
    expect(rewarded).toMatchObject([
      { status: 'approved', rewards: [{ rule: 'rwr_ten', state: 'pending', amount: 10000 }] },
    ]);
    await publish(launched, {
      rules: [{ ...WON, id: 'rul_other', operator: 'at_or_after', values: ['contractsent'] }],
      rewardRules: [TEN_PERCENT, { ...FIXED, id: 'rwr_later' }],
    });
    const seen = await preview(launched);
    expect(seen.counts).toEqual(counts({ total: 1, unchanged: 1 }));
    expect(await apply(seen.id)).toEqual(seen.counts);
    const again = await preview(launched);
    expect(again.counts).toEqual(counts({}));
    await apply(again.id);
    expect(await standing(referralIds)).toEqual(rewarded);
  });
});

describe('what the preview says is what is then done', () => {
  const friends = [
    { stage: 'contractsent' },
    { stage: 'closedwon' },
    { stage: 'closedwon', values: { seats: '12' } },
    {},
  ];
  const before: Definition = { rules: [WON, SENT], rewardRules: [TEN_PERCENT, QUALIFIED] };
  const qualify = { alreadyMet: 'qualify' };
  const euros = (added: string, takenBack: string) => [{ currency: 'EUR', added, takenBack }];

  test.each<[string, Definition, Counts]>([
    ['nothing that matters', { ...before, rules: [{ ...WON, priority: 5 }, SENT] }, counts({ total: 4, unchanged: 4 })],
    [
      'another stage only, with a question about what is there',
      { ...before, rules: [{ ...WON, values: ['contractsent'] }, SENT] },
      counts({ total: 4, unchanged: 1, toReview: 1, goBack: 2, voidedRewards: 4, money: euros('0.00', '210.00') }),
    ],
    [
      'at or after, and what is there counts',
      { ...before, rules: [{ ...WON, operator: 'at_or_after', values: ['contractsent'] }, SENT], decisions: qualify },
      counts({ total: 4, unchanged: 3, approve: 1, newRewards: 1, money: euros('100.00', '0.00') }),
    ],
    [
      'an easier rule, and a person is asked',
      { ...before, rules: [{ ...WON, operator: 'at_or_after', values: ['contractsent'] }, SENT] },
      counts({ total: 4, unchanged: 3, toReview: 1 }),
    ],
    [
      'a harder rule',
      { ...before, rules: [{ ...SEATS }, SENT], rewardRules: [FIXED, QUALIFIED] },
      counts({ total: 4, unchanged: 3, goBack: 1, voidedRewards: 2, money: euros('0.00', '105.00') }),
    ],
    [
      'a higher share',
      { ...before, rewardRules: [{ ...TEN_PERCENT, percent: '12' }, QUALIFIED] },
      counts({ total: 4, unchanged: 2, amountsChanged: 2, money: euros('40.00', '0.00') }),
    ],
    [
      'what is there never counts',
      {
        ...before,
        rules: [{ ...WON, values: ['contractsent', 'closedwon'] }, SENT],
        decisions: { alreadyMet: 'ignore' },
      },
      counts({ total: 4, unchanged: 4 }),
    ],
  ])('%s', async (_what, after, expected) => {
    const { launched, referralIds } = await programWith(before, friends);
    const asBefore = (await standing(referralIds)) as { status: string }[];
    expect(asBefore.map(({ status }) => status)).toEqual(['qualified', 'approved', 'approved', 'pending']);
    await publish(launched, after);
    const seen = await preview(launched);
    const applied = await apply(seen.id);
    expect(applied).toEqual(seen.counts);
    const now = (await standing(referralIds)) as { status: string }[];
    const moved = now.filter(({ status }, at) => status !== asBefore[at]!.status).length;
    const said = seen.counts as { approve: number; qualify: number; goBack: number };
    expect(moved).toBe(said.approve + said.qualify + said.goBack);
    expect(seen.counts).toEqual(expected);

    // Another message about the same deals decides them again, and finds nothing new.
    stage.clock.advance(60_000);
    for (const deal of portal().find('deals', 'amount', '1000'))
      portal().setProperties('deals', deal.id, { amount: '1000.0' });
    await stage.settle();
    expect(await standing(referralIds)).toEqual(now);
  });
});

test('fields that are new to the version are read before anything is said (E29)', async () => {
  const { launched, referralIds } = await programWith({ rules: [WON] }, [
    { values: { seats: '12' } },
    { values: { seats: '3' } },
  ]);
  await publish(launched, { rules: [WON, SEATS], decisions: { alreadyMet: 'qualify' } });
  const seen = await preview(launched);
  expect(seen.counts).toEqual(counts({ total: 2, unchanged: 1, approve: 1 }));
  await apply(seen.id);
  expect(await standing(referralIds)).toMatchObject([{ status: 'approved' }, { status: 'pending' }]);
});

test('another version published meanwhile makes a new preview necessary (E29)', async () => {
  const { launched } = await programWith({ rules: [WON] }, [{}]);
  await publish(launched, { rules: [WON, SENT] });
  const seen = await preview(launched);
  await publish(launched, { rules: [SENT] });
  const refused = await tenant.api('POST', `/re-evaluations/${seen.id}/apply`);
  expect([refused.status, refused.body.error.code]).toEqual([409, 're_evaluation_outdated']);
  expect((await tenant.api('POST', `/re-evaluations/${seen.id}/cancel`)).body.state).toBe('cancelled');
  expect((await preview(launched)).counts).toEqual(counts({ total: 1, unchanged: 1 }));
});
