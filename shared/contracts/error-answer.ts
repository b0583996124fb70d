import * as z from 'zod';

export const fieldProblem = z
  .looseObject({
    path: z.string().meta({ description: 'Where in the request: `rewardRules.0.saleValue`, `query.limit`.' }),
    message: z.string().meta({ description: 'What is wrong, in plain words.' }),
  })
  .meta({ id: 'FieldProblem', description: 'One field that was refused.' });

/** Every refusal of every endpoint. Facts such as `fields` or `entryId` stand beside the four promised members. */
export const errorAnswer = z
  .strictObject({
    error: z.looseObject({
      code: z.string().meta({ description: 'Stable; listed in docs/errors.md.', examples: ['not_found'] }),
      message: z.string().meta({ description: 'What happened, in plain words.' }),
      remedy: z.string().meta({ description: 'What to do about it.' }),
      requestId: z.string().meta({ description: 'Also in the X-Request-Id header and in our log.' }),
      fields: z.array(fieldProblem).optional(),
    }),
  })
  .meta({
    id: 'Error',
    description: 'Why a request was refused.',
    examples: [
      {
        error: {
          code: 'not_found',
          message: 'There is no referral ref_q1w2e3r4t5y6u7i8o9p0 in this workspace.',
          remedy: 'Check the id, and that the API key belongs to the workspace that owns it.',
          requestId: 'req_5d0f1c9a7b3e',
        },
      },
    ],
  });
