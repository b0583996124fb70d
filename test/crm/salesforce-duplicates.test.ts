import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ContactDraft, WriteOutcome } from '../../backend/src/crm/port.ts';
import { createFetchTransport } from '../../backend/src/crm/salesforce/transport.ts';
import { startSalesforceHarness, type SalesforceHarness } from './support/salesforce-harness.ts';

let harness: SalesforceHarness;
let serial = 0;
beforeAll(async () => {
  harness = await startSalesforceHarness();
});
beforeEach(() => harness.org.clearRules());
afterAll(() => harness.close());

const RULES = ['none', 'alert', 'block'] as const;
type Rule = (typeof RULES)[number];
type As = 'contact' | 'lead';

/** Who has the address before the friend is added. Returns whom an outcome may name, by a word for the table. */
const SITUATIONS: Readonly<Record<string, (email: string) => Readonly<Record<string, string>>>> = {
  nobody: () => ({}),
  contact: (Email) => ({ contact: harness.org.createContact({ Email }) }),
  lead: (Email) => ({ lead: harness.org.createLead({ Email }) }),
  'two contacts': (Email) => {
    const older = harness.org.createContact({ Email });
    harness.advance(60_000);
    return { older, newer: harness.org.createContact({ Email }) };
  },
  'lead, then contact': (Email) => {
    const lead = harness.org.createLead({ Email });
    harness.advance(60_000);
    return { lead, contact: harness.org.createContact({ Email }) };
  },
  'converted lead': (Email) => {
    const lead = harness.org.createLead({ Email });
    return { lead, contact: harness.org.convertLead(lead, { createOpportunity: false }).contactId };
  },
  'deleted contact': (Email) => {
    const contact = harness.org.createContact({ Email });
    harness.org.delete(contact);
    return { contact };
  },
};

/** Without leave to make a second record, then with it; each with no rule, one that alerts, one that blocks. */
const TABLE: readonly (readonly [string, As, string])[] = [
  ['nobody', 'contact', 'made made made | made made made'],
  ['nobody', 'lead', 'made made made | made made made'],
  ['contact', 'contact', 'contact contact contact | made made contact'],
  ['contact', 'lead', 'contact contact contact | made made contact'],
  ['lead', 'contact', 'lead lead lead | made made lead'],
  ['lead', 'lead', 'lead lead lead | made made lead'],
  ['two contacts', 'contact', 'older older older | made made older'],
  ['two contacts', 'lead', 'older older older | made made older'],
  ['lead, then contact', 'contact', 'contact contact contact | made made contact'],
  ['lead, then contact', 'lead', 'contact contact contact | made made contact'],
  ['converted lead', 'contact', 'contact contact contact | made made contact'],
  ['converted lead', 'lead', 'contact contact contact | made made contact'],
  ['deleted contact', 'contact', 'made made made | made made made'],
  ['deleted contact', 'lead', 'made made made | made made made'],
];

function setRule(rule: Rule): void {
  harness.org.clearRules();
  if (rule === 'none') return;
  for (const object of ['Contact', 'Lead'] as const)
    harness.org.addDuplicateRule({ object, action: rule, matchObjects: ['Lead', 'Contact'] });
}

function draftOf(as: As, more: Partial<ContactDraft> = {}): ContactDraft {
  serial += 1;
  const email = `friend-${String(serial)}@example.com`;
  return { key: `k${String(serial)}`, email, values: {}, as, referralId: `ref_${String(serial)}`, ...more };
}

const create = async (...drafts: ContactDraft[]) => harness.crm.createContacts(harness.account, drafts);

/** The word of the table for an outcome. */
function told(outcome: WriteOutcome | undefined, people: Readonly<Record<string, string>>): string {
  if (outcome?.ok === true) return 'made';
  const id = outcome?.refusal.existingRecordId;
  if (outcome?.refusal.code !== 'record_exists') return JSON.stringify(outcome);
  return Object.entries(people).find(([, known]) => known === id)?.[0] ?? `nobody we know: ${String(id)}`;
}

const countOf = (email: string) =>
  harness.org.find('Contact', 'Email', email).length + harness.org.find('Lead', 'Email', email).length;

