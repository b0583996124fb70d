import type { AddedReferral, AskedReview, EnrolledContact } from '../../../shared/card-view.ts';
import type { TenantTransaction } from '../db/database.ts';
import type { CrmRecord } from '../crm/port.ts';
import { mapContact } from '../enrolment/map-contact.ts';
import { requirePublishedProgram } from '../referrals/published-program-store.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { EmailMalformed } from '../referrals/referral-errors.ts';
import type { EnrolledAdvocate, NewAdvocate, NewReferral, RecordedReferral } from '../referrals/referral-requests.ts';
import type { Alongside, Caller, UseCaseDeps } from '../referrals/use-case-deps.ts';
import { auditCardAction } from './audit-store.ts';
import type { CardCall } from './card-call.ts';
import { CardRecordRefused, CardReferralNotFound, ContactNotEnrolled } from './card-errors.ts';
import { codeOfContact } from './contact-code-store.ts';
import { askOnce, onRecord, type FirstSightDeps } from './first-sight.ts';
import { openReview, referralOfContact } from './review-requests-store.ts';

export type CardActionDeps = FirstSightDeps & {
  readonly recordReferral: (
    deps: UseCaseDeps,
    caller: Caller & Alongside<RecordedReferral>,
    input: NewReferral,
  ) => Promise<RecordedReferral>;
  readonly enrolAdvocate: (
    deps: UseCaseDeps,
    caller: Caller & Alongside<EnrolledAdvocate>,
    input: NewAdvocate,
  ) => Promise<EnrolledAdvocate>;
  readonly useCases: UseCaseDeps;
};

export type SpokenReferral = Pick<NewReferral, 'programId' | 'email' | 'firstName' | 'lastName' | 'phone'> & {
  readonly contactId: string;
  readonly note: string | null;
};

/** A rep heard from this contact of somebody who may be interested (G10). The same friend again changes nothing. */
export async function addSpokenReferral(
  deps: CardActionDeps,
  call: CardCall,
  input: SpokenReferral,
): Promise<AddedReferral> {
  const { contactId: givenId, note, ...friend } = input;
  const { account, actor } = call;
  const { contactId, code } = await onContact(deps, call, givenId, async (tx, recordId) => {
    await requirePublishedProgram(tx, account.workspaceId, input.programId);
    const found = await codeOfContact(tx, {
      connectionId: account.connectionId,
      contactId: recordId,
      programId: input.programId,
    });
    return { contactId: recordId, code: found };
  });
  if (code === null) throw new ContactNotEnrolled();
  // Said in the form, where it is mended at once: it need not become an entry for somebody else to mend.
  if (normaliseEmail(input.email) === null) {
    const message = 'The email address is not valid.';
    throw new EmailMalformed(message, { fields: [{ path: 'email', message, code: 'email_malformed' }] });
  }
  const now = new Date(deps.clock.now());
  const alongside: Alongside<RecordedReferral>['alongside'] = async (tx, { referralId, created }) => {
    if (!created) return;
    await auditCardAction(tx, call, { action: 'card.referral_added', subject: referralId, contactId, now });
  };
  const recorded = await deps.recordReferral(
    deps.useCases,
    { workspaceId: account.workspaceId, actor, alongside },
    { ...friend, code, source: 'rep', answers: note === null ? {} : { repNote: note }, consent: null },
  );
  return { result: recorded.created ? 'added' : 'already_there', referralId: recorded.referralId };
}

/** Gives this contact a link. The contact is read from the account first, with its own token. */
export async function enrolContact(
  deps: CardActionDeps,
  call: CardCall,
  input: { readonly contactId: string; readonly programId: string },
): Promise<EnrolledContact> {
  const { account } = call;
  const { workspaceId, connectionId } = account;
  const program = await deps.database.inWorkspace(workspaceId, (tx) =>
    requirePublishedProgram(tx, workspaceId, input.programId),
  );
  const { mapIn } = program.definition.enrolment;
  const fields = [...new Set(mapIn.map(({ field }) => field))];
  const contact = await readContact(deps, call, { contactId: input.contactId, fields });
  const { email, firstName, lastName, phone, details } = mapContact(mapIn, contact.id, contact.values);
  const now = new Date(deps.clock.now());
  const alongside: Alongside<EnrolledAdvocate>['alongside'] = async (tx, done) => {
    const { advocateId: subject, created, reopened } = done;
    if (!created && !reopened) return;
    const action = created ? 'card.contact_enrolled' : 'card.link_reopened';
    await auditCardAction(tx, call, { action, subject, contactId: contact.id, now });
  };
  const enrolled = await deps.enrolAdvocate(
    deps.useCases,
    { workspaceId, actor: call.actor, alongside },
    {
      programId: input.programId,
      email,
      firstName,
      lastName,
      phone,
      answers: details,
      consent: null,
      crmRecordId: contact.id,
      connectionId,
    },
  );
  return {
    result: enrolled.created ? 'enrolled' : 'already_enrolled',
    advocateId: enrolled.advocateId,
    link: enrolled.link,
  };
}

/** The contact as the account has it now. Raises `CardRecordRefused` when it has none. */
function readContact(
  deps: CardActionDeps,
  { account }: CardCall,
  { contactId, fields }: { readonly contactId: string; readonly fields: readonly string[] },
): Promise<CrmRecord> {
  return askOnce(deps, { account, objectType: 'contact', recordId: contactId }, async () => {
    const found = await deps.port.readRecords(account, { objectType: 'contact', ids: [contactId], fields });
    const contact = found.get(contactId);
    if (!contact) throw new CardRecordRefused();
    return contact;
  });
}

/** Puts a referral before somebody's eyes. Its status stays; asking again while one is open changes nothing. */
export async function askForReview(
  deps: CardActionDeps,
  call: CardCall,
  input: { readonly contactId: string; readonly referralId: string; readonly note: string | null },
): Promise<AskedReview> {
  const { account, actor, userEmail } = call;
  const { workspaceId, connectionId } = account;
  const now = new Date(deps.clock.now());
  const { created, askedAt } = await onContact(deps, call, input.contactId, async (tx, contactId) => {
    const { referralId, note } = input;
    const referral = await referralOfContact(tx, { connectionId, contactId, referralId });
    if (!referral) throw new CardReferralNotFound(referralId);
    const { programId } = referral;
    const opened = await openReview(tx, {
      workspaceId,
      connectionId,
      referralId,
      programId,
      actor,
      userEmail,
      note,
      now,
    });
    if (opened.created) {
      await auditCardAction(tx, call, { action: 'card.review_asked', subject: referralId, contactId, now });
    }
    return opened;
  });
  return { result: created ? 'asked' : 'already_asked', askedAt: askedAt.toISOString() };
}

// eslint-disable-next-line max-params -- the deps, who, where and what
function onContact<T>(
  deps: CardActionDeps,
  { account }: CardCall,
  recordId: string,
  work: (tx: TenantTransaction, contactId: string) => Promise<T>,
): Promise<T> {
  return onRecord(deps, { account, objectType: 'contact', recordId }, work);
}
