import * as advocates from './advocates.ts';
import * as connections from './connections.ts';
import * as crmChoices from './crm-choices.ts';
import * as deadLetters from './dead-letters.ts';
import type { Endpoint } from './endpoint.ts';
import * as enrolments from './enrolments.ts';
import * as entries from './entries.ts';
import * as events from './events.ts';
import * as hubspotCards from './hubspot-cards.ts';
import * as hubspot from './hubspot.ts';
import * as links from './links.ts';
import * as operations from './operations.ts';
import * as pages from './pages.ts';
import * as programs from './programs.ts';
import * as reEvaluations from './re-evaluations.ts';
import * as recordPages from './record-pages.ts';
import * as referrals from './referrals.ts';
import * as rewards from './rewards.ts';
import * as salesforce from './salesforce.ts';

/** Every operation the service answers: the OpenAPI document, the 405 table and the tests are made from this list. */
export const ALL_ENDPOINTS: readonly Endpoint[] = [
  operations.getFrontPage,
  operations.getHealth,
  operations.getReady,
  operations.getMetrics,
  operations.getOpenApi,
  operations.getReference,
  operations.getPostmanCollection,
  hubspot.startHubSpotInstall,
  hubspot.finishHubSpotInstall,
  hubspot.receiveHubSpotWebhook,
  salesforce.startSalesforceInstall,
  salesforce.finishSalesforceInstall,
  hubspotCards.getContactCard,
  hubspotCards.listContactReferrals,
  hubspotCards.addSpokenReferral,
  hubspotCards.enrolContact,
  hubspotCards.askForReview,
  hubspotCards.getDealCard,
  hubspotCards.getCompanyCard,
  hubspotCards.listCompanyReferrals,
  links.openLink,
  links.openLinkQrCode,
  recordPages.openReferralRecord,
  recordPages.openAdvocateRecord,
  pages.openSignUp,
  pages.signUp,
  pages.signUpThanks,
  pages.openJoin,
  pages.join,
  pages.joinDone,
  connections.listConnections,
  connections.deleteConnection,
  connections.createJoinLink,
  connections.useSalesforceCertificate,
  crmChoices.listCrmFields,
  crmChoices.listCrmPipelines,
  crmChoices.listCrmLists,
  crmChoices.listCrmOwners,
  crmChoices.listCrmContactRoles,
  programs.listPrograms,
  programs.createProgram,
  programs.getProgram,
  programs.saveProgram,
  programs.publishProgram,
  reEvaluations.startReEvaluation,
  reEvaluations.getReEvaluation,
  reEvaluations.applyReEvaluation,
  reEvaluations.cancelReEvaluation,
  enrolments.startEnrolment,
  enrolments.listEnrolments,
  enrolments.getEnrolment,
  enrolments.saveEnrolment,
  enrolments.pauseEnrolment,
  enrolments.resumeEnrolment,
  enrolments.cancelEnrolment,
  referrals.createReferral,
  advocates.createAdvocate,
  events.createEvent,
  referrals.listReferrals,
  referrals.getReferral,
  referrals.decideReferral,
  advocates.getAdvocate,
  entries.listEntries,
  entries.getEntry,
  entries.retryEntry,
  entries.approveEntry,
  entries.rejectEntry,
  rewards.listRewards,
  rewards.approveReward,
  deadLetters.listDeadLetters,
  deadLetters.replayDeadLetter,
];
