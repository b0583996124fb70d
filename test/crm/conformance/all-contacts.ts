import { expect, it } from 'vitest';
import type { CrmHarness, Given } from '../crm-harness.ts';
import { everyPage } from '../support/every-page.ts';

async function collectContacts({ crm, account, words }: CrmHarness, createdFrom: Date | null) {
  const pages = await everyPage(
    (afterId) => crm.readAllContacts(account, { fields: [words.text], afterId, createdFrom }),
    ({ nextAfterId }) => nextAfterId,
  );
  return { records: pages.flatMap(({ records }) => records), totals: pages.map(({ total }) => total) };
}

/** What enrolling everybody relies on. */
export function describeAllContacts(given: Given): void {
  it('reads contacts since a moment over several pages, each once, by ascending id, and says how many remain', async () => {
    const { harness, email } = given();
    await harness.user.createContact(email());
    harness.advance(3_600_000);
    const createdFrom = new Date(harness.nowMs());
    const made: string[] = [];
    for (let index = 0; index < 430; index += 1)
      made.push(await harness.user.createContact(email(), { [harness.words.text]: `Place ${String(index)}` }));
    const gone = made.splice(100, 1)[0]!;
    await harness.user.deleteContact(gone);
    const { records, totals } = await collectContacts(harness, createdFrom);
    expect(records.map(({ id }) => id).sort()).toEqual([...made].sort());
    expect(records[0]?.values).toEqual({ [harness.words.text]: 'Place 0' });
    expect(totals.length).toBeGreaterThan(1);
    expect(totals[0]).toBe(429);
    expect([...totals].sort((a, b) => b - a)).toEqual(totals);
    const half = records[213]!.id;
    const request = { fields: [], afterId: half, createdFrom };
    const rest = await harness.crm.readAllContacts(harness.account, request);
    expect(rest.records[0]?.id).toBe(records[214]!.id);
    expect(rest.total).toBe(429 - 214);
  });

  it('reads every contact, those of all times, when no moment is named', async () => {
    const { harness, email } = given();
    const id = await harness.user.createContact(email());
    const { records, totals } = await collectContacts(harness, null);
    const ids = records.map((record) => record.id);
    expect(new Set(ids).size).toBe(totals[0]);
    expect(ids).toHaveLength(totals[0]!);
    expect(ids).toContain(id);
  });

  it('finds nobody among contacts of the future', async () => {
    const { harness } = given();
    expect((await collectContacts(harness, new Date(harness.nowMs() + 60_000))).records).toEqual([]);
  });
}
