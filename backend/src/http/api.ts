import type {
  AddedReferral,
  AskedReview,
  CompanyCardView,
  CompanyReferralPage,
  ContactCardView,
  DealCardView,
  EnrolledContact,
  ReferralLine,
} from '../../../shared/card-view.ts';
import type { InboundEvent } from '../../../shared/contracts/events.ts';
import type { EnrolmentReport } from '../../../shared/contracts/enrolments.ts';
import type { ReEvaluationReport } from '../../../shared/contracts/re-evaluations.ts';
import type { SpokenReferral } from '../cards/card-actions.ts';
import type { CardCall } from '../cards/card-call.ts';
import type { CrmName } from '../crm/port.ts';
import type { Page } from '../db/page.ts';
import type { NewEnrolment, StartedEnrolment } from '../enrolment/start-enrolment.ts';
import type { Steering } from '../enrolment/steering-store.ts';
import type { EntryAnswer } from '../ingest/answer-entry.ts';
import type { RecordedEvent } from '../ingest/record-event.ts';
import type { SettleReferralInput } from '../ingest/settle-referral.ts';
import type { ReEvaluationSteering } from '../re-evaluation/steer-re-evaluation.ts';
import type { EnrolledAdvocate, NewAdvocate, NewReferral, RecordedReferral } from '../referrals/referral-requests.ts';
import type { JoinLink } from '../workspaces/make-join-link.ts';
import type { CertificateRequest } from '../workspaces/use-certificate.ts';

export type { EnrolledAdvocate, NewAdvocate, NewReferral, RecordedReferral };

export type { NewEnrolment, StartedEnrolment };

/** Who acts, for history and audit: `api_key:key_…`, `hubspot_user:123`, `system`. */
export type Actor = string;

/**
 * Use cases the routes call and that change referrals, rewards or connections. Each raises typed errors (with `entryId`
 * in `facts` where an entry was kept for a person to mend).
 */
export type EnrolmentUseCases = {
  startEnrolment(workspaceId: string, actor: Actor, input: NewEnrolment): Promise<StartedEnrolment>;
  steerEnrolment(
    workspaceId: string,
    actor: Actor,
    input: { readonly enrolmentId: string; readonly steering: Steering },
  ): Promise<EnrolmentReport>;
};

export type ReEvaluationUseCases = {
  startReEvaluation(
    workspaceId: string,
    actor: Actor,
    input: { readonly programId: string; readonly requestKey: string | null },
  ): Promise<ReEvaluationReport>;
  steerReEvaluation(
    workspaceId: string,
    actor: Actor,
    input: { readonly reEvaluationId: string; readonly steering: ReEvaluationSteering },
  ): Promise<ReEvaluationReport>;
};

export type ConnectionUseCases = {
  /** A link by which an account of `crm` joins the workspace. */
  makeJoinLink(workspaceId: string, actor: Actor, crm: CrmName): Promise<JoinLink>;
  /** @returns the id of the connection that is spoken for by certificate from now on. */
  useCertificate(workspaceId: string, actor: Actor, input: CertificateRequest): Promise<string>;
  disconnect(workspaceId: string, actor: Actor, connectionId: string): Promise<void>;
};

export type ReferralUseCases = EnrolmentUseCases &
  ReEvaluationUseCases &
  ConnectionUseCases & {
    recordReferral(workspaceId: string, actor: Actor, input: NewReferral): Promise<RecordedReferral>;
    enrolAdvocate(workspaceId: string, actor: Actor, input: NewAdvocate): Promise<EnrolledAdvocate>;
    recordEvent(workspaceId: string, actor: Actor, event: InboundEvent): Promise<RecordedEvent>;
    /** Runs a failed or reviewed entry again, with a person's edits laid over its input. */
    retryEntry(
      workspaceId: string,
      actor: Actor,
      input: { readonly entryId: string; readonly edits: Readonly<Record<string, string>> },
    ): Promise<{ readonly entryId: string; readonly state: 'processed' | 'ignored' | 'failed' | 'review' }>;
    /** A person says yes or no to what an entry asks. */
    answerEntry(workspaceId: string, actor: Actor, input: EntryAnswer): Promise<void>;
    /** A person says what a referral is. */
    settleReferral(workspaceId: string, actor: Actor, input: SettleReferralInput): Promise<void>;
    approveReward(workspaceId: string, actor: Actor, rewardId: string): Promise<void>;
    replayDeadLetter(workspaceId: string, actor: Actor, deadLetterId: string): Promise<void>;
  };

/** What the cards show and do; each call is bound to the account that HubSpot named. */
export type CardUseCases = {
  contactCard(call: CardCall, recordId: string): Promise<ContactCardView>;
  contactReferrals(
    call: CardCall,
    recordId: string,
    after: readonly string[] | null,
  ): Promise<{ readonly page: Page<ReferralLine>; readonly total: number }>;
  dealCard(call: CardCall, recordId: string): Promise<DealCardView>;
  companyCard(call: CardCall, recordId: string): Promise<CompanyCardView>;
  companyReferrals(
    call: CardCall,
    recordId: string,
    after: readonly string[] | null,
  ): Promise<{ readonly page: Page<CompanyReferralPage['items'][number]>; readonly total: number }>;
  addSpokenReferral(call: CardCall, input: SpokenReferral): Promise<AddedReferral>;
  enrolContact(
    call: CardCall,
    input: { readonly contactId: string; readonly programId: string },
  ): Promise<EnrolledContact>;
  askForReview(
    call: CardCall,
    input: { readonly contactId: string; readonly referralId: string; readonly note: string | null },
  ): Promise<AskedReview>;
};
