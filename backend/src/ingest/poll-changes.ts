import { CrmRateLimited, CrmRightMissing } from '../crm/errors.ts';
import type { ChangedRecord } from '../crm/port.ts';
import { claimUntil, type ConnectionWork } from '../sync/connection-work.ts';
import { describeFailure } from '../sync/failure.ts';
import { ownEchoes } from '../sync/write-back-store.ts';
import type { TenantTransaction } from '../db/database.ts';
import { decidingDefinitions, publishedPrograms, type PublishedProgram } from '../qualification/published-programs.ts';
import { followedCompanies } from './companies-store.ts';
import { contactDigest, unchangedContacts, type UnchangedContactsInput } from './contact-digests.ts';
import { markDirty } from './dirty-store.ts';
import { createRecentKeys } from './recent-keys.ts';
import { pushesNothing, unpushedFields } from './unpushed-fields.ts';
import { wantedFields } from './wanted-fields.ts';
import { claimPoll, postponePoll, savePoll, startCompanyPoll, type PollCursor } from './poll-store.ts';

/** How far each window reaches back into the last one: the CRM's search index runs behind its records. */
const OVERLAP_MS = 120_000;
/** Between two walks where a rule watches a field that HubSpot does not push. */
const WATCHED_INTERVAL_MS = 60_000;
/** Between two walks that only look for what webhooks lost. */
const SAFETY_INTERVAL_MS = 300_000;
const PATIENCE_MS = 60_000;
/**
 * A change younger than this may share its time with one that comes yet: Salesforce keeps whole seconds, and clocks are
 * compared to the second. It is looked at again in the next window.
 */
const UNSETTLED_MS = 3_000;

/**
 * Changes already hinted at, so that the overlap is not read again and again. Only a saving: forgotten at a restart, and
 * then the overlap is read once more.
 */
const hinted = createRecentKeys(200_000);

/**
 * Looks for records the CRM changed without telling us, one page at a time; the cursor is saved with the hints, so a
 * kill repeats at most a page. A window is walked by record id, which survives any number of equal timestamps.
 * @param input.patient an enrolment is under way, whose searches come out of the same allowance, and whose writes would be
 * most of what the poll meets: then it takes a page a minute only.
 * @returns true when a walk was due: what it found can be taken up, and another one may be due as well.
 */
export async function pollChanges(work: ConnectionWork, input: { readonly patient: boolean }): Promise<boolean> {
  const { workspaceId, connectionId } = work.connection;
  const nowMs = work.clock.now();
  const claimed = await work.database.inWorkspace(workspaceId, (tx) =>
    claimPoll(tx, {
      connectionId,
      now: new Date(nowMs),
      dueBefore: new Date(input.patient ? nowMs - PATIENCE_MS : nowMs),
      claimedUntil: claimUntil(nowMs),
    }),
  );
  if (!claimed) return false;
  const programs = await work.database.inWorkspace(workspaceId, (tx) => publishedPrograms(tx, workspaceId));
  const watched = unpushedFields(work.port, decidingDefinitions(programs));
  if (claimed.objectType === 'company' && watched.company.length === 0) {
    const dueAt = new Date(nowMs + SAFETY_INTERVAL_MS);
    await work.database.inWorkspace(workspaceId, (tx) => savePoll(tx, { connectionId, cursor: claimed, dueAt }));
    return true;
  }
  const crmNowMs = nowMs + (work.port.clockOffsetMs(work.connection) ?? 0);
  const cursor = withWindow(claimed, crmNowMs);
  const comparison = comparisonOf(work, cursor, programs);
  try {
    const page = await work.port.readChangedRecords(work.connection, {
      objectType: cursor.objectType,
      from: cursor.windowFrom,
      to: cursor.windowTo,
      afterId: cursor.afterId,
      ...(comparison ? { fields: comparison.fields } : {}),
    });
    const news = page.records.filter((record) => !hinted.has(hintKey(connectionId, cursor, record)));
    const opened = claimed.windowTo
      ? cursor
      : notAhead(cursor, nowMs + (work.port.clockOffsetMs(work.connection) ?? 0));
    const next = page.nextAfterId === null ? closeWindow(opened) : { ...opened, afterId: page.nextAfterId };
    const dueAt = new Date(page.nextAfterId === null ? nowMs + pollInterval(work, cursor, watched) : nowMs);
    const looked = await work.database.inWorkspace(workspaceId, async (tx) => {
      const concerning = await withoutIdle(tx, { connectionId, cursor, news, comparison });
      await markDirty(tx, {
        workspaceId,
        connectionId,
        kind: 'polled',
        now: new Date(nowMs),
        hints: concerning.map((recordId) => ({ objectType: cursor.objectType, recordId })),
      });
      if (watched.company.length > 0)
        await startCompanyPoll(tx, { workspaceId, connectionId, from: cursor.windowFrom, dueAt: new Date(nowMs) });
      await savePoll(tx, { connectionId, cursor: next, dueAt });
      return new Set(concerning);
    });
    for (const record of news) {
      // What was only compared is compared again in the overlap: that costs no call.
      if (comparison !== null && !looked.has(record.id)) continue;
      if (record.modifiedAtMs <= crmNowMs - UNSETTLED_MS) hinted.add(hintKey(connectionId, cursor, record));
    }
    return true;
  } catch (error) {
    const dueAt = new Date(error instanceof CrmRateLimited ? error.retryAtMs : nowMs + waitAfter(error));
    await work.database.inWorkspace(workspaceId, (tx) =>
      postponePoll(tx, { connectionId, objectType: cursor.objectType, dueAt, error: describeFailure(error) }),
    );
    // Search has a limit of its own: running into it stops the poll, not the rest of the work.
    if (error instanceof CrmRateLimited) return false;
    throw error;
  }
}

