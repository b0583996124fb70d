import { expect, it } from 'vitest';
import { CrmAuthorizationRevoked, CrmRateLimited, CrmUnavailable } from '../../../backend/src/crm/errors.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';

/** Every read of the port, for rules that hold for all of them. */
function allReads({ crm, account, words, nowMs }: CrmHarness): readonly (() => Promise<unknown>)[] {
  const at = new Date(nowMs());
  return [
    () => crm.readAccount(account),
    () => crm.readPipelines(account),
    () => crm.readFields(account, 'contact'),
    () => crm.readRecords(account, { objectType: 'contact', ids: [words.absentId.contact], fields: [] }),
    () => crm.findContactsByEmail(account, { emails: ['a@example.com'], fields: [] }),
    () => crm.readAssociations(account, { from: 'deal', to: 'contact', ids: [words.absentId.deal] }),
    () => crm.readChangedRecords(account, { objectType: 'contact', from: at, to: at, afterId: null }),
    () => crm.readAllContacts(account, { fields: [], afterId: null, createdFrom: null }),
    () => crm.readOwners(account),
    () => crm.readContactRoles(account),
    () => crm.readFields(account, 'company'),
    () => crm.findLists(account, { query: null, listIds: [] }),
    () => crm.readListMembers(account, { listId: words.absentId.list, cursor: null }),
  ];
}

/** What every call does when the CRM cannot or may not serve. */
export function describeFailures(given: Given): void {
  it('raises when the CRM is down; no read becomes empty', async () => {
    const { harness, email } = given();
    const { crm, account, words, weather } = harness;
    await weather.unavailable(true);
    for (const read of allReads(harness)) await expect(read()).rejects.toBeInstanceOf(CrmUnavailable);
    await expect(crm.createContacts(account, [{ key: 'a', email: email(), values: {} }])).rejects.toBeInstanceOf(
      CrmUnavailable,
    );
    const writes = [{ id: words.absentId.contact, values: { [words.text]: 'x' } }];
    await expect(crm.updateRecords(account, { objectType: 'contact', writes })).rejects.toBeInstanceOf(CrmUnavailable);
    const [pipelineId, stageId] = [words.pipeline, words.openStage];
    const deal = {
      key: 'd',
      referralId: 'ref_d',
      contactId: words.absentId.contact,
      name: 'D',
      pipelineId,
      stageId,
      ownerId: null,
    };
    await expect(crm.createDeals(account, [deal])).rejects.toBeInstanceOf(CrmUnavailable);
    await expect(crm.provisionFields(account)).rejects.toBeInstanceOf(CrmUnavailable);
    await weather.clear();
  });

  it('makes no call before the time a rate limit named, and goes on afterwards', async () => {
    const { harness } = given();
    const { crm, account, words, weather } = harness;
    const read = () => crm.readRecords(account, { objectType: 'contact', ids: [words.absentId.contact], fields: [] });
    const waitMs = await weather.rateLimitOnce(7_000);
    const limitedAtMs = harness.nowMs();
    await expect(read()).rejects.toMatchObject({ code: 'crm_rate_limited', retryAtMs: limitedAtMs + waitMs });
    const before = await harness.callCount();
    harness.advance(waitMs - 1_000);
    await expect(read()).rejects.toBeInstanceOf(CrmRateLimited);
    expect(await harness.callCount()).toBe(before);
    harness.advance(1_000);
    expect((await read()).size).toBe(0);
  });

  it('goes on with a fresh token when the access token stopped working', async () => {
    const { harness } = given();
    await harness.weather.endAccessTokens();
    expect((await harness.crm.readAccount(harness.account)).externalAccountId).toBe(harness.account.externalAccountId);
  });

  it('serves many calls at once although the access token has just stopped working', async () => {
    const { harness } = given();
    const { crm, account, words } = harness;
    await harness.weather.endAccessTokens();
    const reads = Array.from({ length: 20 }, (_value, index) =>
      index % 2 === 0
        ? crm.readAccount(account).then(({ externalAccountId }) => externalAccountId)
        : crm
            .readRecords(account, { objectType: 'deal', ids: [words.absentId.deal], fields: [] })
            .then(({ size }) => size),
    );
    const answers = await Promise.all(reads);
    expect(new Set(answers)).toEqual(new Set([account.externalAccountId, 0]));
  });

  it('says which permission an account has not granted', async () => {
    const { crm, poorAccount, words } = given().harness;
    const read = crm.readRecords(poorAccount, { objectType: 'deal', ids: [words.absentId.deal], fields: [] });
    await expect(read).rejects.toMatchObject({ code: words.missingRight });
    const lists = crm.findLists(poorAccount, { query: null, listIds: [] });
    await expect(lists).rejects.toMatchObject({ code: words.missingRight });
    await expect(crm.readOwners(poorAccount)).rejects.toMatchObject({ code: words.missingRight });
  });
}

/** Runs last: afterwards the account is gone. */
export function describeDeparture(given: Given): void {
  it('leaves an account for good: twice is once, the grant is gone, and other accounts stay', async () => {
    const { harness } = given();
    const { crm, account, otherAccount } = harness;
    await crm.uninstall(account);
    await crm.uninstall(account);
    for (const read of allReads(harness)) await expect(read()).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect((await crm.readAccount(otherAccount)).externalAccountId).toBe(otherAccount.externalAccountId);
  });
}
