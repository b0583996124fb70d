import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSalesforceHarness, type SalesforceHarness } from './support/salesforce-harness.ts';

let harness: SalesforceHarness;
let serial = 0;
beforeAll(async () => {
  harness = await startSalesforceHarness();
  for (const object of ['Lead', 'Contact'])
    harness.org.addField(object, { name: 'Plan__c', label: 'Plan', type: 'string' });
});
afterAll(() => harness.close());

const email = () => `person-${String((serial += 1))}@example.com`;

async function read(ids: readonly string[], fields: readonly string[] = []) {
  return harness.crm.readRecords(harness.account, { objectType: 'contact', ids, fields });
}

describe('leads behind the CRM port', () => {
  it('reads leads and contacts together, a plain field from where it stands, and none an object does not have', async () => {
    const { org } = harness;
    const contact = org.createContact({ FirstName: 'Cleo', MailingCity: 'Ghent' });
    const lead = org.createLead({ FirstName: 'Leo', Rating: 'Hot' });
    const records = await read([contact, lead], ['FirstName', 'MailingCity', 'Rating', 'AccountId']);
    expect(records.get(contact)).toMatchObject({
      objectType: 'contact',
      values: { FirstName: 'Cleo', MailingCity: 'Ghent', AccountId: null },
    });
    expect(records.get(lead)).toMatchObject({ objectType: 'contact', id: lead });
    expect(records.get(lead)?.values).toEqual({ FirstName: 'Leo', Rating: 'Hot' });
  });

  it('answers a lead’s fields by names of their own, from the lead and from the contact it became (RR-51)', async () => {
    const { org } = harness;
    const lead = org.createLead({ Rating: 'Warm', Plan__c: 'Gold' });
    const stranger = org.createContact({ Plan__c: 'Silver' });
    const fields = ['Plan__c', 'Lead.Plan__c', 'Lead.Rating', 'Lead.IsConverted', 'Lead.Status'];
    const before = await read([lead, stranger], fields);
    expect(before.get(lead)?.values).toEqual({
      Plan__c: 'Gold',
      'Lead.Plan__c': 'Gold',
      'Lead.Rating': 'Warm',
      'Lead.IsConverted': 'false',
      'Lead.Status': 'Open - Not Contacted',
    });
    expect(before.get(stranger)?.values).toEqual({
      Plan__c: 'Silver',
      'Lead.Plan__c': null,
      'Lead.Rating': null,
      'Lead.IsConverted': null,
      'Lead.Status': null,
    });
    const { contactId } = org.convertLead(lead, { createOpportunity: false });
    const after = await read([lead, stranger], fields);
    expect(after.get(lead)?.values).toEqual({
      Plan__c: null,
      'Lead.Plan__c': 'Gold',
      'Lead.Rating': 'Warm',
      'Lead.IsConverted': 'true',
      'Lead.Status': 'Closed - Converted',
    });
    expect(after.get(lead)).toMatchObject({ id: contactId, mergedIds: [lead] });
  });

  it('asks once more for what contacts were as leads, and only when a field of a lead is wanted', async () => {
    const { org } = harness;
    const [contact, lead] = [org.createContact(), org.createLead()];
    await read([contact, lead], ['Email', 'Lead.Status']);
    const calls = async (ids: readonly string[], fields: readonly string[]) => {
      const before = await harness.callCount();
      await read(ids, fields);
      return (await harness.callCount()) - before;
    };
    expect(await calls([contact], ['Email'])).toBe(1);
    expect(await calls([contact], ['Email', 'Lead.Status'])).toBe(2);
    expect(await calls([lead], ['Email', 'Lead.Status'])).toBe(1);
  });

  it('shows the newest of several leads that became one contact', async () => {
    const { org } = harness;
    const contact = org.createContact();
    const leads = ['Cold', 'Hot'].map((Rating) => org.createLead({ Rating }));
    for (const lead of leads) {
      org.convertLead(lead, { contactId: contact, createOpportunity: false });
      harness.advance(2 * 86_400_000);
    }
    const record = (await read([contact], ['Lead.Rating'])).get(contact);
    expect(record?.values).toEqual({ 'Lead.Rating': 'Hot' });
    expect(record?.mergedIds).toEqual([...leads].sort());
  });

  it('follows a lead through merges and conversion to the contact at the end (E5)', async () => {
    const { org } = harness;
    const [loser, lead] = [org.createLead(), org.createLead()];
    org.merge(lead, [loser]);
    const { contactId } = org.convertLead(lead, { createOpportunity: false });
    const master = org.createContact();
    org.merge(master, [contactId]);
    const records = await read([loser, lead, contactId]);
    expect([...records.values()].map(({ id }) => id)).toEqual([master, master, master]);
    expect(records.get(loser)?.mergedIds).toEqual([loser, lead, contactId].sort());
    org.delete(master);
    expect((await read([loser, lead, contactId])).size).toBe(0);
    org.undelete(master);
    expect((await read([loser])).get(loser)?.id).toBe(master);
  });

  it('takes the id of fifteen characters that people copy', async () => {
    const lead = harness.org.createLead({ FirstName: 'Leo' });
    const short = lead.slice(0, 15);
    expect((await read([short], ['FirstName'])).get(short)).toMatchObject({ id: lead, values: { FirstName: 'Leo' } });
  });

  it('writes to leads and contacts in one call, and to the contact that a lead became', async () => {
    const { org, crm, account } = harness;
    const [contact, lead, converted] = [org.createContact(), org.createLead(), org.createLead()];
    const { contactId } = org.convertLead(converted, { createOpportunity: false });
    const values = { Referral_Code__c: 'LEO-1', Referred_Count__c: '3' };
    const write = (ids: readonly string[]) =>
      crm.updateRecords(account, { objectType: 'contact', writes: ids.map((id) => ({ id, values })) });
    await write([lead, contact]);
    const before = await harness.callCount();
    const both = await write([lead, contact]);
    expect(await harness.callCount()).toBe(before + 1);
    expect(both.map((outcome) => outcome.ok && [outcome.key, outcome.recordId])).toEqual([
      [lead, lead],
      [contact, contact],
    ]);
    const [moved] = await write([converted]);
    expect(moved).toMatchObject({ key: converted, ok: true, recordId: contactId, values });
    expect(org.get(contactId)).toMatchObject({ Referral_Code__c: 'LEO-1', Referred_Count__c: 3 });
    expect(org.get(converted)).toMatchObject({ Referral_Code__c: null });
  });

  it('writes once to what several of the written records became, and answers each', async () => {
    const { org, crm, account } = harness;
    const [first, second, master] = [org.createContact(), org.createContact(), org.createContact()];
    org.merge(master, [first, second]);
    const codes = [first, second, master].map((id) => ({ id, values: { Referral_Code__c: `CODE-${id}` } }));
    const outcomes = await crm.updateRecords(account, { objectType: 'contact', writes: codes });
    expect(outcomes.map((outcome) => outcome.ok && [outcome.key, outcome.recordId, outcome.values])).toEqual(
      codes.map(({ id, values }) => [id, master, values]),
    );
    expect(org.get(master)?.['Referral_Code__c']).toBe(`CODE-${second}`);
    const short = { id: master.slice(0, 15), values: { Referred_Count__c: '1' } };
    const long = { id: master, values: { Referral_Code__c: 'B' } };
    const both = await crm.updateRecords(account, { objectType: 'contact', writes: [short, long] });
    expect(both.map(({ key, ok }) => [key, ok])).toEqual([
      [short.id, true],
      [long.id, true],
    ]);
    expect(org.get(master)).toMatchObject({ Referred_Count__c: 1, Referral_Code__c: 'B' });
  });

  it('finds people by address: a contact before a lead, then the older, and no lead that is one no more', async () => {
    const { org, crm, account } = harness;
    const [onLead, onBoth, onTwo, onConverted] = [email(), email(), email(), email()];
    const lead = org.createLead({ Email: onLead });
    org.createLead({ Email: onBoth });
    const older = org.createContact({ Email: onTwo });
    const converted = org.createLead({ Email: onConverted });
    harness.advance(60_000);
    const contact = org.createContact({ Email: onBoth });
    org.createContact({ Email: onTwo });
    const { contactId } = org.convertLead(converted, { createOpportunity: false });
    const emails = [onLead, onBoth, onTwo, onConverted];
    const found = await crm.findContactsByEmail(account, { emails, fields: ['Lead.IsConverted'] });
    expect(emails.map((address) => found.get(address)?.id)).toEqual([lead, contact, older, contactId]);
    expect(found.get(onConverted)?.values).toEqual({ 'Lead.IsConverted': 'true' });
  });

  it('walks through contacts, then leads that are none yet, and counts both', async () => {
    const { org, crm, account } = harness;
    harness.advance(3_600_000);
    const createdFrom = new Date(harness.nowMs());
    const contacts = [org.createContact(), org.createContact()];
    const leads = [org.createLead(), org.createLead()];
    const { contactId } = org.convertLead(leads.pop()!, { createOpportunity: false });
    const page = await crm.readAllContacts(account, { fields: ['Lead.IsConverted'], afterId: null, createdFrom });
    expect(page.records.map(({ id }) => id)).toEqual([...contacts, contactId, ...leads]);
    expect(page.records.map(({ values }) => values['Lead.IsConverted'])).toEqual([null, null, 'true', 'false']);
    expect(page).toMatchObject({ total: 4, nextAfterId: null });
    const [first, second] = [contacts[1]!, leads[0]!];
    const rest = await crm.readAllContacts(account, { fields: [], afterId: first, createdFrom });
    expect([rest.records.map(({ id }) => id), rest.total]).toEqual([[contactId, ...leads], 2]);
    const none = await crm.readAllContacts(account, { fields: [], afterId: second, createdFrom });
    expect(none).toEqual({ records: [], total: 0, nextAfterId: null });
  });

  it('lists the contacts and leads of a campaign, and for a lead that was converted its contact', async () => {
    const { org, crm, account } = harness;
    const campaign = org.createCampaign({ Name: 'Friends of friends' });
    const people = [org.createContact(), org.createLead(), org.createLead()];
    for (const id of people) org.addMember(campaign, id);
    const { contactId } = org.convertLead(people[2]!, { createOpportunity: false });
    const page = await crm.readListMembers(account, { listId: campaign, cursor: null });
    expect([...page.recordIds].sort()).toEqual([people[0], people[1], contactId].sort());
  });

  it('belongs to no company and no deal while it is a lead', async () => {
    const { org, crm, account } = harness;
    const lead = org.createLead();
    for (const to of ['deal', 'company'] as const) {
      const found = await crm.readAssociations(account, { from: 'contact', to, ids: [lead] });
      expect(Object.fromEntries(found)).toEqual({ [lead]: [] });
    }
    const { opportunityId, accountId, contactId } = org.convertLead(lead);
    const deals = await crm.readAssociations(account, { from: 'contact', to: 'deal', ids: [contactId] });
    expect(deals.get(contactId)).toEqual([opportunityId]);
    const companies = await crm.readAssociations(account, { from: 'contact', to: 'company', ids: [contactId] });
    expect(companies.get(contactId)).toEqual([accountId]);
    const ofCompany = await crm.readAssociations(account, { from: 'company', to: 'deal', ids: [accountId] });
    expect(ofCompany.get(accountId)).toEqual([opportunityId]);
  });

  it('describes a lead’s fields apart from a contact’s', async () => {
    const { crm, account } = harness;
    const named = async (object: 'contact' | 'lead') => (await crm.readFields(account, object)).map(({ name }) => name);
    expect(await named('lead')).toEqual(expect.arrayContaining(['Status', 'Company', 'Plan__c', 'Referral_Id__c']));
    expect(await named('contact')).not.toContain('Company');
  });
});

