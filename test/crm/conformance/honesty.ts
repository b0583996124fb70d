import { expect, it } from 'vitest';
import type { Given } from '../crm-harness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What the checks of honest and new referrals go by: the CRM's clock, and what it knows of people and deals. */
export function describeHonesty(given: Given): void {
  it('tells how far its clock is off, by its last answer (E6)', async () => {
    const { harness } = given();
    const { crm, account, otherAccount, weather } = harness;
    for (const aheadMs of [10 * MINUTE_MS, -10 * MINUTE_MS, 0]) {
      await weather.skewClock(aheadMs);
      await crm.readOwners(account);
      expect(crm.clockOffsetMs(account)).toBe(aheadMs);
    }
    expect(crm.clockOffsetMs({ ...otherAccount, connectionId: 'never asked' })).toBeNull();
  });

  it('states the further addresses of a merged contact, where it keeps any (E18)', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const { otherEmails } = crm.integrityFields;
    const [kept, other] = [email(), email()];
    const survivor = await user.mergeContacts(await user.createContact(kept), await user.createContact(other));
    const fields = otherEmails === null ? [] : [otherEmails];
    const record = (await crm.readRecords(account, { objectType: 'contact', ids: [survivor], fields })).get(survivor);
    expect(record?.values).toEqual(otherEmails === null ? {} : { [otherEmails]: other });
    const found = await crm.findContactsByEmail(account, { emails: [other], fields: [] });
    expect([...found.values()].map(({ id }) => id)).toEqual(otherEmails === null ? [] : [survivor]);
  });

  it('states phones, owner and since when somebody is a customer (E18, G11)', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const { phones, lifecycle } = crm.integrityFields;
    const owner = await user.createOwner('Rob', 'Rep', email());
    const held: Record<string, string> = { [crm.contactFields.owner]: owner };
    for (const [index, field] of phones.entries()) held[field] = `+49 30 000 00${String(index)}`;
    if (lifecycle) held[lifecycle.stage] = lifecycle.customer;
    const id = await user.createContact(email(), held);
    const since = lifecycle ? [lifecycle.customerSince] : [];
    const fields = [...Object.keys(held), ...since];
    const record = (await crm.readRecords(account, { objectType: 'contact', ids: [id], fields })).get(id);
    expect(record?.values).toMatchObject(held);
    for (const field of since) {
      expect(Math.abs(Date.parse(record?.values[field] ?? '') - harness.nowMs())).toBeLessThan(MINUTE_MS);
    }
  });

  it('states whether a deal was won, and when it was closed (G11)', async () => {
    const { harness } = given();
    const { crm, account, words, user } = harness;
    const { won, closedAt } = crm.integrityFields.deal;
    const fields = [won, closedAt, crm.dealFields.closed];
    const ids = [await user.createDeal('Open', words.openStage, []), await user.createDeal('Won', words.wonStage, [])];
    const deals = await crm.readRecords(account, { objectType: 'deal', ids, fields });
    const [open, closed] = ids.map((id) => deals.get(id)!.values);
    expect(open).toMatchObject({ [won]: 'false', [crm.dealFields.closed]: 'false' });
    expect(closed).toMatchObject({ [won]: 'true', [crm.dealFields.closed]: 'true' });
    const at = closed?.[closedAt] ?? '';
    // A CRM that only names the day means any time of it.
    const precisionMs = /^\d{4}-\d\d-\d\d$/.test(at) ? DAY_MS : MINUTE_MS;
    expect(Math.abs(Date.parse(at) - harness.nowMs())).toBeLessThan(precisionMs);
  });
}
