import * as z from 'zod';
import { CAPTURE_DEFAULTS, FRIEND_MAP, MAP_SOURCES, REFERRER_DETAILS } from '../capture-settings.ts';
import { ENROLMENT_DEFAULTS, ADVOCATE_DETAILS, ADVOCATE_FACTS } from '../enrolment-settings.ts';

export const fieldName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Internal name of the CRM field, never its label.', examples: ['lifecyclestage'] });

const fixedValue = z.string().max(2000).meta({ description: 'As the CRM wants it: internal values, not labels.' });
const ANSWER_KEY = '[a-z][a-zA-Z0-9_]{0,39}';

/** A key of an answer or a detail, as it stands in requests and maps. */
export const answerKey = z
  .string()
  .regex(new RegExp(`^${ANSWER_KEY}$`), 'Must be letters, digits and underscores, beginning with a small letter.')
  .meta({ description: 'Key of an answer.', examples: ['companySize'] });

const mapSource = z
  .string()
  .regex(
    new RegExp(`^(friend|advocate)\\.${ANSWER_KEY}$|^(program|referral)\\.(name|key|id|source)$`),
    `Must be one of ${MAP_SOURCES.join(', ')}, or friend.<key> for an answer of the form.`,
  )
  .meta({
    description: `Where the value comes from: ${MAP_SOURCES.map((source) => `\`${source}\``).join(', ')}, or \`friend.<key>\` for an answer of the form.`,
    examples: ['advocate.name'],
  });

const captureLine = z
  .strictObject({
    field: fieldName,
    from: mapSource.nullable().default(null),
    value: fixedValue.nullable().default(null).meta({
      description: 'A fixed value; together with `from`, the default for when that is empty.',
    }),
    onExisting: z.enum(['inherit', 'never', 'fill_blank', 'overwrite']).default('inherit').meta({
      description: 'For a contact that was there before; `inherit` follows the duplicate policy.',
    }),
  })
  .refine((line) => line.from !== null || line.value !== null, {
    path: ['from'],
    message: 'Say where the value comes from, or give a fixed value.',
  });

const dealSettings = z.strictObject({
  policy: z.enum(['await', 'create', 'attach']).default('await').meta({
    description:
      '`await`: the sales team makes the deal. `create`: one deal per referral. `attach`: the friend’s open deal of the pipeline, else a new one.',
  }),
  pipelineId: z.string().min(1).max(100).nullable().default(null),
  stageId: z.string().min(1).max(100).nullable().default(null),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .default(CAPTURE_DEFAULTS.deal.name)
    .meta({ description: '`{friend}`, `{advocate}` and `{program}` are replaced.' }),
});

/** What happens in the CRM when a friend is referred. */
export const captureSettings = z
  .strictObject({
    enabled: z.boolean().default(true),
    in: z.enum(['both', 'hubspot', 'salesforce']).default('both').meta({
      description: 'Of a workspace with both CRMs: in which of them people are created.',
    }),
    personAs: z.enum(['contact', 'lead']).default('contact').meta({
      description: 'As what people are created in Salesforce; HubSpot has contacts only.',
    }),
    map: z
      .array(captureLine)
      .max(100)
      .default([...FRIEND_MAP]),
    referrer: z
      .array(z.enum(REFERRER_DETAILS))
      .max(REFERRER_DETAILS.length)
      .default([...REFERRER_DETAILS])
      .meta({ description: 'What a friend’s record says of the person who referred them.' }),
    duplicates: z
      .strictObject({
        policy: z.enum(['link', 'fill_blanks', 'overwrite_mapped', 'create_anyway', 'deny', 'review']).default('link'),
        graceMinutes: z.int().min(0).max(10_080).default(60).meta({
          description: 'With `deny`: a contact created at most this long before the referral is not held against it.',
        }),
      })
      .prefault({}),
    deal: dealSettings.prefault({}),
    owner: z
      .strictObject({
        policy: z.enum(['crm', 'advocate_owner', 'fixed']).default('crm'),
        ownerId: z
          .string()
          .regex(/^(\d{1,20}|005[0-9A-Za-z]{12}([0-9A-Za-z]{3})?)$/, 'Must be the CRM’s id of the owner.')
          .nullable()
          .default(null),
      })
      .prefault({}),
  })
  .meta({ description: 'What happens in the CRM when a friend is referred.' });

/** How contacts become advocates. */
export const enrolmentSettings = z
  .strictObject({
    enabled: z.boolean().default(true),
    mapIn: z
      .array(
        z.strictObject({
          field: fieldName,
          to: answerKey.meta({
            description: `One of ${ADVOCATE_DETAILS.join(', ')}, or a key of your own.`,
            examples: ['firstName'],
          }),
          default: fixedValue.min(1).nullable().default(null),
        }),
      )
      .max(50)
      .default([...ENROLMENT_DEFAULTS.mapIn]),
    mapOut: z
      .array(z.strictObject({ from: z.enum(ADVOCATE_FACTS), field: fieldName }))
      .max(30)
      .default([]),
    ownFields: z.boolean().default(false).meta({
      description: 'Gives the program CRM fields of its own, `passalong_<program key>_…`.',
    }),
    onLeave: z.enum(['keep', 'pause']).default('keep').meta({
      description: 'What happens to the link of somebody who leaves the list of an ongoing enrolment.',
    }),
    createContacts: z.boolean().default(true).meta({
      description: 'People who join by form or API become contacts of the CRM.',
    }),
    contactValues: z
      .array(z.strictObject({ field: fieldName, value: fixedValue.min(1) }))
      .max(50)
      .default([]),
  })
  .meta({ description: 'How contacts become advocates, and what is written back to them.' });
