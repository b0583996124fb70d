import { expect, it } from 'vitest';
import type { DealDraft, WriteOutcome } from '../../../backend/src/crm/port.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';

let serial = 0;

/** A deal of a referral nobody has used. */
function draftOf({ words }: CrmHarness, contactId: string, more: Partial<DealDraft> = {}): DealDraft {
  serial += 1;
  return {
    key: `k${String(serial)}`,
    referralId: `ref_deal${String(serial)}`,
    contactId,
    name: `Deal ${String(serial)}`,
    pipelineId: words.pipeline,
    stageId: words.openStage,
    ownerId: null,
    ...more,
  };
}

function idsOf(outcomes: readonly WriteOutcome[]): readonly string[] {
  return outcomes.map((outcome) => {
    if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
    return outcome.recordId;
  });
}

const existingIdsOf = (outcomes: readonly WriteOutcome[]) =>
  outcomes.map((outcome) =>
    !outcome.ok && outcome.refusal.code === 'record_exists' ? outcome.refusal.existingRecordId : outcome,
  );

/** A deal per referral, and no second one. */
export function describeDeals(given: Given): void {
  it('creates deals with their contact, stage, owner and referral, and answers each by its key', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const contacts = [await user.createContact(email()), await user.createContact(email())];
    const ownerId = await user.createOwner('Dora', 'Seller', email());
    const drafts = [
      draftOf(harness, contacts[0]!, { ownerId }),
      draftOf(harness, contacts[1]!, { stageId: words.wonStage }),
    ];
    const outcomes = await crm.createDeals(account, drafts);
    expect(outcomes.map(({ key }) => key)).toEqual(drafts.map(({ key }) => key));
    const ids = idsOf(outcomes);
    const { referralId, pipeline, stage, closed } = crm.dealFields;
    const fields = [referralId, pipeline, stage, closed];
    const records = await crm.readRecords(account, { objectType: 'deal', ids, fields });
    expect(ids.map((id) => records.get(id)?.values)).toEqual([
      { [referralId]: drafts[0]!.referralId, [pipeline]: words.pipeline, [stage]: words.openStage, [closed]: 'false' },
      { [referralId]: drafts[1]!.referralId, [pipeline]: words.pipeline, [stage]: words.wonStage, [closed]: 'true' },
    ]);
    const joined = await crm.readAssociations(account, { from: 'deal', to: 'contact', ids });
    expect(Object.fromEntries(joined)).toEqual({ [ids[0]!]: [contacts[0]], [ids[1]!]: [contacts[1]] });
    const back = await crm.readAssociations(account, { from: 'contact', to: 'deal', ids: contacts });
    expect(Object.fromEntries(back)).toEqual({ [contacts[0]!]: [ids[0]], [contacts[1]!]: [ids[1]] });
  });

  it('names the fields of deals, and whose contact it is, by fields that exist', async () => {
    const { crm, account } = given().harness;
    const named = async (objectType: 'contact' | 'deal') =>
      (await crm.readFields(account, objectType)).map(({ name }) => name);
    expect(await named('deal')).toEqual(expect.arrayContaining(Object.values(crm.dealFields)));
    expect(await named('contact')).toEqual(expect.arrayContaining(Object.values(crm.contactFields)));
  });

  it('makes one deal of a referral however often it is tried, and names it each time', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const contactId = await user.createContact(email());
    const drafts = [1, 2, 3].map(() => draftOf(harness, contactId));
    const ids = idsOf(await crm.createDeals(account, drafts));
    expect(existingIdsOf(await crm.createDeals(account, drafts))).toEqual(ids);
    const fresh = draftOf(harness, contactId);
    const [again, made] = await crm.createDeals(account, [{ ...drafts[1]!, key: 'other key' }, fresh]);
    expect(again).toMatchObject({ key: 'other key', ok: false, refusal: { existingRecordId: ids[1] } });
    expect(made).toMatchObject({ key: fresh.key, ok: true });
    const deals = await crm.readAssociations(account, { from: 'contact', to: 'deal', ids: [contactId] });
    expect(deals.get(contactId)).toHaveLength(4);
  });

  it('makes one deal when the same referral stands twice in one call', async () => {
    const { harness, email } = given();
    const contactId = await harness.user.createContact(email());
    const draft = draftOf(harness, contactId);
    const outcomes = await harness.crm.createDeals(harness.account, [draft, { ...draft, key: 'twin' }]);
    const made = outcomes.filter(({ ok }) => ok);
    expect(existingIdsOf(outcomes.filter(({ ok }) => !ok))).toEqual(idsOf(made));
    expect(made).toHaveLength(1);
  });

  it('creates a full batch beside bad drafts and says what is wrong with each of those', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const contactId = await user.createContact(email());
    const taken = draftOf(harness, contactId);
    const [takenId] = idsOf(await crm.createDeals(account, [taken]));
    const drafts = Array.from({ length: crm.batchSize }, () => draftOf(harness, contactId));
    drafts[17] = { ...drafts[17]!, referralId: taken.referralId };
    drafts[40] = { ...drafts[40]!, contactId: words.absentId.contact };
    drafts[60] = { ...drafts[60]!, stageId: 'no-such-stage' };
    drafts[61] = { ...drafts[61]!, ownerId: words.absentId.owner };
    const outcomes = await crm.createDeals(account, drafts);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(crm.batchSize - 4);
    expect(outcomes[17]).toMatchObject({ refusal: { code: 'record_exists', existingRecordId: takenId } });
    expect(outcomes[40]).toMatchObject({ key: drafts[40].key, ok: false });
    expect(outcomes[60]).toMatchObject({ refusal: { code: 'record_rejected', fields: [words.stageField] } });
    expect(outcomes[61]).toMatchObject({ ok: false, refusal: { code: 'record_rejected' } });
    const deals = await crm.readAssociations(account, { from: 'contact', to: 'deal', ids: [contactId] });
    expect(deals.get(contactId)).toHaveLength(crm.batchSize - 3);
  });
}
