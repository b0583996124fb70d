import * as advocates from './advocates.ts';
import * as connections from './connections.ts';
import * as deadLetters from './dead-letters.ts';
import type { Endpoint } from './endpoint.ts';
import * as entries from './entries.ts';
import * as hubspot from './hubspot.ts';
import * as links from './links.ts';
import * as operations from './operations.ts';
import * as programs from './programs.ts';
import * as referrals from './referrals.ts';
import * as rewards from './rewards.ts';

/** Every operation the service answers: the OpenAPI document, the 405 table and the tests are made from this list. */
export const ALL_ENDPOINTS: readonly Endpoint[] = [
  operations.getFrontPage,
  operations.getHealth,
  operations.getReady,
  operations.getMetrics,
  operations.getOpenApi,
  hubspot.startHubSpotInstall,
  hubspot.finishHubSpotInstall,
  hubspot.receiveHubSpotWebhook,
  links.openLink,
  connections.listConnections,
  connections.deleteConnection,
  programs.listPrograms,
  programs.createProgram,
  programs.getProgram,
  programs.saveProgram,
  programs.publishProgram,
  referrals.createReferral,
  advocates.createAdvocate,
  referrals.listReferrals,
  referrals.getReferral,
  advocates.getAdvocate,
  entries.listEntries,
  entries.getEntry,
  entries.retryEntry,
  rewards.listRewards,
  rewards.approveReward,
  deadLetters.listDeadLetters,
  deadLetters.replayDeadLetter,
];
