import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { currency, decimalAmount, entryId, programId, referralId, time } from './fields.ts';

/** Words that hold more than spaces. Written so that the published JSON Schema says the same as this check. */
function words(max: number): z.ZodString {
  return z.string().min(1).max(max).regex(/\S/, 'Must not be empty.').trim();
}

const type = z
  .string()
  .regex(/^[a-z][a-z0-9_.]{1,60}$/, 'Must be small letters, digits, underscores and dots, such as order.completed.')
  .meta({
    description: '`referral_created`, `referral_converted`, `order.completed`, or a word of your own.',
    examples: ['order.completed'],
  });

const referral = z
  .strictObject({
    referralId: referralId.optional(),
    code: words(64)
      .optional()
      .meta({ description: 'The advocate’s code.', examples: ['k7m2x9qdwtz'] }),
    email: words(320)
      .optional()
      .meta({
        description: 'The friend’s. One that is malformed is kept with the entry, to be mended.',
        examples: ['dana@example.com'],
      }),
    firstName: words(120)
      .optional()
      .meta({ examples: ['Dana'] }),
    lastName: words(120)
      .optional()
      .meta({ examples: ['Friend'] }),
    phone: words(40).optional(),
  })
  .meta({ description: 'Which referral it is about: its id, or who was referred.' });

const order = z.strictObject({
  id: words(200).meta({ description: 'The platform’s own id of the order.', examples: ['1001'] }),
  amount: decimalAmount,
  currency,
});

const MAX_DATA = 20;
const data = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,59}$/, 'Must be a plain name.'),
    z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  )
  .refine((given) => Object.keys(given).length <= MAX_DATA, `At most ${MAX_DATA} facts.`)
  .meta({
    description: `Anything else worth keeping with the entry: at most ${MAX_DATA} plain facts.`,
    maxProperties: MAX_DATA,
    examples: [{ shop: 'eu' }],
  });

type Shape = {
  readonly type: string;
  readonly referral: { readonly [field: string]: string | undefined };
  readonly order?: unknown;
};

/** What an event of a type must say. Stated once: the check and the published JSON Schema are both made from it. */
type Requirement = {
  readonly when: (type: string) => boolean;
  /** `when` in JSON Schema. */
  readonly schema: object;
  /** One of these fields of `referral`, or all of them. */
  readonly anyOf?: readonly string[];
  readonly allOf?: readonly string[];
  readonly order?: true;
  readonly words: string;
};

const CREATED = 'referral_created';
const ORDER_COMPLETED = 'order.completed';

const REQUIREMENTS: readonly Requirement[] = [
  {
    when: (given) => given === CREATED,
    schema: { const: CREATED },
    allOf: ['code', 'email'],
    words: 'A new referral needs the advocate’s code and the friend’s e-mail address.',
  },
  {
    when: (given) => given !== CREATED,
    schema: { not: { const: CREATED } },
    anyOf: ['referralId', 'email'],
    words: 'Give the id of the referral or the friend’s e-mail address: without one nobody can be recognised.',
  },
  {
    when: (given) => given === ORDER_COMPLETED,
    schema: { const: ORDER_COMPLETED },
    order: true,
    words: 'A completed order needs its id, amount and currency.',
  },
];

function requireFields(event: Shape, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message, input: event });
  for (const { when, anyOf, allOf = [], order: ordered, words: message } of REQUIREMENTS) {
    if (!when(event.type)) continue;
    for (const field of allOf) if (event.referral[field] === undefined) refuse(['referral', field], message);
    if (anyOf?.every((field) => event.referral[field] === undefined)) refuse(['referral', 'email'], message);
    if (ordered && event.order === undefined) refuse(['order'], message);
  }
}

/** The requirements as JSON Schema: `if` the type is this one, `then` these fields must be there. */
const CONDITIONS = REQUIREMENTS.map(({ schema, anyOf, allOf, order: ordered }) => ({
  if: { properties: { type: schema } },
  then: {
    ...(anyOf ? { properties: { referral: { anyOf: anyOf.map((field) => ({ required: [field] })) } } } : {}),
    ...(allOf ? { properties: { referral: { required: allOf } } } : {}),
    ...(ordered ? { required: ['order'] } : {}),
  },
}));

export const inboundEvent = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'Must be 1 to 200 visible ASCII characters.')
      .meta({
        description: 'The platform’s own id of the event: the same id and type again is the same event.',
        examples: ['evt_1001'],
      }),
    type,
    occurredAt: time,
    programId: programId.optional().meta({ description: 'May be left out where it follows from the referral.' }),
    referral,
    order: order.optional(),
    data: data.optional(),
  })
  .superRefine(requireFields)
  .meta({ id: 'InboundEvent', description: 'Something that happened on another platform.', allOf: CONDITIONS });

export type InboundEvent = z.output<typeof inboundEvent>;

const noted = z.strictObject({
  entryId,
  state: z.enum(['processed', 'ignored', 'failed', 'review']).meta({
    description:
      'Of the entry, as it is now. `failed`: nobody was recognised; edit and retry the entry. `review`: several referrals fit.',
  }),
  referralId: referralId.nullable(),
});
const example = {
  entryId: 'ent_m4n3b2v1c0x9z8l7k6j5',
  state: 'processed',
  referralId: 'ref_q1w2e3r4t5y6u7i8o9p0',
} as const;

export const createEvent = defineEndpoint({
  tag: 'Events',
  auth: 'apiKey',
  operationId: 'createEvent',
  method: 'post',
  path: '/api/v1/events',
  summary: 'Report what happened on another platform',
  description:
    '`referral_created` records a referral. Every other event is noted with the referral it belongs to, and changes no status by itself: rules decide.',
  body: inboundEvent,
  bodyExample: {
    id: 'evt_1001',
    type: 'order.completed',
    occurredAt: '2026-11-20T10:14:00.000Z',
    referral: { email: 'dana@example.com' },
    order: { id: '1001', amount: '120.00', currency: 'USD' },
  },
  answers: {
    201: { description: 'Kept; the entry says what became of it.', schema: noted, example },
    200: { description: 'Was kept before; nothing was added.', schema: noted, example },
  },
});
