import { CardReferralNotFound, ContactNotEnrolled } from '../../cards/card-errors.ts';
import {
  CrmAuthorizationRevoked,
  CrmListGone,
  CrmRateLimited,
  CrmRejected,
  CrmPermissionMissing,
  CrmScopeMissing,
  CrmUnavailable,
} from '../../crm/errors.ts';
import { HubSpotCodeRefused } from '../../crm/hubspot/oauth-errors.ts';
import {
  CertificateMissing,
  LoginHostRefused,
  SalesforceCodeRefused,
  SalesforceGrantRefused,
} from '../../crm/salesforce/oauth-errors.ts';
import { EnrolmentOff, EnrolmentStateRefused, EnrolmentWithoutConnection } from '../../enrolment/enrolment-errors.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import { EventIdReused } from '../../ingest/event-errors.ts';
import {
  EntryAlreadyAnswered,
  EntryEditInvalid,
  EntryNotAnswerable,
  EntryNotRetryable,
} from '../../ingest/entry-errors.ts';
import { ReferralMerged } from '../../ingest/settle-referral.ts';
import { ProgramChanged, ProgramInvalid, programNotFound } from '../../qualification/program-errors.ts';
import {
  ReEvaluationLive,
  ReEvaluationOutdated,
  ReEvaluationStateRefused,
  ReEvaluationWithoutConnection,
} from '../../re-evaluation/re-evaluation-errors.ts';
import {
  AdvocatePaused,
  AlreadyReferred,
  EmailMalformed,
  ExternalIdTaken,
  PersonErased,
  ProgramNotPublished,
  ReferralCodeUnknown,
  SelfReferral,
} from '../../referrals/referral-errors.ts';
import { RewardNotPending } from '../../rewards/approve-reward.ts';
import {
  AccountConnectedElsewhere,
  CertificateUserRefused,
  ConnectedByAnotherUser,
  ConnectionChanged,
  CrmAlreadyConnected,
  CrmNotConnected,
  InstallDeclined,
  InstallIdentityRefused,
  InstallScopesMissing,
  InstallStateInvalid,
  JoinLinkInvalid,
} from '../../workspaces/install-errors.ts';
import { JoinClosed } from '../authenticate/form-key-errors.ts';
import { BodyAmbiguous, HubSpotNotConfigured, SalesforceNotConfigured } from '../http-errors.ts';

const entryId = 'ent_m4n3b2v1c0x9z8l7k6j5';

function kept(path: 'code' | 'email', code: string, message: string): [string, Record<string, unknown>] {
  return [message, { entryId, fields: [{ path, message, code }] }];
}

const draft = new ProgramNotPublished('The program is a draft.');
const changed = new ProgramChanged(4);
const invalid = new ProgramInvalid([
  {
    path: 'rules.1.pipelineId',
    code: 'pipeline_unknown',
    message: 'The CRM account has no deal pipeline with the id partners.',
    remedy: 'Use the internal id of a pipeline: default (Sales Pipeline).',
  },
]);

const answered = [
  new EntryAlreadyAnswered('The entry was rejected on 2026-11-20T10:20:00.000Z.', {
    answer: 'reject',
    answeredAt: '2026-11-20T10:20:00.000Z',
  }),
  new EntryNotAnswerable('The entry is processed.'),
];

const joinLinkUsed = new JoinLinkInvalid('This link was used before.');
const alreadyConnected = new CrmAlreadyConnected('The workspace is connected to another account of this CRM.', {
  connectionId: 'con_a1s2d3f4g5h6j7k8l9q0',
});
const notJoined = [
  joinLinkUsed,
  new AccountConnectedElsewhere('The account belongs to another workspace.'),
  alreadyConnected,
];
const grantEnded = new SalesforceGrantRefused(
  'Salesforce says that the user may not use the Passalong app: an administrator of the org has to allow it for them, then connect again.',
);

