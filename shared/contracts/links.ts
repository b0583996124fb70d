import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const openLink = defineEndpoint({
  operationId: 'openLink',
  method: 'get',
  path: '/r/:code',
  tag: 'Links',
  auth: 'none',
  summary: 'A friend opens a referral link',
  description:
    'Remembers the code in a first-party cookie and sends the friend on to the landing page with `ref=<code>`.',
  params: z.strictObject({ code: z.string().meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }) }),
  answers: {
    302: { description: 'To the program’s landing page.' },
    404: {
      description: 'A page that says the link is not valid.',
      contentType: 'text/html',
      example: '<h1>Link not found</h1>',
    },
  },
});
