import * as z from 'zod';
import { defineEndpoint, type EndpointAnswer } from './endpoint.ts';
import { programId } from './fields.ts';

const base = { tag: 'Pages', auth: 'none', params: z.strictObject({ programId }) } as const;

function pageAnswer(description: string, title: string): EndpointAnswer {
  return { description, contentType: 'text/html', example: `<h1>${title}</h1>` };
}

const unknownProgram = pageAnswer('There is no such published program.', 'This page does not exist');
const unavailable = pageAnswer(
  'The database does not answer. What was typed can be sent again.',
  'We will be right back',
);
const tooMany = pageAnswer('Too many tries from this address; see `Retry-After`.', 'Too many tries');
const posted = {
  413: pageAnswer('The form is too large.', 'That was too long'),
  415: pageAnswer('The body is not a web form.', 'That did not work'),
  429: tooMany,
  503: unavailable,
} as const;

export const openSignUp = defineEndpoint({
  ...base,
  operationId: 'openSignUp',
  method: 'get',
  path: '/p/:programId/sign-up',
  summary: 'A friend opens the sign-up page',
  description:
    'The form of the program’s page settings. Whose friend it is says `ref`, or else the cookie that a referral link left.',
  query: z.looseObject({
    ref: z
      .string()
      .optional()
      .meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }),
  }),
  answers: {
    200: pageAnswer('The form.', 'You have been invited'),
    404: pageAnswer(
      'No such published program, nobody’s invitation, or a link that rests.',
      'You need a personal link',
    ),
    429: tooMany,
    503: unavailable,
  },
});

export const signUp = defineEndpoint({
  ...base,
  operationId: 'signUp',
  method: 'post',
  path: '/p/:programId/sign-up',
  summary: 'A friend signs up',
  description:
    'Sent by the page’s own form as `application/x-www-form-urlencoded`: `firstName`, `lastName`, `email`, `phone`, `answer.<key>` for each question, `consent`, and what the form carries unseen. The answer is the same for those who were known before. Sending the same form again records nothing anew.',
  answers: {
    303: { description: 'To the page that says thanks.' },
    404: unknownProgram,
    422: pageAnswer('The form again, with what is to be mended.', 'You have been invited'),
    ...posted,
  },
});

export const signUpThanks = defineEndpoint({
  ...base,
  operationId: 'signUpThanks',
  method: 'get',
  path: '/p/:programId/sign-up/thanks',
  summary: 'After a sign-up',
  answers: { 200: pageAnswer('The program’s thanks.', 'Thank you'), 404: unknownProgram, 503: unavailable },
});

export const openJoin = defineEndpoint({
  ...base,
  operationId: 'openJoin',
  method: 'get',
  path: '/p/:programId/join',
  summary: 'Somebody opens the page to become an advocate',
  answers: {
    200: pageAnswer('The form.', 'Refer people you know'),
    404: pageAnswer('No such published program, or its join page is closed.', 'This page does not exist'),
    503: unavailable,
  },
});

export const join = defineEndpoint({
  ...base,
  operationId: 'join',
  method: 'post',
  path: '/p/:programId/join',
  summary: 'Somebody becomes an advocate',
  description:
    'Sent by the page’s own form as `application/x-www-form-urlencoded`: `firstName`, `lastName`, `email`, `consent`. The answer is the same for those who are advocates already.',
  answers: {
    303: { description: 'To the page with their link.' },
    404: pageAnswer('No such published program, or its join page is closed.', 'This page does not exist'),
    422: pageAnswer('The form again, with what is to be mended.', 'Refer people you know'),
    ...posted,
  },
});

export const joinDone = defineEndpoint({
  ...base,
  operationId: 'joinDone',
  method: 'get',
  path: '/p/:programId/join/done',
  summary: 'An advocate sees their link',
  query: z.looseObject({
    code: z
      .string()
      .optional()
      .meta({ description: 'Their code.', examples: ['k7m2x9qdwtz'] }),
  }),
  answers: {
    200: pageAnswer('Their personal link.', 'Your link is ready'),
    404: unknownProgram,
    429: tooMany,
    503: unavailable,
  },
});