/** Of a question that is handed on to the CRM as it is asked. */
const askedLive = [
  new CrmAuthorizationRevoked('This account is disconnected, so its CRM cannot be asked.'),
  new CrmScopeMissing('The HubSpot account has not granted a permission this call needs.'),
  new CrmPermissionMissing('The connected Salesforce user may not see the object Campaign.'),
  new CrmRejected('HubSpot refused the request.'),
  new CrmUnavailable('The CRM did not answer in time.'),
  new CrmRateLimited(Date.UTC(2026, 10, 20, 10, 15)),
  new HubSpotNotConfigured(),
  new SalesforceNotConfigured(),
];

/**
 * What an operation may be refused with by the domain, beyond `commonErrors`: the errors themselves, worded as they are
 * raised, so that no code or status is written down twice. By operationId; in the order they are looked for.
 */
export const OPERATION_ERRORS: Readonly<Record<string, readonly PassalongError[]>> = {
  startHubSpotInstall: [joinLinkUsed, new HubSpotNotConfigured()],
  finishHubSpotInstall: [
    new InstallDeclined('HubSpot did not grant access (access_denied).', { error: 'access_denied' }),
    new InstallStateInvalid('This installation was finished before, or took too long.'),
    new InstallScopesMissing('Some permissions were not granted.', { missing: ['crm.objects.contacts.write'] }),
    new HubSpotCodeRefused('HubSpot refused the authorization code.'),
    ...notJoined,
    new CrmScopeMissing('The HubSpot account has not granted a permission this call needs.'),
    new CrmUnavailable('HubSpot’s OAuth service did not answer.'),
    new HubSpotNotConfigured(),
  ],
  startSalesforceInstall: [
    joinLinkUsed,
    new LoginHostRefused('This is not an address where people sign in to Salesforce.'),
    new SalesforceNotConfigured(),
  ],
  finishSalesforceInstall: [
    new InstallDeclined('Salesforce did not grant access (access_denied).', { error: 'access_denied' }),
    new InstallStateInvalid('This installation was finished before, or took too long.'),
    new InstallScopesMissing('Salesforce gave no refresh token.', { missing: ['refresh_token'] }),
    new SalesforceCodeRefused('Salesforce refused the authorisation code.'),
    new InstallIdentityRefused('The org does not confirm whose token this is.'),
    ...notJoined,
    new ConnectedByAnotherUser(
      'The Salesforce account 00D5g000008kXYZEA2 is connected by another user of it. That connection stays as it is.',
    ),
    grantEnded,
    new CrmUnavailable('Salesforce’s login service did not answer.'),
    new SalesforceNotConfigured(),
  ],
  createJoinLink: [alreadyConnected, new SalesforceNotConfigured(), new HubSpotNotConfigured()],
  useSalesforceCertificate: [
    new CrmNotConnected('No Salesforce org is connected to this workspace.'),
    new CertificateUserRefused(
      'Salesforce lets the Passalong app speak for no user of this name in the org 00D5g000008kXYZEA2.',
    ),
    new ConnectionChanged('Somebody ended or renewed this connection meanwhile; it stays as they left it.'),
    new LoginHostRefused('This is not an address where people sign in to Salesforce.'),
    new CrmUnavailable('Salesforce’s login service did not answer.'),
    new CertificateMissing('The service holds no certificate for Salesforce.'),
    new SalesforceNotConfigured(),
  ],
  receiveHubSpotWebhook: [new BodyAmbiguous('portalId'), new HubSpotNotConfigured()],
  addSpokenReferral: [
    draft,
    programNotFound('prg_4k7w0q9zt1m3x8c2v5b6'),
    new ContactNotEnrolled(),
    new EmailMalformed('The email address is not valid.', {
      fields: [{ path: 'email', message: 'The email address is not valid.', code: 'email_malformed' }],
    }),
    new AdvocatePaused(
      ...kept('code', 'advocate_paused', 'The advocate’s link rests: they left the list they were enrolled from.'),
    ),
    new SelfReferral(...kept('email', 'self_referral', 'Advocates cannot refer themselves.')),
    new AlreadyReferred('This person was referred before by somebody else.', { entryId }),
  ],
  enrolContact: [draft, programNotFound('prg_4k7w0q9zt1m3x8c2v5b6'), new PersonErased()],
  askForReview: [new CardReferralNotFound('ref_q1w2e3r4t5y6u7i8o9p0')],
  listCrmFields: askedLive,
  listCrmPipelines: askedLive,
  listCrmLists: askedLive,
  listCrmOwners: askedLive,
  listCrmContactRoles: askedLive,
  createProgram: [invalid],
  saveProgram: [invalid, changed],
  publishProgram: [
    invalid,
    changed,
    new CrmAuthorizationRevoked('This HubSpot connection has no valid authorization.'),
    new CrmUnavailable('The CRM did not answer, so the rules could not be checked against the account.'),
    new CrmRateLimited(Date.UTC(2026, 10, 20, 10, 15)),
  ],
  startReEvaluation: [
    draft,
    new ReEvaluationWithoutConnection('No CRM account is connected.'),
    new ReEvaluationLive('A re-evaluation of this program is under way, or waits to be applied.', {
      reEvaluationId: 'rev_t6y7u8i9o0p1a2s3d4f5',
    }),
  ],
  applyReEvaluation: [
    new ReEvaluationOutdated('It previewed version 2; another one was published since.', { version: 2, published: 3 }),
    new ReEvaluationStateRefused('The re-evaluation is previewing.', { state: 'previewing' }),
  ],
  cancelReEvaluation: [new ReEvaluationStateRefused('The re-evaluation is done.', { state: 'done' })],
  createReferral: [
    draft,
    new EmailMalformed(...kept('email', 'email_malformed', 'The email address is not valid.')),
    new ReferralCodeUnknown(...kept('code', 'referral_code_unknown', 'No advocate of this program has that code.')),
    new AdvocatePaused(
      ...kept('code', 'advocate_paused', 'The advocate’s link rests: they left the list they were enrolled from.'),
    ),
    new SelfReferral(...kept('email', 'self_referral', 'Advocates cannot refer themselves.')),
    new AlreadyReferred('This person was referred before by somebody else.', { entryId }),
    new ExternalIdTaken('Another referral of this program has that external id.', { entryId }),
  ],
  createAdvocate: [
    new JoinClosed(),
    draft,
    new PersonErased(),
    new ExternalIdTaken('Another advocate of this program has that external id.'),
  ],
  createEvent: [programNotFound('prg_4k7w0q9zt1m3x8c2v5b6'), draft, new EventIdReused(entryId)],
  startEnrolment: [
    draft,
    new EnrolmentOff('Enrolment is switched off in this program.'),
    new EnrolmentWithoutConnection('No such CRM account is connected.'),
    new CrmListGone('The CRM account has no list of contacts with the id 17.'),
    new CrmUnavailable('HubSpot did not answer.'),
  ],
  saveEnrolment: [new EnrolmentStateRefused('The enrolment is cancelled.')],
  pauseEnrolment: [new EnrolmentStateRefused('The enrolment is done.')],
  resumeEnrolment: [new EnrolmentStateRefused('The enrolment is done.')],
  cancelEnrolment: [new EnrolmentStateRefused('The enrolment is done.')],
  retryEntry: [
    draft,
    new EntryNotRetryable('The entry is processed.'),
    new EntryEditInvalid('An entry has no field colour to edit.'),
  ],
  approveEntry: answered,
  rejectEntry: answered,
  decideReferral: [new ReferralMerged('The referral was merged into another one.', { mergedInto: 'ref_q1w2e3' })],
  approveReward: [new RewardNotPending('The reward is voided.')],
};
