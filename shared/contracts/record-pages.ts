import * as z from 'zod';
import { defineEndpoint, type EndpointAnswer } from './endpoint.ts';

const page = { contentType: 'text/html' } as const;

const answers = {
  302: { description: 'To the record’s own page in Salesforce, which asks whoever comes to sign in.' },
  404: {
    ...page,
    description: 'Nothing to be seen has this id: it is unknown, erased, or not in Salesforce yet.',
    example: '<h1>This page does not exist</h1>',
  },
  429: {
    ...page,
    description: 'Too many unknown ids came from this address. `Retry-After` says how long to wait.',
    example: '<h1>Too many tries</h1>',
  },
  503: { ...page, description: 'The database does not answer.', example: '<h1>We will be right back</h1>' },
} as const satisfies Record<number, EndpointAnswer>;

const base = { method: 'get', tag: 'Links', auth: 'none', answers } as const;

export const openReferralRecord = defineEndpoint({
  ...base,
  operationId: 'openReferralRecord',
  path: '/go/referrals/:id',
  summary: 'Somebody opens the link to a referral on a friend’s record',
  description: 'Sends the browser on to our record of the referral in Salesforce.',
  params: z.strictObject({ id: z.string().meta({ description: 'Id of the referral.', examples: ['ref_1f0k'] }) }),
});

export const openAdvocateRecord = defineEndpoint({
  ...base,
  operationId: 'openAdvocateRecord',
  path: '/go/advocates/:id',
  summary: 'Somebody opens the link to an advocate on a friend’s record',
  description: 'Sends the browser on to the advocate’s contact or lead in Salesforce.',
  params: z.strictObject({ id: z.string().meta({ description: 'Id of the advocate.', examples: ['adv_1f0k'] }) }),
});
