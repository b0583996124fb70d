import * as z from 'zod';
import { PAGE_DEFAULTS, type PageText } from '../page-settings.ts';
import { answerKey } from './capture-settings.ts';

const httpsUrl = z.url({ protocol: /^https$/, error: 'Must be a full https address.' }).max(2000);

function pageText(defaults: PageText) {
  const text = (max: number, value: string) => z.string().trim().min(1).max(max).default(value);
  return z
    .strictObject({
      title: text(120, defaults.title),
      intro: text(1000, defaults.intro),
      button: text(40, defaults.button),
      thanks: text(1000, defaults.thanks),
    })
    .prefault({});
}

/** The public pages of a program. */
export const pageSettings = z
  .strictObject({
    brandName: z.string().trim().min(1).max(80).nullable().default(null),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'Must be a colour such as #1f5fbf.')
      .default(PAGE_DEFAULTS.color)
      .meta({ examples: ['#1f5fbf'] }),
    logoUrl: httpsUrl.nullable().default(null),
    signUp: pageText(PAGE_DEFAULTS.signUp),
    join: pageText(PAGE_DEFAULTS.join),
    joinOpen: z.boolean().default(true),
    questions: z
      .array(
        z.strictObject({
          key: answerKey,
          label: z.string().trim().min(1).max(200),
          required: z.boolean().default(false),
          options: z.array(z.string().trim().min(1).max(200)).max(50).default([]),
        }),
      )
      .max(20)
      .default([]),
    consentText: z.string().trim().min(1).max(2000).nullable().default(null),
    privacyUrl: httpsUrl.nullable().default(null),
    attributionDays: z.int().min(1).max(730).default(PAGE_DEFAULTS.attributionDays).meta({
      description: 'How long after opening a link a sign-up still counts for its advocate.',
    }),
    allowedOrigins: z
      .array(
        z
          .string()
          .max(300)
          .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'Must be an origin such as https://www.example.com.'),
      )
      .max(50)
      .default([])
      .meta({ description: 'Whose pages may use the program’s form key.' }),
  })
  .meta({ description: 'The public sign-up and join pages, and who may use the form key.' });