describe('adding a friend to Salesforce whose address is there already (E6, E37)', () => {
  it.each(TABLE)('%s, added as %s: %s', async (situation, as, expected) => {
    const words: string[] = [];
    for (const allowDuplicate of [false, true]) {
      for (const rule of RULES) {
        const draft = draftOf(as, { allowDuplicate });
        const people = SITUATIONS[situation]!(draft.email);
        setRule(rule);
        const before = countOf(draft.email);
        const [outcome] = await create(draft);
        words.push(told(outcome, people));
        expect(countOf(draft.email) - before).toBe(outcome?.ok === true ? 1 : 0);
        if (outcome?.ok === true) expect(outcome.recordId).toMatch(as === 'lead' ? /^00Q/ : /^003/);
      }
    }
    expect([...words.slice(0, 3), '|', ...words.slice(3)].join(' ')).toBe(expected);
  });

  it.each(['contact', 'lead'] as const)(
    'finds what its own earlier try made as a %s, whatever the rules are',
    async (as) => {
      for (const allowDuplicate of [false, true]) {
        for (const rule of RULES) {
          setRule(rule);
          const draft = draftOf(as, { allowDuplicate });
          const [first] = await create(draft);
          const [second] = await create({ ...draft, key: 'again' });
          expect(second).toMatchObject({
            key: 'again',
            refusal: { code: 'record_exists', existingRecordId: first?.ok === true && first.recordId },
          });
          expect(countOf(draft.email)).toBe(1);
        }
      }
    },
  );

  it('names the contact that its lead became meanwhile, also where nobody copied the referral to it', async () => {
    for (const allowDuplicate of [false, true]) {
      const draft = draftOf('lead', { allowDuplicate });
      const [made] = await create(draft);
      const leadId = made?.ok === true ? made.recordId : '';
      const { contactId } = harness.org.convertLead(leadId, { createOpportunity: false });
      const [again] = await create({ ...draft, email: 'changed@example.com' });
      expect(again).toMatchObject({ refusal: { code: 'record_exists', existingRecordId: contactId } });
    }
  });

  it('makes one record of two drafts for one address in one call, and two where that is wanted', async () => {
    const [first, twin] = [draftOf('lead'), draftOf('lead')];
    const [made, refused] = await create(first, { ...twin, email: first.email.toUpperCase() });
    expect(made).toMatchObject({ ok: true });
    expect(refused).toMatchObject({ refusal: { existingRecordId: made?.ok === true && made.recordId } });
    const wanted = [draftOf('contact', { allowDuplicate: true }), draftOf('lead', { allowDuplicate: true })];
    const both = await create(...wanted.map((draft) => ({ ...draft, email: 'both@example.com' })));
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('makes one record when the same referral stands twice in one call, and when two calls race', async () => {
    const draft = draftOf('lead', { allowDuplicate: true });
    const twins = await create(draft, { ...draft, key: 'twin' });
    expect(twins.filter(({ ok }) => ok)).toHaveLength(1);
    const racing = draftOf('lead', { allowDuplicate: true });
    const outcomes = (await Promise.all([1, 2, 3, 4].map(() => create(racing)))).flat();
    expect(countOf(racing.email)).toBe(1);
    const ids = outcomes.map((outcome) => (outcome.ok ? outcome.recordId : outcome.refusal.existingRecordId));
    expect(new Set(ids).size).toBe(1);
    expect(outcomes.some(({ ok }) => ok)).toBe(true);
  });

  it('finds what was made although the answer was lost (SG-10)', async () => {
    const { faults } = harness.salesforce.control;
    const draft = draftOf('lead');
    const path = '/composite/sobjects';
    faults.add({ kind: 'down', orgId: harness.account.externalAccountId, path, when: 'after', times: 1 });
    await expect(create(draft)).rejects.toMatchObject({ code: 'crm_unavailable' });
    const [lead] = harness.org.find('Lead', 'Email', draft.email);
    const [again] = await create(draft);
    expect(again).toMatchObject({ refusal: { code: 'record_exists', existingRecordId: lead?.['Id'] } });
  });

  it('names what another try made between our look and our write, and does not call it ours (SG-10)', async () => {
    const draft = draftOf('lead', { allowDuplicate: true });
    const send = createFetchTransport({ timeoutMs: 5_000 });
    let made: string | null = null;
    const crm = harness.adapter({
      transport: (request) => {
        if (request.method === 'PATCH')
          made ??= harness.org.createLead({ Email: draft.email, Referral_Id__c: draft.referralId ?? null });
        return send(request);
      },
    });
    const [outcome] = await crm.createContacts(harness.account, [draft]);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'record_exists', existingRecordId: made } });
    expect(made).not.toBeNull();
  });

  it('goes by the address for an advocate, who has no referral', async () => {
    const { referralId: _none, ...draft } = draftOf('contact');
    const [made] = await create(draft);
    const [again] = await create(draft);
    expect(again).toMatchObject({ refusal: { existingRecordId: made?.ok === true && made.recordId } });
    const [second] = await create({ ...draft, allowDuplicate: true });
    expect(second).toMatchObject({ ok: true });
  });
});
