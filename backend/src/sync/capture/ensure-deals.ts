import type { CrmRecord, DealDraft, WriteOutcome } from '../../crm/port.ts';
import { contactsOfPeople, referralFacts } from '../../capture/capture-store.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import { dealName, planDeal } from '../../capture/plan-deal.ts';
import { programsOfCrm } from '../../qualification/definition-of-crm.ts';
import { publishedPrograms } from '../../qualification/published-programs.ts';
import { claimWritesUntil, type ConnectionWork } from '../connection-work.ts';
import { claimDeals, type DealToEnsure } from '../outbox-store.ts';
import { ownersFor } from './owners.ts';
import type { PlannedDeal } from './planned-deal.ts';
import { recordDeals } from './record-deals.ts';
import { takeInHalves, type Steps } from './take-in-halves.ts';

/**
 * Makes or marks the deals that programs ask for. Our referral id is unique among the account's deals, so that a try
 * whose answer was lost is refused the second time instead of making a second deal.
 * @returns how many items were taken up.
 */
export async function ensureDeals(work: ConnectionWork): Promise<number> {
  const { workspaceId, connectionId } = work.connection;
  const nowMs = work.clock.now();
  const items = await work.database.inWorkspace(workspaceId, (tx) =>
    claimDeals(tx, {
      connectionId,
      limit: work.port.batchSize,
      now: new Date(nowMs),
      claimedUntil: claimWritesUntil(nowMs, work.port),
    }),
  );
  if (items.length > 0) await takeInHalves(work, items, STEPS);
  return items.length;
}

const STEPS: Steps<DealToEnsure> = {
  what: 'deals',
  async take(work, items) {
    const planned = await plan(work, items);
    await recordDeals(work, { items, planned, outcomes: await carryOut(work, planned) });
  },
};

type OpenDeal = Omit<PlannedDeal, 'plan'> & { readonly contactIds: readonly string[] };

/** Items without a live referral, or whose friend has no contact any more, get no plan: nothing is left to do. */
async function plan(work: ConnectionWork, items: readonly DealToEnsure[]): Promise<PlannedDeal[]> {
  const { workspaceId, connectionId } = work.connection;
  const open = await work.database.inWorkspace(workspaceId, async (tx) => {
    const programs = programsOfCrm(await publishedPrograms(tx, workspaceId), work.port.crm);
    const referralIds = items.map(({ referralId }) => referralId);
    const facts = await referralFacts(tx, { programs, publicUrl: work.publicUrl, referralIds });
    const personIds = [...facts.values()].map(({ personId }) => personId);
    const contacts = await contactsOfPeople(tx, { connectionId, personIds });
    const found = items.flatMap((item): OpenDeal[] => {
      const referral = facts.get(item.referralId);
      const contactIds = referral && contacts.get(referral.personId);
      return referral && contactIds ? [{ item, facts: referral.facts, contactId: contactIds[0], contactIds }] : [];
    });
    const rank = ({ facts: { program } }: OpenDeal): number => programs.findIndex(({ id }) => id === program.id);
    return found.sort((a, b) => rank(a) - rank(b) || (a.item.referralId < b.item.referralId ? -1 : 1));
  });
  const attaching = open.filter(
    ({ facts }) => facts.heldFor === null && facts.program.definition.capture.deal.policy === 'attach',
  );
  const dealsOf = await readDeals(work, [...new Set(attaching.flatMap(({ contactIds }) => contactIds))]);
  const fields = work.port.dealFields;
  // Of two referrals of one friend the second must not take the deal the first is about to get.
  const taken = new Map<string, string>();
  return open.map(({ contactIds, ...deal }) => {
    const found = new Map(contactIds.flatMap((id) => dealsOf.get(id) ?? []).map((record) => [record.id, record]));
    const deals = [...found.values()].map(({ id, values }) => {
      const owner = taken.get(id);
      return { id, values: owner === undefined ? values : { ...values, [fields.referralId]: owner } };
    });
    const planned = planDeal({ facts: deal.facts, deals, fields });
    if (planned.do === 'attach') taken.set(planned.dealId, deal.facts.referralId);
    return { ...deal, plan: planned };
  });
}

async function readDeals(work: ConnectionWork, contactIds: readonly string[]): Promise<Map<string, CrmRecord[]>> {
  if (contactIds.length === 0) return new Map();
  const { port, connection } = work;
  const associated = await port.readAssociations(connection, { from: 'contact', to: 'deal', ids: contactIds });
  const ids = [...new Set([...associated.values()].flat())];
  const { referralId, pipeline, stage, closed } = port.dealFields;
  const deals = new Map<string, CrmRecord>();
  for (let start = 0; start < ids.length; start += port.batchSize) {
    const batch = ids.slice(start, start + port.batchSize);
    const fields = [referralId, pipeline, stage, closed];
    for (const [id, deal] of await port.readRecords(connection, { objectType: 'deal', ids: batch, fields }))
      deals.set(id, deal);
  }
  return new Map(
    [...associated].map(([contactId, dealIds]) => [contactId, dealIds.flatMap((id) => deals.get(id) ?? [])]),
  );
}

/** By referral id. */
async function carryOut(work: ConnectionWork, planned: readonly PlannedDeal[]): Promise<Map<string, WriteOutcome>> {
  const { port, connection } = work;
  const creating = planned.filter(({ plan }) => plan.do === 'create');
  const attaching = planned.flatMap(({ plan, facts }) =>
    plan.do === 'attach' ? [{ dealId: plan.dealId, facts }] : [],
  );
  const outcomes = new Map<string, WriteOutcome>();
  if (creating.length > 0) {
    const owners = await ownersFor(
      work,
      creating.map(({ facts }) => facts),
    );
    const drafts = creating.map(({ facts, contactId }) =>
      toDraft(facts, contactId, owners.get(facts.referralId) ?? null),
    );
    for (const outcome of await port.createDeals(connection, drafts)) outcomes.set(outcome.key, outcome);
  }
  if (attaching.length > 0) {
    const writes = attaching.map(({ dealId, facts }) => ({
      id: dealId,
      values: { [port.dealFields.referralId]: facts.referralId },
    }));
    const written = await port.updateRecords(connection, { objectType: 'deal', writes });
    const byDeal = new Map(written.map((outcome) => [outcome.key, outcome]));
    for (const { dealId, facts } of attaching) {
      const outcome = byDeal.get(dealId);
      if (outcome) outcomes.set(facts.referralId, outcome);
    }
  }
  return outcomes;
}

function toDraft(facts: ReferralFacts, contactId: string, ownerId: string | null): DealDraft {
  const { pipelineId, stageId } = facts.program.definition.capture.deal;
  return {
    key: facts.referralId,
    referralId: facts.referralId,
    contactId,
    name: dealName(facts),
    pipelineId: pipelineId ?? '',
    stageId: stageId ?? '',
    ownerId,
  };
}
