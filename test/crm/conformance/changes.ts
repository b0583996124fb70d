import { expect, it } from 'vitest';
import type { ChangedRecordsInput } from '../../../backend/src/crm/port.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';
import { everyPage } from '../support/every-page.ts';

async function collectChanges({ crm, account }: CrmHarness, window: Omit<ChangedRecordsInput, 'afterId'>) {
  const pages = await everyPage(
    (afterId) => crm.readChangedRecords(account, { ...window, afterId }),
    ({ nextAfterId }) => nextAfterId,
  );
  return { records: pages.flatMap(({ records }) => records), pages: pages.length };
}

/** What the poll relies on. */
export function describeChanges(given: Given): void {
  it('finds what changed in a window, ends included, with the time of the change, and nothing else', async () => {
    const { harness, email } = given();
    harness.advance(3_600_000);
    const early = await harness.user.createContact(email());
    harness.advance(60_000);
    const from = new Date(harness.nowMs());
    const first = await harness.user.createContact(email());
    harness.advance(60_000);
    await harness.user.setContact(early, { [harness.words.text]: 'Bruges' });
    const to = new Date(harness.nowMs());
    harness.advance(60_000);
    await harness.user.createContact(email());
    const { records } = await collectChanges(harness, { objectType: 'contact', from, to });
    const expected = [
      { id: early, modifiedAtMs: to.getTime() },
      { id: first, modifiedAtMs: from.getTime() },
    ];
    expect([...records].sort((a, b) => b.modifiedAtMs - a.modifiedAtMs)).toEqual(expected);
  });

  it('loses no record of several pages that share one timestamp, from whatever id it starts again', async () => {
    const { harness, email } = given();
    harness.advance(3_600_000);
    const from = new Date(harness.nowMs());
    const made: string[] = [];
    for (let index = 0; index < 430; index += 1) made.push(await harness.user.createContact(email()));
    const window = { objectType: 'contact', from, to: from } as const;
    const { records, pages } = await collectChanges(harness, window);
    expect(pages).toBeGreaterThan(1);
    expect(records.map(({ id }) => id).sort()).toEqual([...made].sort());
    const half = records[213]!.id;
    const rest = await harness.crm.readChangedRecords(harness.account, { ...window, afterId: half });
    expect(rest.records[0]?.id).toBe(records[214]!.id);
  });
}
