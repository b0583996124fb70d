import * as z from 'zod';
import { CAPTURE_DEFAULTS, FRIEND_MAP, REFERRER_DETAILS } from '../capture-settings.ts';
import { DECISION_DEFAULTS } from '../decision-settings.ts';
import { ENROLMENT_DEFAULTS } from '../enrolment-settings.ts';
import { INTEGRITY_DEFAULTS } from '../integrity-settings.ts';
import { MATCHING_DEFAULTS } from '../matching-settings.ts';
import { PAGE_DEFAULTS } from '../page-settings.ts';
import { captureSettings, enrolmentSettings, fieldName } from './capture-settings.ts';
import { decisionSettings, integritySettings, matchingSettings } from './decision-settings.ts';
import { currency, decimalAmount } from './fields.ts';
import { pageSettings } from './page-settings.ts';

const ruleStatus = z
  .enum(['qualified', 'approved'])
  .meta({ description: 'The status a referral reaches when the rule is met.' });

const values = z
  .array(z.string().min(1).max(500))
  .min(1, 'Name at least one value.')
  .max(100)
  .meta({ description: 'Internal values; any one of them meets the rule.', examples: [['customer']] });

/** Absent ids are given by the service; given ids are kept, because history hangs on them. */
function ruleId(prefix: string): z.ZodOptional<z.ZodString> {
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}_[0-9a-zA-Z_-]{1,60}$`),
      `Must begin with "${prefix}_"; leave it out to get a new one.`,
    )
    .optional();
}

const operator = z.enum(['any_of', 'at_least', 'at_or_after']).default('any_of').meta({
  description:
    '`any_of`: the field holds one of the values. `at_least`: it holds a number at or above the one value. `at_or_after`: a deal has reached the stage, or a later one that is not lost.',
});

const ruleBase = {
  id: ruleId('rul'),
  status: ruleStatus,
  enabled: z.boolean().default(true),
  priority: z.int().min(1).max(1000).default(100).meta({
    description: 'Of several rules that give one status, the lowest number decides.',
  }),
  operator,
  values,
};

const stages = z.array(z.string().min(1).max(100)).max(200);

const qualificationRule = z
  .discriminatedUnion('object', [
    z.strictObject({ ...ruleBase, object: z.literal('contact'), field: fieldName }),
    z.strictObject({ ...ruleBase, object: z.literal('lead'), field: fieldName }),
    z.strictObject({ ...ruleBase, object: z.literal('company'), field: fieldName }),
    z.strictObject({
      ...ruleBase,
      object: z.literal('deal'),
      field: fieldName.default('dealstage'),
      pipelineId: z
        .string()
        .min(1)
        .max(100)
        .nullable()
        .default(null)
        .meta({ description: 'Id of the pipeline, never its label; only for a rule on the stage.' }),
      stages: z
        .strictObject({ reached: stages, kept: stages, known: stages.optional() })
        .optional()
        .meta({
          description:
            'Written by the service from the order of the pipeline; what is sent is replaced. `reached`: meets the rule. ' +
            '`kept`: a deal that went on from there still meets it. `known`: all stages there were; a deal in one that was ' +
            'added since keeps what it reached until the program is published again.',
        }),
    }),
  ])
  .meta({
    description:
      'Met by the friend’s contact, their lead (Salesforce), the company of that contact, or one of their deals. Fields go by the names of the CRM they are in.',
  });

const rewardBase = {
  id: ruleId('rwr'),
  recipient: z.literal('advocate').default('advocate'),
  onStatus: ruleStatus,
  approval: z
    .enum(['manual', 'automatic'])
    .default('manual')
    .meta({ description: 'Manual: somebody approves each reward. Automatic: approved as soon as it is earned.' }),
};

const rewardRule = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...rewardBase, kind: z.literal('fixed'), amount: decimalAmount, currency }),
    z.strictObject({
      ...rewardBase,
      kind: z.literal('percent'),
      percent: z
        .string()
        .regex(/^\d{1,3}(\.\d{1,4})?$/, 'Must be a decimal string such as "12.5".')
        .meta({ description: 'Above 0, at most 100.', examples: ['10'] }),
      saleValue: z.strictObject({ object: z.enum(['contact', 'deal']), field: fieldName }).meta({
        description: 'Where the sale value is read: of a deal only if a deal rule qualifies, likewise contact.',
      }),
    }),
  ])
  .meta({ description: 'What the advocate earns when a referral reaches a status.' });

export const programDefinitionFields = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .meta({ description: 'For people.', examples: ['Partner referrals'] }),
  landingUrl: z
    .url({ protocol: /^https?$/, error: 'Must be a full http(s) address.' })
    .max(2000)
    .nullable()
    .default(null)
    .meta({
      description: 'Where a friend who opens a link is sent; null: to the program’s own sign-up page.',
      examples: ['https://example.com/welcome'],
    }),
  rules: z.array(qualificationRule).max(50).default([]),
  rewardRules: z.array(rewardRule).max(20).default([]),
  enrolment: enrolmentSettings.prefault({}),
  capture: captureSettings.prefault({}),
  page: pageSettings.prefault({}),
  decisions: decisionSettings.prefault({}),
  matching: matchingSettings.prefault({}),
  integrity: integritySettings.prefault({}),
};

/** A program's settings as somebody sends them. */
export const programDraft = z
  .strictObject(programDefinitionFields)
  .meta({ id: 'ProgramDefinition', description: 'What revops configure.' });

export type ProgramDraft = z.output<typeof programDraft>;

export const programDraftExample = {
  name: 'Partner referrals',
  landingUrl: 'https://example.com/welcome',
  rules: [
    {
      id: 'rul_lead',
      status: 'qualified',
      enabled: true,
      priority: 100,
      operator: 'any_of',
      object: 'contact',
      field: 'lifecyclestage',
      values: ['opportunity'],
    },
    {
      id: 'rul_won',
      status: 'approved',
      enabled: true,
      priority: 100,
      operator: 'at_or_after',
      object: 'deal',
      field: 'dealstage',
      pipelineId: 'default',
      values: ['closedwon'],
    },
  ],
  rewardRules: [
    {
      id: 'rwr_ten',
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'percent',
      percent: '10',
      saleValue: { object: 'deal', field: 'amount' },
    },
  ],
  enrolment: { ...ENROLMENT_DEFAULTS, mapIn: [...ENROLMENT_DEFAULTS.mapIn], mapOut: [], contactValues: [] },
  capture: {
    ...CAPTURE_DEFAULTS,
    referrer: [...REFERRER_DETAILS],
    map: [
      ...FRIEND_MAP,
      { field: 'lifecyclestage', from: null, value: 'lead', onExisting: 'never' },
      { field: 'referred_by', from: 'advocate.name', value: null, onExisting: 'fill_blank' },
    ],
  },
  page: {
    ...PAGE_DEFAULTS,
    questions: [{ key: 'companySize', label: 'How many people work with you?', required: false, options: [] }],
    allowedOrigins: ['https://www.example.com'],
  },
  decisions: { ...DECISION_DEFAULTS, fieldUpdates: [{ object: 'deal', field: 'amount', to: 'saleValue' }] },
  matching: {
    ...MATCHING_DEFAULTS,
    target: [],
    additional: [],
    member: [{ object: 'contact', field: 'referred_by_code', holds: 'advocate_code' }],
  },
  integrity: { ...INTEGRITY_DEFAULTS },
} satisfies ProgramDraft;
