/** The public pages of a program: what friends and advocates see before anybody of the sales team knows them. */

/** A question of the sign-up form beyond name, e-mail and phone; its answer is `friend.<key>` in maps. */
export type PageQuestion = {
  readonly key: string;
  readonly label: string;
  readonly required: boolean;
  /** Empty: a line of text. */
  readonly options: readonly string[];
};

export type PageText = {
  readonly title: string;
  readonly intro: string;
  readonly button: string;
  readonly thanks: string;
};

export type PageSettings = {
  /** Shown at the top of the pages. Null: the program's name. */
  readonly brandName: string | null;
  /** `#rrggbb`. */
  readonly color: string;
  /** https only. */
  readonly logoUrl: string | null;
  readonly signUp: PageText;
  readonly join: PageText;
  /** Off: no join page; advocates come from the CRM or the API only. */
  readonly joinOpen: boolean;
  readonly questions: readonly PageQuestion[];
  /** With a text, people must agree to it; the text they saw is kept with the referral. */
  readonly consentText: string | null;
  readonly privacyUrl: string | null;
  /** How long after opening a link a sign-up still counts for its advocate. */
  readonly attributionDays: number;
  /** Origins, such as https://www.example.com, whose pages may use the program's form key. */
  readonly allowedOrigins: readonly string[];
};

export const PAGE_DEFAULTS: PageSettings = {
  brandName: null,
  color: '#1f5fbf',
  logoUrl: null,
  signUp: {
    title: 'You have been invited',
    intro: 'Leave your details and we will be in touch.',
    button: 'Sign up',
    thanks: 'Thank you. We have your details and will be in touch soon.',
  },
  join: {
    title: 'Refer people you know',
    intro: 'Get your own link, share it, and see what comes of it.',
    button: 'Get my link',
    thanks: 'Share this link with people you think we can help.',
  },
  joinOpen: true,
  questions: [],
  consentText: null,
  privacyUrl: null,
  attributionDays: 90,
  allowedOrigins: [],
};
