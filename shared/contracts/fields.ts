import * as z from 'zod';

/** An id of ours, such as `ref_…`. Only its shape is checked here: whether it exists is another question. */
export function idOf(prefix: string, example: string): z.ZodString {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-zA-Z_-]{1,60}$`), `Must be an id that begins with "${prefix}_".`)
    .meta({ description: `Id of the kind \`${prefix}_…\`.`, examples: [example] });
}

export const programId = idOf('prg', 'prg_4k7w0q9zt1m3x8c2v5b6');
export const advocateId = idOf('adv', 'adv_h2n8s4d6f1g3j5k7l9p0');
export const referralId = idOf('ref', 'ref_q1w2e3r4t5y6u7i8o9p0');
export const rewardId = idOf('rwd', 'rwd_z1x2c3v4b5n6m7a8s9d0');
export const entryId = idOf('ent', 'ent_m4n3b2v1c0x9z8l7k6j5');
export const connectionId = idOf('con', 'con_a1s2d3f4g5h6j7k8l9q0');
export const personId = idOf('per', 'per_p0o9i8u7y6t5r4e3w2q1');

/** There was no year 0, and the database knows none. */
export const time = z.iso
  .datetime()
  .refine((given) => !given.startsWith('0000'), 'Must be of the year 1 or later.')
  .meta({ description: 'ISO 8601, UTC.', examples: ['2026-11-20T10:15:00.000Z'] });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Must be an ISO 4217 code such as USD.')
  .meta({ description: 'ISO 4217 code.', examples: ['USD'] });

export const decimalAmount = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,4})?$/, 'Must be a decimal string such as "25.00".')
  .meta({ description: 'Amount in major units, as a decimal string: never a float.', examples: ['25.00'] });

/** Any text: whether it is an address is decided where a mistyped one can be kept for a person to mend. */
export const friendEmail = z
  .string()
  .trim()
  .min(1, 'Must not be empty.')
  .max(320)
  .meta({
    description:
      'E-mail address. One that is malformed is refused with `email_malformed` and kept as an entry to mend.',
    examples: ['dana@example.com'],
  });

export const email = z
  .email('Must be an e-mail address.')
  .max(254)
  .meta({ description: 'E-mail address.', examples: ['dana@example.com'] });

export const personName = z
  .string()
  .trim()
  .min(1, 'Must not be empty.')
  .max(120, 'At most 120 characters.')
  .meta({ description: 'As the person writes it.', examples: ['Dana'] });

/** Page controls of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(25)
    .meta({ description: 'How many items at most (1–100).', examples: [25] }),
  cursor: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .meta({
      description: 'The `nextCursor` of the page before. Opaque: its inside may change.',
      examples: ['WyIyMDI2LTExLTIwVDEwOjE1OjAwLjAwMDAwMFoiLCJyZWZfcTF3MmUzIl0'],
    }),
};

/** A page of a list: newest first, stable while new items arrive. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; nextCursor: z.ZodNullable<z.ZodString> }, z.core.$strict> {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Ask again with `cursor` set to this; null on the last page.' }),
  });
}

/** What a person said beyond name and e-mail, by key. */
export const answers = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'Must be letters, digits and underscores, beginning with a small letter.'),
    z.string().trim().max(1000),
  )
  .refine((given) => Object.keys(given).length <= 30, 'At most 30 answers.')
  .default({})
  .meta({
    description: 'Answers to questions of your own, by key; the program’s maps may write them to the CRM.',
    examples: [{ companySize: '11-50' }],
  });

/** A customer's own id of a referral or an advocate, by which a field of the CRM may name it. */
export const externalId = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({
    description: 'Your own id of it, unique in the program; a field of the CRM may name it.',
    examples: ['A-1042'],
  });

/** What a visitor's form is told, whatever became of it: nothing about people who are known already. */
export const receivedAnswer = {
  description:
    'To a form key: received. Recorded, repeated, referred by somebody else before and self-referral are all answered alike; the entries tell them apart.',
  schema: z.strictObject({ received: z.literal(true) }),
  example: { received: true },
} as const;

export const consent = z
  .strictObject({ text: z.string().trim().min(1).max(2000), at: time })
  .nullable()
  .default(null)
  .meta({
    description: 'What the person agreed to, in the words they saw, and when.',
    examples: [{ text: 'You may write to me about this.', at: '2026-11-20T10:15:00.000Z' }],
  });
