import { approveEntry, rejectEntry } from '../../../../shared/contracts/entries.ts';
import type { EntryDetail } from '../../../../shared/contracts/entry-reports.ts';
import type { Database } from '../../db/database.ts';
import type { EntryAnswer } from '../../ingest/answer-entry.ts';
import { findEntry } from '../../ingest/entry-details-store.ts';
import { apiRoute, type ApiRoute } from '../api-route.ts';
import type { ReferralUseCases } from '../api.ts';
import type { Caller } from '../caller.ts';
import { NotFound } from '../http-errors.ts';

type Answering = Pick<ReferralUseCases, 'answerEntry'>;

export function approveEntryRoute(database: Database, useCases: Answering): ApiRoute {
  return apiRoute(approveEntry, async ({ params: { entryId }, body, ...caller }) => {
    const input = { entryId, answer: 'approve', note: body?.note ?? null } as const;
    return { status: 200, body: await answer(database, useCases, { caller, input }) };
  });
}

export function rejectEntryRoute(database: Database, useCases: Answering): ApiRoute {
  return apiRoute(rejectEntry, async ({ params: { entryId }, body, ...caller }) => {
    const input = { entryId, answer: 'reject', note: body?.note ?? null } as const;
    return { status: 200, body: await answer(database, useCases, { caller, input }) };
  });
}

async function answer(
  database: Database,
  useCases: Answering,
  { caller, input }: { readonly caller: Caller; readonly input: EntryAnswer },
): Promise<EntryDetail> {
  const { workspaceId, actor } = caller;
  const known = await findEntry(database, workspaceId, input.entryId);
  if (!known) throw new NotFound('entry', input.entryId);
  await useCases.answerEntry(workspaceId, actor, input);
  return (await findEntry(database, workspaceId, input.entryId)) ?? known;
}
