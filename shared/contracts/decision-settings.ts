import * as z from 'zod';
import { DECISION_DEFAULTS } from '../decision-settings.ts';
import { INTEGRITY_DEFAULTS } from '../integrity-settings.ts';
import { MATCHING_DEFAULTS } from '../matching-settings.ts';
import { answerKey, fieldName } from './capture-settings.ts';

const object = z.enum(['contact', 'lead', 'company', 'deal']).meta({ description: 'Whose field it is.' });

const authority = z.enum(['either', 'hubspot', 'salesforce']).default('either');

export const decisionSettings = z
  .strictObject({
    alreadyMet: z.enum(['review', 'qualify', 'ignore']).default(DECISION_DEFAULTS.alreadyMet).meta({
      description: 'A rule met by what stood in the CRM before the referral, or before the rule was switched on.',
    }),
    severalContacts: z
      .enum(['review', 'exactly_one', 'primary', 'first_attribution'])
      .default(DECISION_DEFAULTS.severalContacts)
      .meta({ description: 'Whose deal it is when several of its contacts were referred in this program.' }),
    primaryRole: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .meta({
        description: 'Id of the association label that makes a contact the primary one.',
        examples: ['USER_DEFINED:36'],
      }),
    reviewDenied: z
      .boolean()
      .default(DECISION_DEFAULTS.reviewDenied)
      .meta({ description: 'A denied referral that meets a rule goes to review. Wins over `overrideDenied`.' }),
    overrideDenied: z
      .boolean()
      .default(DECISION_DEFAULTS.overrideDenied)
      .meta({ description: 'A change in the CRM may move a denied referral.' }),
    notifyReview: z
      .boolean()
      .default(DECISION_DEFAULTS.notifyReview)
      .meta({ description: 'New reviews are flagged for whoever is to be told of them.' }),
    reviewTimeout: z
      .strictObject({
        policy: z.enum(['stay', 'approve', 'deny']).default(DECISION_DEFAULTS.reviewTimeout.policy),
        afterDays: z.int().min(1).max(365).default(DECISION_DEFAULTS.reviewTimeout.afterDays),
      })
      .prefault({})
      .meta({ description: 'What becomes of a review nobody answers.' }),
    fieldUpdates: z
      .array(z.strictObject({ object, field: fieldName, to: answerKey }))
      .max(30)
      .default([])
      .meta({ description: 'Fields of the CRM that are copied to the referral after its status moved.' }),
    authority: z.strictObject({ person: authority, company: authority, deal: authority }).prefault({}).meta({
      description:
        'Of a workspace with both CRMs: which one is heard about a kind of record, where both have one of the friend’s.',
    }),
  })
  .meta({ description: 'What is decided where a rule alone does not settle it.' });

const matchField = z.strictObject({
  object,
  field: fieldName,
  holds: z.enum(['referral_id', 'external_id', 'friend_email', 'friend_phone']),
});

const memberField = z.strictObject({
  object,
  field: fieldName,
  holds: z.enum(['advocate_code', 'advocate_link', 'advocate_email', 'advocate_external_id']),
});

const share = z.number().min(0).max(1);

export const matchingSettings = z
  .strictObject({
    target: z.array(matchField).max(10).default([]).meta({ description: 'Fields that name the referral directly.' }),
    additional: z
      .array(matchField)
      .max(10)
      .default([])
      .meta({ description: 'Tried after the target fields and the e-mail address.' }),
    member: z
      .array(memberField)
      .max(10)
      .default([])
      .meta({ description: 'Fields that name the advocate, under whom a missing referral is added.' }),
    email: z.boolean().default(MATCHING_DEFAULTS.email).meta({ description: 'Match by exact e-mail address.' }),
    names: z
      .strictObject({
        enabled: z.boolean().default(MATCHING_DEFAULTS.names.enabled),
        threshold: share.default(MATCHING_DEFAULTS.names.threshold),
        margin: share.default(MATCHING_DEFAULTS.names.margin),
      })
      .prefault({})
      .meta({ description: 'Match by name; a likely match goes to review and never pays by itself.' }),
    contacts: z
      .enum(['record', 'company_contacts'])
      .default(MATCHING_DEFAULTS.contacts)
      .meta({ description: 'Whose referrals are looked at when a record changes.' }),
    maxContacts: z.int().min(1).max(500).default(MATCHING_DEFAULTS.maxContacts).meta({
      description: 'More people than this at one company go to review instead of being looked at.',
    }),
    directMatches: z.enum(['process', 'review']).default(MATCHING_DEFAULTS.directMatches),
    fuzzyMatches: z.enum(['process', 'review']).default(MATCHING_DEFAULTS.fuzzyMatches),
    unmatched: z.enum(['review', 'ignore']).default(MATCHING_DEFAULTS.unmatched).meta({
      description: 'A record that names a referral or an advocate nobody knows.',
    }),
  })
  .meta({ description: 'How a CRM record finds the referral or the advocate it belongs to.' });

const policy = z.enum(['allow', 'review', 'deny']);

export const integritySettings = z
  .strictObject({
    selfReferral: policy.default(INTEGRITY_DEFAULTS.selfReferral),
    sameCompany: policy.default(INTEGRITY_DEFAULTS.sameCompany),
    ownDeal: policy.default(INTEGRITY_DEFAULTS.ownDeal),
    existingCustomer: policy.default(INTEGRITY_DEFAULTS.existingCustomer),
    openDeal: policy.default(INTEGRITY_DEFAULTS.openDeal),
  })
  .meta({ description: 'What is done about referrals that may not be honest or new, from the CRM’s own data.' });
