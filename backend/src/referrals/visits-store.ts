import type { Database } from '../db/database.ts';

/** How often one advocate's link was opened on one day (UTC). */
export type DailyVisits = {
  readonly workspaceId: string;
  readonly advocateId: string;
  readonly day: string;
  readonly count: number;
};

/** Between the values of a column; none of them can hold it. */
const SEPARATOR = '\u001e';

/** Adds to the counts of any workspaces in one round trip; advocates that are gone are passed over. */
export async function countVisits(database: Database, visits: readonly DailyVisits[]): Promise<void> {
  const column = (read: (each: DailyVisits) => string): string => visits.map(read).join(SEPARATOR);
  await database.system.raw('select count_visits(?, ?, ?, ?)', [
    column(({ workspaceId }) => workspaceId),
    column(({ advocateId }) => advocateId),
    column(({ day }) => day),
    column(({ count }) => String(count)),
  ]);
}
