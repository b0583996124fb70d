import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmAccount, DealDraft } from '../../backend/src/crm/port.ts';
import { createFetchTransport, type Transport } from '../../backend/src/crm/salesforce/transport.ts';
import { startSalesforceHarness, type OrgControl, type SalesforceHarness } from './support/salesforce-harness.ts';

const DAY_MS = 86_400_000;

let harness: SalesforceHarness;
let serial = 0;
beforeAll(async () => {
  harness = await startSalesforceHarness();
});
afterAll(() => harness.close());

async function readDeal(id: string, fields: readonly string[], account: CrmAccount = harness.account) {
  const records = await harness.crm.readRecords(account, { objectType: 'deal', ids: [id], fields });
  return records.get(id)?.values;
}

function draftOf(contactId: string, more: Partial<DealDraft> = {}): DealDraft {
  serial += 1;
  const [key, referralId] = [`k${String(serial)}`, `ref_${String(serial)}`];
  const [pipelineId, stageId] = [harness.words.pipeline, harness.words.openStage];
  return { key, referralId, contactId, name: 'Deal', pipelineId, stageId, ownerId: null, ...more };
}

const rolesOf = (org: OrgControl, dealId: string) =>
  org.find('OpportunityContactRole', 'OpportunityId', dealId).map((row) => [row['ContactId'], row['IsPrimary']]);

describe('reading opportunities', () => {
  it('says when a deal last came into each stage, in the one call that reads the deal', async () => {
    const { org } = harness;
    const at: Record<string, string> = {};
    const id = org.createOpportunity({ StageName: 'Prospecting' });
    const move = (stage: string) => {
      harness.advance(3_600_000);
      at[stage] = new Date(harness.nowMs()).toISOString();
      org.moveOpportunity(id, stage);
    };
    for (const stage of ['Qualification', 'Closed Won', 'Qualification', 'Needs Analysis']) move(stage);
    harness.advance(3_600_000);
    // Another row of history that is no new stage.
    org.set(id, { Amount: 250 });
    const fields = ['Qualification', 'Closed Won', 'Needs Analysis', 'Closed Lost'].map(
      (stage) => `StageName.entered:${stage}`,
    );
    await readDeal(id, ['StageName']);
    const before = await harness.callCount();
    expect(await readDeal(id, ['StageName', ...fields])).toEqual({
      StageName: 'Needs Analysis',
      'StageName.entered:Qualification': at['Qualification'],
      'StageName.entered:Closed Won': at['Closed Won'],
      'StageName.entered:Needs Analysis': at['Needs Analysis'],
      'StageName.entered:Closed Lost': null,
    });
    expect(await harness.callCount()).toBe(before + 1);
  });

  it('states the amount as it is where there is one currency, and no currency of its own', async () => {
    const id = harness.org.createOpportunity({ Amount: 1234.5 });
    const none = harness.org.createOpportunity();
    const fields = ['Amount', 'Amount.home', 'CurrencyIsoCode', 'RecordTypeId'];
    const expected = {
      Amount: '1234.5',
      'Amount.home': '1234.5',
      RecordTypeId: '012000000000000AAA',
    };
    expect(await readDeal(id, fields)).toEqual(expected);
    expect(await readDeal(none, fields)).toEqual({ ...expected, Amount: null, 'Amount.home': null });
  });

  it('states the amount in the org’s own currency where there are several, by the org’s rates', async () => {
    const currencies = [
      { isoCode: 'EUR', rate: 1 },
      { isoCode: 'USD', rate: 1.25 },
      { isoCode: 'JPY', rate: 163.7 },
    ];
    const { account, org } = await harness.connect({ currencies });
    const deals = ['EUR', 'USD', 'JPY'].map((CurrencyIsoCode) =>
      org.createOpportunity({ Amount: 100, CurrencyIsoCode }),
    );
    const fields = ['Amount', 'Amount.home', 'CurrencyIsoCode'];
    const read = await Promise.all(deals.map((id) => readDeal(id, fields, account)));
    expect(read.map((values) => [values?.['CurrencyIsoCode'], values?.['Amount.home']])).toEqual([
      ['EUR', '100'],
      ['USD', '80.00'],
      ['JPY', '0.61'],
    ]);
    expect((await harness.crm.readAccount(account)).currency).toBe('EUR');
  });

  it('has a pipeline per record type with the stages it offers, and reads which one a deal is in', async () => {
    const recordTypes = [
      { name: 'New business', stages: ['Prospecting', 'Closed Won', 'Closed Lost'] },
      { name: 'Renewals' },
      { name: 'Old', active: false },
    ];
    const { account, org } = await harness.connect({ recordTypes });
    const pipelines = await harness.crm.readPipelines(account);
    expect(pipelines.map(({ label, stages }) => [label, stages.length])).toEqual([
      ['New business', 3],
      ['Renewals', 7],
    ]);
    expect(pipelines[0]?.stages).toEqual([
      { id: 'Prospecting', label: 'Prospecting', order: 1, won: false, lost: false },
      { id: 'Closed Won', label: 'Closed Won', order: 6, won: true, lost: false },
      { id: 'Closed Lost', label: 'Closed Lost', order: 7, won: false, lost: true },
    ]);
    const pipelineId = pipelines[1]!.id;
    const contactId = org.createContact();
    const [made] = await harness.crm.createDeals(account, [draftOf(contactId, { pipelineId })]);
    const id = made?.ok === true ? made.recordId : '';
    expect(await readDeal(id, ['RecordTypeId'], account)).toEqual({ RecordTypeId: pipelineId });
  });

  it('has one pipeline, by a known id, where there are no record types', async () => {
    const pipelines = await harness.crm.readPipelines(harness.account);
    expect(pipelines.map(({ id, label }) => [id, label])).toEqual([['012000000000000AAA', 'Opportunities']]);
  });

  it('reads the roles of contacts, and who is the primary one', async () => {
    const { org, crm, account } = harness;
    const [boss, friend] = [org.createContact(), org.createContact()];
    const deal = org.createOpportunity({}, [
      { contactId: boss, role: 'Decision Maker', primary: false },
      { contactId: friend, primary: true },
    ]);
    const found = await crm.readAssociatedRoles(account, { from: 'deal', to: 'contact', ids: [deal] });
    const people = [
      { id: boss, roles: ['Decision Maker'] },
      { id: friend, roles: ['primary'] },
    ];
    expect(found.get(deal)).toEqual(people.sort((a, b) => (a.id < b.id ? -1 : 1)));
    const roles = await crm.readContactRoles(account);
    expect(roles).toEqual(expect.arrayContaining([{ id: 'primary', label: 'Primary' }]));
    expect(roles.map(({ id }) => id)).toContain('Decision Maker');
  });
});

