import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

const base = { tag: 'HubSpot' } as const;

function short(description: string, example: string) {
  return z
    .string()
    .max(4000)
    .optional()
    .meta({ description, examples: [example] });
}

export const startHubSpotInstall = defineEndpoint({
  ...base,
  operationId: 'startHubSpotInstall',
  method: 'get',
  path: '/hubspot/oauth/install',
  auth: 'none',
  summary: 'Begin connecting a HubSpot account',
  query: z.looseObject({ join: short('The token of a join link.', 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl') }),
  answers: {
    200: {
      description: 'For a join link: which workspace it leads to, with a button that begins.',
      contentType: 'text/html',
      example: '<h1>Join your account to the workspace?</h1>',
    },
    302: { description: 'To HubSpot’s consent page.' },
  },
  refusals: [400, 503],
});

export const finishHubSpotInstall = defineEndpoint({
  ...base,
  operationId: 'finishHubSpotInstall',
  method: 'get',
  path: '/hubspot/oauth/callback',
  auth: 'oauthState',
  summary: 'HubSpot sends the admin back here',
  description: 'Answers with a page for people, also when it went wrong.',
  // Loose: HubSpot may add parameters, and an install must not break on them.
  query: z.looseObject({
    code: short('The authorisation code.', 'a1b2c3d4-e5f6'),
    state: short('What we gave HubSpot when the install began.', 'q1w2e3r4t5y6u7i8o9p0'),
    error: short('Why HubSpot granted nothing.', 'access_denied'),
    error_description: short('The same in words.', 'The user denied the request.'),
  }),
  answers: { 200: { description: 'Connected.', contentType: 'text/html', example: '<h1>HubSpot is connected</h1>' } },
  refusals: [400, 409, 503],
});

export const receiveHubSpotWebhook = defineEndpoint({
  ...base,
  operationId: 'receiveHubSpotWebhook',
  method: 'post',
  path: '/hubspot/webhooks',
  auth: 'hubspotSignature',
  summary: 'Changes in connected HubSpot accounts',
  description: 'Up to 100 events of any accounts. 200 once they are stored; anything else makes HubSpot send again.',
  body: z.array(z.looseObject({})).meta({ description: 'Events as HubSpot sends them.' }),
  bodyExample: [
    {
      eventId: 1,
      subscriptionType: 'object.propertyChange',
      objectTypeId: '0-1',
      portalId: 1234567,
      objectId: 501,
      propertyName: 'lifecyclestage',
      propertyValue: 'customer',
      occurredAt: 1795168500000,
    },
  ],
  answers: {
    200: {
      description: 'Stored.',
      schema: z.strictObject({ received: z.int() }),
      example: { received: 1 },
    },
  },
  refusals: [400, 503],
});
