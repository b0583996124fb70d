import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { connectionId } from './fields.ts';

/** What a CRM account offers to choose from, read from the CRM at each request: asking again is the refresh. */

const TRUNCATED = 'True when the account has more than are listed here.';

/** A whole list, up to a bound: pickers show it at once, and nobody turns pages. */
function choicesOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; truncated: z.ZodBoolean }, z.core.$strict> {
  return z.strictObject({ items: z.array(item), truncated: z.boolean().meta({ description: TRUNCATED }) });
}

const option = z.strictObject({ value: z.string(), label: z.string() });

const fieldChoice = z
  .strictObject({
    name: z.string().meta({ description: 'Internal name: what settings hold.', examples: ['lifecyclestage'] }),
    label: z.string().meta({ examples: ['Lifecycle Stage'] }),
    type: z.enum(['text', 'choice', 'boolean', 'number', 'date', 'datetime', 'other']),
    options: z.array(option).meta({ description: 'Internal values with their labels; of choices only.' }),
  })
  .meta({ id: 'CrmField', description: 'A property of the account.' });

const pipelineChoice = z
  .strictObject({
    id: z.string().meta({ examples: ['default'] }),
    label: z.string(),
    stages: z.array(
      z.strictObject({
        id: z.string().meta({ examples: ['closedwon'] }),
        label: z.string(),
        order: z.number().meta({ description: 'Its place: `at_or_after` counts a stage and those behind it.' }),
        won: z.boolean(),
        lost: z.boolean().meta({ description: 'Closed without a sale: never behind another stage.' }),
      }),
    ),
  })
  .meta({ id: 'CrmPipeline', description: 'A deal pipeline with its stages, in their order.' });

const listChoice = z
  .strictObject({
    id: z.string().meta({ examples: ['17'] }),
    name: z.string(),
    kind: z.enum(['static', 'active']).meta({ description: 'Active lists change by themselves.' }),
    size: z.int().nullable().meta({ description: 'Null when the CRM does not say.' }),
  })
  .meta({ id: 'CrmList', description: 'A list of contacts.' });

const ownerChoice = z
  .strictObject({ id: z.string().meta({ examples: ['71'] }), name: z.string(), email: z.string().nullable() })
  .meta({ id: 'CrmOwner', description: 'An active user who may own records.' });

const roleChoice = z
  .strictObject({
    id: z.string().meta({ description: 'What `decisions.primaryRole` holds.', examples: ['USER_DEFINED:36'] }),
    label: z.string(),
  })
  .meta({ id: 'CrmContactRole', description: 'A label that contacts may have on deals.' });

const base = {
  tag: 'Connections',
  auth: 'apiKey',
  method: 'get',
  params: z.strictObject({ connectionId }),
  refusals: [409, 502, 503],
} as const;
const live = 'Read from the CRM at this very request: ask again after a change there.';

export const listCrmFields = defineEndpoint({
  ...base,
  operationId: 'listCrmFields',
  path: '/api/v1/connections/:connectionId/fields',
  summary: 'The account’s properties',
  description: live,
  query: z.strictObject({
    object: z.enum(['contact', 'company', 'deal']).default('contact').meta({ description: 'Whose properties.' }),
  }),
  answers: {
    200: {
      description: 'Every live property, by label.',
      schema: choicesOf(fieldChoice),
      example: {
        items: [
          {
            name: 'lifecyclestage',
            label: 'Lifecycle Stage',
            type: 'choice',
            options: [{ value: 'customer', label: 'Customer' }],
          },
        ],
        truncated: false,
      },
    },
  },
});

export const listCrmPipelines = defineEndpoint({
  ...base,
  operationId: 'listCrmPipelines',
  path: '/api/v1/connections/:connectionId/pipelines',
  summary: 'The account’s deal pipelines and stages',
  description: live,
  answers: {
    200: {
      description: 'Every live pipeline.',
      schema: choicesOf(pipelineChoice),
      example: {
        items: [
          {
            id: 'default',
            label: 'Sales Pipeline',
            stages: [{ id: 'closedwon', label: 'Closed Won', order: 5, won: true, lost: false }],
          },
        ],
        truncated: false,
      },
    },
  },
});

export const listCrmLists = defineEndpoint({
  ...base,
  operationId: 'listCrmLists',
  path: '/api/v1/connections/:connectionId/lists',
  summary: 'The account’s lists of contacts',
  description: live,
  query: z.strictObject({
    query: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Part of the name.', examples: ['customers'] }),
  }),
  answers: {
    200: {
      description: 'Lists of contacts, by name.',
      schema: choicesOf(listChoice),
      example: { items: [{ id: '17', name: 'Happy customers', kind: 'active', size: 1200 }], truncated: false },
    },
  },
});

export const listCrmOwners = defineEndpoint({
  ...base,
  operationId: 'listCrmOwners',
  path: '/api/v1/connections/:connectionId/owners',
  summary: 'Who may own records of the account',
  description: live,
  answers: {
    200: {
      description: 'Active users, by name.',
      schema: choicesOf(ownerChoice),
      example: { items: [{ id: '71', name: 'Olga Owner', email: 'olga@example.com' }], truncated: false },
    },
  },
});

export const listCrmContactRoles = defineEndpoint({
  ...base,
  operationId: 'listCrmContactRoles',
  path: '/api/v1/connections/:connectionId/contact-roles',
  summary: 'What contacts may be to a deal',
  description: `The account’s association labels between deals and contacts. ${live}`,
  answers: {
    200: {
      description: 'Every label, by its words.',
      schema: choicesOf(roleChoice),
      example: { items: [{ id: 'USER_DEFINED:36', label: 'Decision maker' }], truncated: false },
    },
  },
});
