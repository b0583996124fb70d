import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { advocateId, friendEmail, personName, programId, referralId, time } from './fields.ts';
import {
  companyCardView,
  companyReferralPage,
  contactCardView,
  dealCardView,
  lineExample,
  referralPage,
} from './hubspot-card-views.ts';

const base = { tag: 'HubSpot cards', auth: 'hubspotCard' } as const;

const objectId = z
  .string()
  .regex(/^\d{1,20}$/, 'Must be the CRM’s own id of the record.')
  .meta({ description: 'The record the card is on, as the card says.', examples: ['501'] });

function appended(description: string, example: string) {
  return z.string().meta({ description: `${description} Appended by HubSpot, exactly once.`, examples: [example] });
}

/** The only part of a card's request that says who calls; the card itself never sends them. */
const signedQuery = {
  userId: appended('The HubSpot user.', '77'),
  portalId: appended('The account: the only thing that chooses the workspace.', '1234567'),
  userEmail: appended('The user’s e-mail address.', 'rep@example.com'),
  appId: appended('Our app.', '1160452'),
};
// Loose: HubSpot appends what it likes, and one more name is no reason to show nobody a card.
const query = z.looseObject(signedQuery);
const pagedQuery = z.looseObject({
  ...signedQuery,
  cursor: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .meta({
      description: 'The `nextCursor` of the page before.',
      examples: ['WyIyMDI2LTExLTIwVDEwOjE1OjAwLjAwMDAwMFoiLCJyZWZfcTF3MmUzIl0'],
    }),
});
const params = z.strictObject({ objectId });

const requestKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,100}$/, 'Must be 8 to 100 visible ASCII characters, such as a UUID.')
  .meta({
    description: 'The same for every repetition of one submission: HubSpot retries by itself.',
    examples: ['3f6c1a52-6f0e-4b8e-9b7c-0d2f1f6f3c11'],
  });
const note = z.string().trim().max(500).nullable().default(null).meta({ description: 'In the rep’s words.' });
const bodyKey = '3f6c1a52-6f0e-4b8e-9b7c-0d2f1f6f3c11';

const account = { status: 'connected', behind: false } as const;
const programs = [{ id: 'prg_4k7w0q9zt1m3x8c2v5b6', name: 'Customer referrals' }];
const asOf = '2026-11-20T10:15:00.000Z';
const emptyPage = { items: [], total: 0, nextCursor: null };

export const getContactCard = defineEndpoint({
  ...base,
  operationId: 'getContactCard',
  method: 'get',
  path: '/hubspot/contacts/:objectId/card',
  summary: 'Everything the card shows on a contact',
  params,
  query,
  answers: {
    200: {
      description: 'The card.',
      schema: contactCardView,
      example: {
        kind: 'contact',
        asOf,
        account,
        contact: lineExample.advocate,
        programs,
        advocacies: [],
        enrollable: programs,
        referrals: emptyPage,
        rewards: { items: [], total: 0 },
        referredBy: [],
        nextSteps: [{ code: 'enrol', text: 'Enrol this contact to give them a referral link.' }],
      },
    },
  },
});

export const listContactReferrals = defineEndpoint({
  ...base,
  operationId: 'listContactReferrals',
  method: 'get',
  path: '/hubspot/contacts/:objectId/referrals',
  summary: 'The next referrals of a contact',
  params,
  query: pagedQuery,
  answers: {
    200: {
      description: 'A page, newest first.',
      schema: referralPage,
      example: { items: [lineExample], total: 11, nextCursor: null },
    },
  },
});

const added = z.strictObject({ result: z.enum(['added', 'already_there']), referralId });

export const addSpokenReferral = defineEndpoint({
  ...base,
  operationId: 'addSpokenReferral',
  method: 'post',
  path: '/hubspot/contacts/:objectId/referrals',
  summary: 'Add somebody this contact spoke of',
  params,
  query,
  body: z.strictObject({
    requestKey,
    programId,
    email: friendEmail,
    firstName: personName.nullable().default(null),
    lastName: personName.nullable().default(null),
    phone: z
      .string()
      .trim()
      .min(3, 'At least 3 characters.')
      .max(40, 'At most 40 characters.')
      .nullable()
      .default(null),
    note,
  }),
  bodyExample: {
    requestKey: bodyKey,
    programId: programs[0]?.id,
    email: 'dana@example.com',
    firstName: 'Dana',
    lastName: 'Friend',
  },
  answers: {
    201: { description: 'Added.', schema: added, example: { result: 'added', referralId: lineExample.id } },
    200: {
      description: 'This contact had referred this person already; nothing was added.',
      schema: added,
      example: { result: 'already_there', referralId: lineExample.id },
    },
  },
});

