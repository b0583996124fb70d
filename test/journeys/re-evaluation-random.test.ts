import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage, type Tenant } from './stage.ts';

const EDITS = 300;
const PORTAL = 7201;
const STAGES = ['appointmentscheduled', 'qualifiedtobuy', 'contractsent', 'closedwon', 'closedlost'] as const;

let stage: Stage;
let tenant: Tenant;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  portal().createProperty('contacts', {
    name: 'seats',
    label: 'Seats',
    groupName: 'contactinformation',
    type: 'number',
    fieldType: 'number',
  });
  tenant = await stage.install(PORTAL);
  await stage.settle();
});
afterAll(() => stage.close());

function portal() {
  return stage.hubspot.control.portal(PORTAL);
}

const status = fc.constantFrom('qualified' as const, 'approved' as const);
const anyRule = fc.oneof(
  fc.record({ status, values: fc.subarray([...STAGES], { minLength: 1 }) }).map((rule) => ({
    ...rule,
    object: 'deal',
    pipelineId: 'default',
    operator: 'any_of',
  })),
  fc.record({ status, value: fc.constantFrom(...STAGES.slice(0, 4)) }).map(({ status: given, value }) => ({
    status: given,
    object: 'deal',
    pipelineId: 'default',
    operator: 'at_or_after',
    values: [value],
  })),
  fc.record({ status, seats: fc.integer({ min: 1, max: 30 }) }).map(({ status: given, seats }) => ({
    status: given,
    object: 'contact',
    field: 'seats',
    operator: 'at_least',
    values: [String(seats)],
  })),
);
const anyReward = (onStatus: 'qualified' | 'approved') =>
  // Rules are replaced by others, and one that was retired may come back.
  fc.record({ which: fc.nat({ max: 3 }), amount: fc.integer({ min: 1, max: 99 }) }).map(({ which, amount }) => ({
    id: `rwr_${onStatus}_${String(which)}`,
    onStatus,
    kind: 'fixed',
    amount: `${String(amount)}.00`,
    currency: 'EUR',
  }));

/** One version: some rules, at most one reward for each milestone that can be reached, and how it decides. */
const anyEdit = fc
  .record({
    rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
    rewards: fc.tuple(anyReward('qualified'), anyReward('approved')),
    decisions: fc.record({
      alreadyMet: fc.constantFrom('review', 'qualify', 'ignore'),
      severalContacts: fc.constantFrom('review', 'exactly_one', 'first_attribution'),
    }),
    moved: fc.option(fc.record({ deal: fc.nat({ max: 5 }), to: fc.constantFrom(...STAGES) })),
  })
  .map(({ rules, rewards, decisions, moved }) => ({
    definition: {
      name: 'Ever changing',
      rules: rules.map((rule, at) => ({ ...rule, id: `rul_${String(at)}` })),
      rewardRules: rewards.filter(({ onStatus }) => rules.some((rule) => rule.status === onStatus)),
      decisions,
    },
    moved,
  }));

type Row = { id: string; status: string; live: { milestone: string; count: number }[] | null; owed: string };

function standing(): Promise<Row[]> {
  return stage.rows<Row>(
    `select r.id, r.status,
            (select json_agg(m) from (select milestone, count(*)::int as count from rewards w
               where w.referral_id = r.id and w.state not in ('voided') group by milestone order by milestone) m) as live,
            (select coalesce(sum(amount_minor), 0)::text from rewards w where w.referral_id = r.id and w.state <> 'voided') as owed
       from referrals r order by r.id`,
  );
}

async function launch(definition: object): Promise<string> {
  const { id } = (await tenant.api('POST', '/programs', definition)).body;
  expect((await tenant.api('POST', `/programs/${id}/publish`)).status).toBe(200);
  const ada = { email: 'ada@example.com', firstName: 'Ada', lastName: 'Advocate' };
  const { code } = (await tenant.api('POST', `/programs/${id}/advocates`, ada)).body;
  for (let at = 0; at < 6; at += 1) {
    await tenant.api('POST', `/programs/${id}/referrals`, { code, email: `friend${String(at)}@example.org` });
  }
  await stage.settle();
  return id;
}

/** Deals of the friends, the last one shared by two of them. */
async function makeDeals(): Promise<string[]> {
  stage.clock.advance(600_000);
  const contactIds = [0, 1, 2, 3, 4, 5].map(
    (at) => portal().find('contacts', 'email', `friend${String(at)}@example.org`)[0]!.id,
  );
  contactIds.forEach((id, at) => portal().setProperties('contacts', id, { seats: String(at * 6) }));
  const deals = contactIds.map((contactId, at) =>
    portal().createDeal(
      { dealname: `Deal ${String(at)}`, pipeline: 'default', dealstage: STAGES[at % STAGES.length]!, amount: '1000' },
      at === 5 ? [contactId, contactIds[0]!] : [contactId],
    ),
  );
  await stage.settle(900_000);
  return deals;
}

const minor = (text: string): number => Math.round(Number(text) * 100);

test(
  'whatever is edited, a preview says what applying it does, and no milestone is rewarded twice (E29)',
  async () => {
    const edits = fc.sample(anyEdit, { numRuns: EDITS, seed: 20261121 });
    const programId = await launch(edits[0]!.definition);
    const deals = await makeDeals();
    for (const [number, { definition, moved }] of edits.entries()) {
      if (moved) portal().moveDeal(deals[moved.deal]!, moved.to);
      stage.clock.advance(60_000);
      await stage.settle();
      const saved = await tenant.api('PUT', `/programs/${programId}`, definition);
      expect([number, saved.body.error]).toEqual([number, undefined]);
      await tenant.api('POST', `/programs/${programId}/publish`);
      await stage.settle();
      const before = await standing();
      const { id } = (await tenant.api('POST', `/programs/${programId}/re-evaluations`, {})).body;
      await stage.settle();
      const preview = (await tenant.api('GET', `/re-evaluations/${id}`)).body;
      expect([number, preview.state, await standing()]).toEqual([number, 'previewed', before]);
      await tenant.api('POST', `/re-evaluations/${id}/apply`);
      await stage.settle();
      const after = await standing();
      const applied = (await tenant.api('GET', `/re-evaluations/${id}`)).body;
      expect([number, applied.state, applied.applied]).toEqual([number, 'done', preview.counts]);

      const changed = after.filter((row, at) => row.status !== before[at]!.status).map((row) => row.id);
      const said = preview.sample.filter((one: { from: string; to: string }) => one.from !== one.to);
      expect([number, said.map((one: { referralId: string }) => one.referralId).sort()]).toEqual([
        number,
        changed.sort(),
      ]);
      const owed = (rows: Row[]): number => rows.reduce((sum, row) => sum + Number(row.owed), 0);
      const money = preview.counts.money.reduce(
        (sum: number, one: { added: string; takenBack: string }) => sum + minor(one.added) - minor(one.takenBack),
        0,
      );
      expect([number, owed(after) - owed(before)]).toEqual([number, money]);
      const twice = after.filter(({ live }) => live?.some(({ count }) => count > 1));
      expect([number, twice]).toEqual([number, []]);
    }
  },
  60_000 + EDITS * 5_000,
);