describe('the walk through what changed in Salesforce', () => {
  async function changesSince(objectType: 'contact' | 'deal', from: Date, afterId: string | null = null) {
    const to = new Date(harness.nowMs());
    return harness.crm.readChangedRecords(harness.account, { objectType, from, to, afterId });
  }

  it('meets contacts, then leads, those deleted, merged and converted included', async () => {
    const { org } = harness;
    const [gone, loser, master, lead] = [
      org.createContact(),
      org.createContact(),
      org.createContact(),
      org.createLead(),
    ];
    harness.advance(3_600_000);
    const from = new Date(harness.nowMs());
    org.delete(gone);
    org.merge(master, [loser]);
    const { contactId } = org.convertLead(lead, { createOpportunity: false });
    const { records, nextAfterId } = await changesSince('contact', from);
    expect(records.map(({ id }) => id)).toEqual([...[gone, loser, master, contactId].sort(), lead]);
    expect(nextAfterId).toBeNull();
    expect((await changesSince('contact', from, contactId)).records.map(({ id }) => id)).toEqual([lead]);
  });

  it('takes both ends of the window in: a change in its first second or its last is met', async () => {
    const { org, account, crm } = harness;
    harness.advance(3_600_000);
    const deal = org.createOpportunity({}, []);
    const second = new Date(String(org.get(deal)!['SystemModstamp']));
    const page = await crm.readChangedRecords(account, { objectType: 'deal', from: second, to: second, afterId: null });
    expect(page.records).toEqual([{ id: deal, modifiedAtMs: second.getTime() }]);
  });

  it('meets a deal whose contacts or their roles changed, though the deal itself did not', async () => {
    const { org } = harness;
    const [contact, other] = [org.createContact(), org.createContact()];
    const deals = [0, 1, 2, 3].map(() => org.createOpportunity({}, [contact]));
    const [joined, changed, left] = deals as [string, string, string];
    org.addRole(left, other);
    harness.advance(3_600_000);
    const from = new Date(harness.nowMs());
    org.addRole(joined, other);
    const [row] = org.find('OpportunityContactRole', 'OpportunityId', changed);
    org.set(String(row!['Id']), { Role: 'Decision Maker' });
    org.removeRole(left, other);
    const { records } = await changesSince('deal', from);
    expect(records.map(({ id }) => id).sort()).toEqual([joined, changed, left].sort());
    expect(org.get(joined)?.['SystemModstamp']).not.toBe(org.get(String(row!['Id']))?.['SystemModstamp']);
  });

  it('goes on in the second object from the last row of a full page', async () => {
    const { org } = harness;
    harness.advance(3_600_000);
    const from = new Date(harness.nowMs());
    const [contacts, leads] = [[0, 1, 2].map(() => org.createContact()), [0, 1, 2].map(() => org.createLead())];
    const crm = harness.adapter({ pageSize: 2 });
    const seen: string[] = [];
    const ends: (string | null)[] = [];
    for (let afterId: string | null = null; ;) {
      const to = new Date(harness.nowMs());
      const page = await crm.readChangedRecords(harness.account, { objectType: 'contact', from, to, afterId });
      seen.push(...page.records.map(({ id }) => id));
      ends.push(page.nextAfterId);
      if (page.nextAfterId === null) break;
      afterId = page.nextAfterId;
    }
    expect(seen).toEqual([...contacts, ...leads]);
    expect(ends).toEqual([contacts[1], leads[1], null]);
  });

  it('brings along the fields asked for of live contacts, none of leads, of what is gone, or that nobody may see', async () => {
    const { account, org } = await harness.connect({ namespace: 'passalong' });
    const tooMany = Array.from({ length: 400 }, (_, index) => `Field_${String(index).padStart(20, '0')}__c`);
    for (const name of ['Plan__c', ...tooMany]) org.addField('Contact', { name, label: name, type: 'string' });
    const [contact, gone, lead] = [
      org.createContact({ FirstName: 'Cleo', Plan__c: 'Gold', passalong__Referral_Code__c: 'CLEO-1' }),
      org.createContact(),
      org.createLead(),
    ];
    org.delete(gone);
    const window = { objectType: 'contact', from: new Date(0), to: new Date(harness.nowMs()), afterId: null } as const;
    const along = async (fields: readonly string[]) => {
      const { records } = await harness.crm.readChangedRecords(account, { ...window, fields });
      return Object.fromEntries(records.map(({ id, values }) => [id, values]));
    };
    const named = { FirstName: 'Cleo', Plan__c: 'Gold', Referral_Code__c: 'CLEO-1' };
    const asked = [...Object.keys(named), 'Nowhere__c', 'Lead.Rating'];
    expect(await along(asked)).toEqual({
      [contact]: named,
      [gone]: undefined,
      [lead]: undefined,
    });
    expect(await along(tooMany)).toEqual({ [contact]: undefined, [gone]: undefined, [lead]: undefined });
  });
});
