import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

const page = { contentType: 'text/html' } as const;

export const openLink = defineEndpoint({
  operationId: 'openLink',
  method: 'get',
  path: '/r/:code',
  tag: 'Links',
  auth: 'none',
  summary: 'A friend opens a referral link',
  description:
    'Sends the friend on to the program’s landing page, or to its sign-up page where it has none, with `ref=<code>`. A person’s visit is counted and remembered in the first-party cookie `passalong_ref` for as long as the program says; previews, robots and fetching ahead are sent on and leave no trace.',
  params: z.strictObject({ code: z.string().meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }) }),
  answers: {
    302: { description: 'To the landing page or the sign-up page.' },
    404: {
      ...page,
      description: 'Nobody has this code, or the link rests.',
      example: '<h1>This link is not valid</h1>',
    },
    429: {
      ...page,
      description: 'Too many unknown codes came from this address. `Retry-After` says how long to wait.',
      example: '<h1>Too many tries</h1>',
    },
    503: { ...page, description: 'The database does not answer.', example: '<h1>We will be right back</h1>' },
  },
});

export const openLinkQrCode = defineEndpoint({
  operationId: 'openLinkQrCode',
  method: 'get',
  path: '/r/:code/qr.png',
  tag: 'Links',
  auth: 'none',
  summary: 'A referral link as QR code',
  description: 'A PNG of about 600 pixels, for a card, a slide or a flyer. Looking at it is no visit.',
  params: z.strictObject({ code: z.string().meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }) }),
  answers: {
    200: { description: 'The picture.', contentType: 'image/png', example: '(bytes)' },
    404: { ...page, description: 'Nobody has this code.', example: '<h1>This link is not valid</h1>' },
    429: {
      ...page,
      description: 'Too many unknown codes came from this address. `Retry-After` says how long to wait.',
      example: '<h1>Too many tries</h1>',
    },
    503: { ...page, description: 'The database does not answer.', example: '<h1>We will be right back</h1>' },
  },
});
