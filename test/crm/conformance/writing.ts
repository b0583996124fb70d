import { expect, it } from 'vitest';
import type { WriteOutcome } from '../../../backend/src/crm/port.ts';
import type { CrmTraits, Given } from '../crm-harness.ts';

function outcomesByKey(outcomes: readonly WriteOutcome[]) {
  return new Map(outcomes.map((outcome) => [outcome.key, outcome]));
}

/** New contacts, good ones beside bad ones. */
export function describeCreating(given: Given): void {
  it('creates contacts with a person’s details and answers each by its key', async () => {
    const { harness, email } = given();
    const { crm, account, words } = harness;
    const drafts = ['a', 'b'].map((key) => ({ key, email: email(), values: { [words.text]: key } }));
    const outcomes = await crm.createContacts(account, drafts);
    expect(outcomes.map(({ key, ok }) => [key, ok])).toEqual([
      ['a', true],
      ['b', true],
    ]);
    const found = await crm.findContactsByEmail(account, {
      emails: drafts.map((draft) => draft.email),
      fields: [words.text],
    });
    for (const outcome of outcomes) {
      const draft = drafts.find(({ key }) => key === outcome.key)!;
      expect(outcome.ok && outcome.recordId).toBe(found.get(draft.email)?.id);
      expect(found.get(draft.email)?.values[words.text]).toBe(outcome.key);
    }
  });

  it('names a person’s details by fields that exist, and leaves out the empty ones', async () => {
    const { crm, account } = given().harness;
    const known = (await crm.readFields(account, 'contact')).map(({ name }) => name);
    const named = crm.personFields({ firstName: 'Ada', lastName: 'Marlow', phone: '+3212345678' });
    expect(Object.values(named)).toEqual(['Ada', 'Marlow', '+3212345678']);
    expect(known).toEqual(expect.arrayContaining([...Object.keys(named), ...Object.values(crm.contactFields)]));
    expect(crm.personFields({ firstName: null, lastName: 'Marlow', phone: '' })).toEqual({
      [Object.keys(named)[1]!]: 'Marlow',
    });
  });

  it('creates ninety-odd good contacts beside bad ones and says what is wrong with each of those', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const taken = email();
    const takenId = await user.createContact(taken);
    const drafts = Array.from({ length: 100 }, (_value, index) => ({
      key: `k${String(index)}`,
      email: email(),
      values: {},
    }));
    drafts[17] = { ...drafts[17]!, email: taken };
    drafts[60] = { ...drafts[60]!, values: { [words.choice]: 'no-such-choice' } };
    drafts[61] = { ...drafts[61]!, values: { [words.unknownField]: 'x' } };
    const outcomes = outcomesByKey(await crm.createContacts(account, drafts));
    expect([...outcomes.values()].filter(({ ok }) => ok)).toHaveLength(97);
    expect(outcomes.get('k17')).toMatchObject({
      ok: false,
      refusal: { code: 'record_exists', existingRecordId: takenId },
    });
    expect(outcomes.get('k60')).toMatchObject({
      ok: false,
      refusal: { code: 'record_rejected', fields: [words.choice] },
    });
    expect(outcomes.get('k61')).toMatchObject({
      ok: false,
      refusal: { code: 'record_rejected', fields: [words.unknownField] },
    });
  });

  it('answers the same drafts a second time with the contacts the first time made', async () => {
    const { harness, email } = given();
    const drafts = ['a', 'b', 'c'].map((key) => ({ key, email: email(), values: {} }));
    const first = await harness.crm.createContacts(harness.account, drafts);
    const second = await harness.crm.createContacts(harness.account, drafts);
    for (const [index, outcome] of second.entries()) {
      const created = first[index]!;
      expect(outcome.ok).toBe(false);
      expect(!outcome.ok && outcome.refusal.existingRecordId).toBe(created.ok && created.recordId);
    }
  });
}

/** Field values of records that exist. */
export function describeUpdating(given: Given, { writesAnswer }: CrmTraits): void {
  it('tells the time of a write as a read tells it afterwards, so that our own echo is known (E9)', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const id = await user.createContact(email());
    const [outcome] = await crm.updateRecords(account, {
      objectType: 'contact',
      writes: [{ id, values: { [words.text]: 'echo' } }],
    });
    const read = await crm.readRecords(account, { objectType: 'contact', ids: [id], fields: [words.text] });
    expect(outcome).toMatchObject({ ok: true, modifiedAt: read.get(id)?.modifiedAt });
    expect(read.get(id)?.values[words.text]).toBe('echo');
  });

  it('updates records, clears a field by null, and lets a gone or refused record stop no other', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const [good, cleared, bad, gone] = [
      await user.createContact(email()),
      await user.createContact(email(), { [words.text]: 'old' }),
      await user.createContact(email()),
      await user.createContact(email()),
    ];
    await user.deleteContact(gone);
    const outcomes = outcomesByKey(
      await crm.updateRecords(account, {
        objectType: 'contact',
        writes: [
          { id: good, values: { [words.text]: 'new', [words.choice]: words.choices[0] } },
          { id: cleared, values: { [words.text]: null } },
          { id: bad, values: { [words.choice]: 'no-such-choice' } },
          { id: gone, values: { [words.text]: 'x' } },
        ],
      }),
    );
    expect(outcomes.get(good)).toMatchObject({
      ok: true,
      recordId: good,
      values: { [words.text]: 'new', [words.choice]: words.choices[0] },
    });
    expect(outcomes.get(cleared)).toMatchObject({ ok: true });
    expect(outcomes.get(bad)).toMatchObject({
      ok: false,
      refusal: { code: 'record_rejected', fields: [words.choice] },
    });
    expect(outcomes.get(gone)).toMatchObject({ ok: false, refusal: { code: 'record_gone' } });
    const records = await crm.readRecords(account, {
      objectType: 'contact',
      ids: [good, cleared],
      fields: [words.text],
    });
    expect(records.get(good)?.values[words.text]).toBe('new');
    expect(records.get(cleared)?.values[words.text]).toBeNull();
  });

  it('writes to the survivor when the record was merged away, and says so', async () => {
    const { harness, email } = given();
    const { crm, account, words, user } = harness;
    const [primary, other, third] = [
      await user.createContact(email()),
      await user.createContact(email()),
      await user.createContact(email()),
    ];
    const survivor = await user.mergeContacts(primary, other);
    const writes = [other, third].map((id) => ({ id, values: { [words.text]: id } }));
    const outcomes = outcomesByKey(await crm.updateRecords(account, { objectType: 'contact', writes }));
    expect(outcomes.get(other)).toMatchObject({ ok: true, recordId: survivor });
    expect(outcomes.get(third)).toMatchObject({ ok: true, recordId: third });
  });

  it('states what the CRM stored where it says so, else what was sent, and reads what is stored (E34)', async () => {
    const { harness, email } = given();
    const { crm, account, words, user, weather } = harness;
    const id = await user.createContact(email());
    await weather.coerce(words.text, 'CUT');
    const [outcome] = await crm.updateRecords(account, {
      objectType: 'contact',
      writes: [{ id, values: { [words.text]: 'cut off' } }],
    });
    await weather.clear();
    const stated = writesAnswer === 'stored' ? 'CUT' : 'cut off';
    expect(outcome).toMatchObject({ ok: true, values: { [words.text]: stated } });
    const read = await crm.readRecords(account, { objectType: 'contact', ids: [id], fields: [words.text] });
    expect(read.get(id)?.values).toEqual({ [words.text]: 'CUT' });
  });
}