describe('making opportunities (RR-25)', () => {
  it('makes the friend the primary contact, and the deal their company’s, closing in thirty days of the org’s clock', async () => {
    const { org, crm, account } = harness;
    const AccountId = org.createAccount({ Name: 'Alder' });
    const contactId = org.createContact({ AccountId });
    const ahead = 2 * DAY_MS;
    harness.salesforce.control.clock.skew(ahead);
    await crm.readOwners(account);
    const [outcome] = await crm.createDeals(account, [draftOf(contactId, { name: 'x'.repeat(200) })]);
    harness.salesforce.control.clock.skew(0);
    await crm.readOwners(account);
    const id = outcome?.ok === true ? outcome.recordId : '';
    const CloseDate = new Date(harness.nowMs() + ahead + 30 * DAY_MS).toISOString().slice(0, 10);
    expect(org.get(id)).toMatchObject({ AccountId, CloseDate, Name: 'x'.repeat(120) });
    expect(rolesOf(org, id)).toEqual([[contactId, true]]);
  });

  it('completes on the next try a deal whose contact was not put on it', async () => {
    const { org, crm, account, salesforce } = harness;
    const contactId = org.createContact();
    const draft = draftOf(contactId);
    const orgId = account.externalAccountId;
    // The deal itself is upserted; only putting people on deals is a plain creation.
    salesforce.control.faults.add({
      kind: 'serverError',
      orgId,
      method: 'POST',
      path: '/composite/sobjects',
      times: 1,
    });
    await expect(crm.createDeals(account, [draft])).rejects.toMatchObject({ code: 'crm_unavailable' });
    const [deal] = org.find('Opportunity', 'Referral_Id__c', draft.referralId);
    const id = String(deal?.['Id']);
    expect(rolesOf(org, id)).toEqual([]);
    const again = () => crm.createDeals(account, [draft]);
    expect(await again()).toMatchObject([{ refusal: { code: 'record_exists', existingRecordId: id } }]);
    expect(rolesOf(org, id)).toEqual([[contactId, true]]);
    expect(await again()).toMatchObject([{ refusal: { existingRecordId: id } }]);
    expect(rolesOf(org, id)).toHaveLength(1);
  });

  it('puts the friend on a deal that carries others only, whom the org’s own automation put there', async () => {
    const { org, crm, account, salesforce } = harness;
    const [contactId, other] = [org.createContact(), org.createContact()];
    const draft = draftOf(contactId);
    const orgId = account.externalAccountId;
    const lost = { kind: 'down', when: 'after', orgId, method: 'PATCH', path: '/Opportunity', times: 1 } as const;
    salesforce.control.faults.add(lost);
    await expect(crm.createDeals(account, [draft])).rejects.toMatchObject({ code: 'crm_unavailable' });
    const id = String(org.find('Opportunity', 'Referral_Id__c', draft.referralId)[0]?.['Id']);
    org.addRole(id, other);
    expect(await crm.createDeals(account, [draft])).toMatchObject([{ refusal: { existingRecordId: id } }]);
    expect(rolesOf(org, id).map(([on]) => on)).toEqual(expect.arrayContaining([contactId, other]));
  });

  it('puts the friend on a deal once when two tries make it at the same time', async () => {
    const { org, crm, account, adapter } = harness;
    const contactId = org.createContact();
    const draft = draftOf(contactId);
    const send = createFetchTransport({ timeoutMs: 5_000 });
    let isFirst = true;
    const transport: Transport = async (request) => {
      if (isFirst && request.method === 'PATCH') {
        isFirst = false;
        await crm.createDeals(account, [draft]);
      }
      return send(request);
    };
    const [outcome] = await adapter({ transport }).createDeals(account, [draft]);
    const id = String(org.find('Opportunity', 'Referral_Id__c', draft.referralId)[0]?.['Id']);
    expect(outcome).toMatchObject({ refusal: { code: 'record_exists', existingRecordId: id } });
    expect(rolesOf(org, id)).toEqual([[contactId, true]]);
  });

  it('does not call a deal made whose contact the org keeps off it', async () => {
    const { org, crm, account } = harness;
    const contactId = org.createContact();
    org.addFailingTrigger({ object: 'OpportunityContactRole', message: 'Roles are closed for today.' });
    const [refused] = await crm.createDeals(account, [draftOf(contactId)]);
    org.clearRules();
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'record_rejected' } });
    expect(refused?.ok === false && refused.refusal.message).toContain('Roles are closed for today.');
    expect(refused?.ok === false && refused.refusal.existingRecordId).toBeUndefined();
  });

  it('never writes over a deal of the same referral', async () => {
    const { org, crm, account } = harness;
    const draft = draftOf(org.createContact());
    const [made] = await crm.createDeals(account, [draft]);
    const id = made?.ok === true ? made.recordId : '';
    org.set(id, { Name: 'Renamed by the seller', StageName: 'Closed Won' });
    await crm.createDeals(account, [{ ...draft, name: 'Deal again' }]);
    expect(org.get(id)).toMatchObject({ Name: 'Renamed by the seller', StageName: 'Closed Won' });
  });

  it('follows a converted lead to its contact, and says of a lead that it has no deals yet', async () => {
    const { org, crm, account } = harness;
    const [lead, converted] = [org.createLead(), org.createLead()];
    const { contactId } = org.convertLead(converted, { createOpportunity: false });
    const [refused, made] = await crm.createDeals(account, [draftOf(lead), draftOf(converted)]);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'record_rejected' } });
    expect(refused?.ok === false && refused.refusal.message).toContain('converted');
    expect(rolesOf(org, made?.ok === true ? made.recordId : '')).toEqual([[contactId, true]]);
  });
});