const enrolled = z.strictObject({ result: z.enum(['enrolled', 'already_enrolled']), advocateId, link: z.url() });
const enrolledExample = {
  advocateId: 'adv_h2n8s4d6f1g3j5k7l9p0',
  link: 'https://refer.example.com/r/k7m2x9qdwtz',
};

export const enrolContact = defineEndpoint({
  ...base,
  operationId: 'enrolContact',
  method: 'post',
  path: '/hubspot/contacts/:objectId/advocate',
  summary: 'Give this contact a referral link',
  description: 'The contact is read from HubSpot first. Nobody is notified; the link is written to the contact.',
  params,
  query,
  body: z.strictObject({ requestKey, programId }),
  bodyExample: { requestKey: bodyKey, programId: programs[0]?.id },
  answers: {
    201: { description: 'Enrolled.', schema: enrolled, example: { result: 'enrolled', ...enrolledExample } },
    200: {
      description: 'Was enrolled already; nothing was added.',
      schema: enrolled,
      example: { result: 'already_enrolled', ...enrolledExample },
    },
  },
});

const asked = z.strictObject({ result: z.enum(['asked', 'already_asked']), askedAt: time });

export const askForReview = defineEndpoint({
  ...base,
  operationId: 'askForReview',
  method: 'post',
  path: '/hubspot/contacts/:objectId/referrals/:referralId/review',
  summary: 'Ask a colleague to look at a referral',
  description: 'Keeps an entry with the note, in the state review. The status of the referral stays as it is.',
  params: z.strictObject({ objectId, referralId }),
  query,
  body: z.strictObject({ requestKey, note }),
  bodyExample: { requestKey: bodyKey, note: 'She told me the contract was signed last week.' },
  answers: {
    201: { description: 'Asked.', schema: asked, example: { result: 'asked', askedAt: asOf } },
    200: {
      description: 'Somebody had asked already; nothing was added.',
      schema: asked,
      example: { result: 'already_asked', askedAt: asOf },
    },
  },
});

export const getDealCard = defineEndpoint({
  ...base,
  operationId: 'getDealCard',
  method: 'get',
  path: '/hubspot/deals/:objectId/card',
  summary: 'Everything the card shows on a deal',
  params,
  query,
  answers: {
    200: {
      description: 'The card.',
      schema: dealCardView,
      example: {
        kind: 'deal',
        asOf,
        account,
        programs,
        referrals: [{ referral: lineExample, progress: null, rewards: [] }],
        needsReview: false,
      },
    },
  },
});

export const getCompanyCard = defineEndpoint({
  ...base,
  operationId: 'getCompanyCard',
  method: 'get',
  path: '/hubspot/companies/:objectId/card',
  summary: 'Everything the card shows on a company',
  params,
  query,
  answers: {
    200: {
      description: 'The card.',
      schema: companyCardView,
      example: {
        kind: 'company',
        asOf,
        account,
        programs,
        advocates: 1,
        referred: 1,
        qualified: 1,
        approved: 0,
        received: 0,
        rewardTotals: [],
        referrals: { items: [{ ...lineExample, direction: 'made' }], total: 1, nextCursor: null },
      },
    },
  },
});

export const listCompanyReferrals = defineEndpoint({
  ...base,
  operationId: 'listCompanyReferrals',
  method: 'get',
  path: '/hubspot/companies/:objectId/referrals',
  summary: 'The next referrals of a company’s people',
  params,
  query: pagedQuery,
  answers: {
    200: {
      description: 'A page, newest first.',
      schema: companyReferralPage,
      example: { items: [{ ...lineExample, direction: 'made' }], total: 11, nextCursor: null },
    },
  },
});
