import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

const base = { tag: 'Salesforce' } as const;

function short(description: string, example: string) {
  return z
    .string()
    .max(4000)
    .optional()
    .meta({ description, examples: [example] });
}

export const startSalesforceInstall = defineEndpoint({
  ...base,
  operationId: 'startSalesforceInstall',
  method: 'get',
  path: '/salesforce/oauth/install',
  auth: 'none',
  summary: 'Begin connecting a Salesforce org',
  query: z.looseObject({
    login_url: short(
      'Where to sign in: `production` (the default), `sandbox`, or the My Domain of the org.',
      'https://acme.my.salesforce.com',
    ),
    join: short('The token of a join link.', 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'),
  }),
  answers: {
    200: {
      description: 'For a join link: which workspace it leads to, with a button that begins.',
      contentType: 'text/html',
      example: '<h1>Join your account to the workspace?</h1>',
    },
    302: { description: 'To Salesforce’s consent page.' },
  },
  refusals: [400, 422, 503],
});

export const finishSalesforceInstall = defineEndpoint({
  ...base,
  operationId: 'finishSalesforceInstall',
  method: 'get',
  path: '/salesforce/oauth/callback',
  auth: 'oauthState',
  summary: 'Salesforce sends the admin back here',
  description: 'Answers with a page for people, also when it went wrong.',
  // Loose: Salesforce may add parameters, and an install must not break on them.
  query: z.looseObject({
    code: short('The authorisation code.', 'aPrxsmIEeqM9'),
    state: short('What we gave Salesforce when the install began.', 'q1w2e3r4t5y6u7i8o9p0'),
    error: short('Why Salesforce granted nothing.', 'access_denied'),
    error_description: short('The same in words.', 'end-user denied authorization'),
  }),
  answers: {
    200: { description: 'Connected.', contentType: 'text/html', example: '<h1>Salesforce is connected</h1>' },
  },
  refusals: [400, 409, 503],
});