/** A right that is missing is given by a person, who takes longer. */
function waitAfter(error: unknown): number {
  return error instanceof CrmRightMissing ? SAFETY_INTERVAL_MS : WATCHED_INTERVAL_MS;
}

type WatchedFields = ReturnType<typeof unpushedFields>;

function pollInterval(work: ConnectionWork, { objectType }: PollCursor, watched: WatchedFields): number {
  if (pushesNothing(work.port)) return WATCHED_INTERVAL_MS;
  const fields = objectType === 'company' ? watched.company : [...watched.contact, ...watched.deal];
  return fields.length > 0 ? WATCHED_INTERVAL_MS : SAFETY_INTERVAL_MS;
}

/** By what a polled contact is compared with what was last read of it. */
type Comparison = Omit<UnchangedContactsInput, 'connectionId' | 'contacts'> & { readonly fields: readonly string[] };

/** Only where nothing but the poll tells of a change: elsewhere the time of our own write is enough. */
function comparisonOf(
  { port }: ConnectionWork,
  { objectType }: PollCursor,
  programs: readonly PublishedProgram[],
): Comparison | null {
  if (objectType !== 'contact' || !pushesNothing(port)) return null;
  const fields = wantedFields({ port }, programs).contact;
  return { crm: port.crm, programs, fields, digestOf: contactDigest({ crm: port.crm, fields, programs }) };
}

type Changes = {
  readonly connectionId: string;
  readonly cursor: PollCursor;
  readonly news: readonly ChangedRecord[];
  readonly comparison: Comparison | null;
};

/** Ids of what is worth a look: not our own writes, and of the companies only those somebody we know belongs to. */
async function withoutIdle(
  tx: TenantTransaction,
  { connectionId, cursor, news, comparison }: Changes,
): Promise<string[]> {
  const ids = news.map(({ id }) => id);
  if (comparison) {
    const unchanged = await unchangedContacts(tx, { ...comparison, connectionId, contacts: news });
    return ids.filter((id) => !unchanged.has(id));
  }
  if (cursor.objectType === 'contact') {
    const echoes = await ownEchoes(tx, { connectionId, changes: news });
    return ids.filter((id) => !echoes.has(id));
  }
  if (cursor.objectType !== 'company') return ids;
  const followed = await followedCompanies(tx, connectionId, ids);
  return ids.filter((id) => followed.has(id));
}

function hintKey(connectionId: string, cursor: PollCursor, record: ChangedRecord): string {
  return `${connectionId}:${cursor.objectType}:${record.id}:${record.modifiedAtMs}`;
}

type OpenCursor = PollCursor & { readonly windowFrom: Date; readonly windowTo: Date };

/** Windows are told in the CRM's own time, which its records are stamped with. */
function withWindow(cursor: PollCursor, crmNowMs: number): OpenCursor {
  if (cursor.windowFrom && cursor.windowTo)
    return { ...cursor, windowFrom: cursor.windowFrom, windowTo: cursor.windowTo };
  return {
    ...cursor,
    windowFrom: new Date(Math.min(cursor.caughtUpTo.getTime(), crmNowMs) - OVERLAP_MS),
    windowTo: new Date(crmNowMs),
    afterId: null,
  };
}

/**
 * The first answer of a process tells how the CRM's clock goes. A window that was opened before must not reach into the
 * CRM's future: what changes there while the walk lasts, behind its last page, would lie in no window.
 */
function notAhead(cursor: OpenCursor, crmNowMs: number): OpenCursor {
  return { ...cursor, windowTo: new Date(Math.min(cursor.windowTo.getTime(), crmNowMs)) };
}

function closeWindow(cursor: OpenCursor): PollCursor {
  return { ...cursor, caughtUpTo: cursor.windowTo, windowFrom: null, windowTo: null, afterId: null };
}
