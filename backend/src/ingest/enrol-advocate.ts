import type { TenantTransaction } from '../db/database.ts';
import type { EnrolledAdvocate, NewAdvocate } from '../referrals/referral-requests.ts';
import { liveConnections } from '../workspaces/connections-store.ts';
import { ensureAdvocate, keepConsent, keepExternalId } from '../referrals/advocates-store.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { ensurePerson, keepDetails, knownContacts, linkRecords } from '../referrals/people-store.ts';
import { requirePublishedProgram } from '../referrals/published-program-store.ts';
import { referralLink } from '../referrals/referral-code.ts';
import { AdvocateUnidentified, EmailMalformed } from '../referrals/referral-errors.ts';
import type { Alongside, Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';

/** Makes somebody an advocate: a code and a link, written to their contact. Nobody is notified. Asking again changes nothing. */
export async function enrolAdvocate(
  deps: UseCaseDeps,
  { workspaceId, alongside }: Caller & Alongside<EnrolledAdvocate>,
  input: NewAdvocate,
): Promise<EnrolledAdvocate> {
  const { enrolled, connectionIds } = await deps.database.aloneInWorkspace(workspaceId, async (tx) => {
    const now = new Date(deps.clock.now());
    await requirePublishedProgram(tx, workspaceId, input.programId);
    const personId = await identify(tx, { workspaceId, input, now });
    await keepDetails(tx, personId, input.answers);
    const ensured = await ensureAdvocate(tx, { workspaceId, programId: input.programId, personId, now });
    if (input.consent !== null) await keepConsent(tx, ensured.id, input.consent);
    const { programId, externalId } = input;
    if (externalId) await keepExternalId(tx, { workspaceId, programId, advocateId: ensured.id, externalId });
    const touched = await deps.settle(tx, {
      workspaceId,
      now,
      publicUrl: deps.publicUrl,
      advocateIds: [ensured.id],
      personIds: [personId],
      captureIds: [personId],
    });
    const done = {
      advocateId: ensured.id,
      code: ensured.code,
      link: referralLink(deps.publicUrl, ensured.code),
      created: ensured.created,
      reopened: ensured.reopened,
    };
    await alongside?.(tx, done);
    return { enrolled: done, connectionIds: touched };
  });
  deps.wake(workspaceId, connectionIds);
  return enrolled;
}

async function identify(
  tx: TenantTransaction,
  { workspaceId, input, now }: { readonly workspaceId: string; readonly input: NewAdvocate; readonly now: Date },
): Promise<string> {
  const normalisedEmail = input.email === null ? null : normaliseEmail(input.email);
  if (input.email !== null && normalisedEmail === null) throw new EmailMalformed('The email address is not valid.');
  const live = input.crmRecordId === null ? [] : await liveConnections(tx, workspaceId);
  const connection = input.connectionId
    ? live.find(({ connectionId }) => connectionId === input.connectionId)
    : live[0];
  if (normalisedEmail === null && !connection) throw new AdvocateUnidentified('Nothing says who this advocate is.');
  const linked =
    connection && input.crmRecordId !== null
      ? (await knownContacts(tx, connection.connectionId, [input.crmRecordId])).get(input.crmRecordId)?.personId
      : null;
  if (linked) return linked;
  const personId = await ensurePerson(tx, {
    workspaceId,
    now,
    person: {
      email: input.email?.trim() ?? null,
      normalisedEmail,
      firstName: input.firstName,
      lastName: input.lastName,
      phone: input.phone,
    },
  });
  if (connection && input.crmRecordId !== null) {
    await linkRecords(tx, {
      workspaceId,
      connectionId: connection.connectionId,
      now,
      links: [{ objectType: 'contact', recordId: input.crmRecordId, personId }],
    });
  }
  return personId;
}
