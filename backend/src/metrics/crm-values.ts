import { REFERRER_DETAILS, type ReferrerDetail } from '../../../shared/capture-settings.ts';
import {
  CRM_FIELDS,
  crmOfField,
  DEAL_ADVOCATE_FIELD,
  DEAL_FIELDS,
  REFERRAL_FIELDS,
} from '../../../shared/crm-fields.ts';
import type { CrmFieldKey, CrmFieldType } from '../../../shared/crm-fields.ts';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import { formatMoney, shortestDecimal } from '../rewards/money.ts';
import { rewardStatusOf } from './advocate-metrics.ts';
import type { AdvocateMetrics } from './advocate-metrics.ts';
import { sourceNote } from './source-note.ts';

/**
 * Values of our own CRM fields, spelled as a CRM gives them back: `3`, `12.5`, `2026-11-03T10:00:00.000Z`; null is
 * empty. An absent key is not ours to say.
 */
export type CrmValues = Partial<Readonly<Record<CrmFieldKey | MappedKey, string | null>>>;

/** A field of the customer's own that a program's map writes: `field:<the CRM's name of it>`. */
export type MappedKey = `field:${string}`;

export function isMappedKey(key: string): key is MappedKey {
  return key.startsWith('field:');
}

export function mappedKey(field: string): MappedKey {
  return `field:${field}`;
}

export function mappedField(key: MappedKey): string {
  return key.slice('field:'.length);
}

/** Link and code are null until the person is enrolled; the currency is ISO 4217. */
export type AdvocateValuesInput = {
  readonly link: string | null;
  readonly code: string | null;
  readonly metrics: AdvocateMetrics;
  /** ISO 8601: when these numbers last changed. */
  readonly countedAt: string;
  readonly workspaceCurrency: string;
};

/** The person who referred, as shown on the friend's record. */
export type FriendsAdvocate = {
  readonly name: string | null;
  readonly email: string | null;
  readonly code: string | null;
  readonly phone?: string | null;
  /** The advocate's id in the customer's own system. */
  readonly externalId?: string | null;
  /** Of ours; leads to their record in the CRM. */
  readonly url: string;
};

/** One referral as its friend's record shows it. */
export type FriendValuesInput = {
  readonly referralId: string;
  readonly status: ReferralStatus;
  /** One plain sentence, from `shortReason`. */
  readonly reason: string | null;
  /** `erased`: a privacy deletion; everything that names the advocate is emptied on the friend's record too. */
  readonly advocate: FriendsAdvocate | 'erased';
  /** What of the advocate the program lets us say. (Default: everything) */
  readonly referrer?: readonly ReferrerDetail[];
  readonly programName: string;
  readonly source: string | null;
  /** What was said with the referral, where anything was. */
  readonly note: string | null;
  /** Of ours; leads to the referral's record in the CRM. */
  readonly url: string;
};

/** Every field of ours on any kind of record; no two have one key. */
const WRITTEN_FIELDS: readonly { readonly key: CrmFieldKey; readonly type: CrmFieldType }[] = [
  ...CRM_FIELDS,
  ...DEAL_FIELDS,
  DEAL_ADVOCATE_FIELD,
  ...REFERRAL_FIELDS,
];

/** HubSpot's limit for a text property. */
const MAX_TEXT = 65_536;
/** Salesforce's limit for a text field; names, reasons and codes stay under it in both CRMs. */
const MAX_SHORT_TEXT = 255;
const ELLIPSIS = '…';

/**
 * What an advocate's CRM record must say. The reward total holds the rewards in the workspace's currency; those in
 * another one are shown on the card, because adding them up would need a rate.
 */
export function advocateValues(input: AdvocateValuesInput): CrmValues {
  const { metrics, workspaceCurrency } = input;
  const total = formatMoney(metrics.totals[workspaceCurrency] ?? 0n, workspaceCurrency);
  return {
    referralLink: capText(input.link, MAX_TEXT),
    referralCode: capText(input.code, MAX_SHORT_TEXT),
    referredCount: String(metrics.referred),
    qualifiedCount: String(metrics.qualified),
    approvedCount: String(metrics.approved),
    rewardStatus: rewardStatusOf(metrics.rewards),
    rewardTotal: shortestDecimal(total),
    lastReferralAt: wholeSecond(metrics.lastReferralAt),
    countedAt: wholeSecond(input.countedAt),
  };
}

/** What a referred person's CRM record must say. */
export function friendValues(input: FriendValuesInput): CrmValues {
  return {
    referralId: input.referralId,
    referralStatus: input.status,
    statusReason: short(input.reason),
    ...referrerValues(input),
    program: short(input.programName),
    source: short(input.source),
    referralUrl: short(input.url),
  };
}

const REFERRER_KEYS = {
  name: 'referredByName',
  email: 'referredByEmail',
  code: 'referredByCode',
  phone: 'referredByPhone',
  externalId: 'referredByExternalId',
} as const satisfies Record<ReferrerDetail, CrmFieldKey>;

/** Whatever the program says: where it comes from (RR-20), and nothing about somebody erased. */
function referrerValues(input: FriendValuesInput): CrmValues {
  const { advocate, referrer = REFERRER_DETAILS } = input;
  const about = (details: readonly ReferrerDetail[], of: Partial<FriendsAdvocate>): CrmValues =>
    Object.fromEntries(details.map((detail) => [REFERRER_KEYS[detail], short(of[detail])]));
  if (advocate === 'erased') {
    // What was said with the referral may be about them, too.
    const note = sourceNote({ ...input, advocateName: null, note: null });
    return { ...about(REFERRER_DETAILS, {}), sourceNote: short(note), referredByUrl: null };
  }
  const advocateName = referrer.includes('name') ? advocate.name : null;
  return {
    ...about(referrer, advocate),
    sourceNote: short(sourceNote({ ...input, advocateName })),
    referredByUrl: short(advocate.url),
  };
}

function short(text: string | null | undefined): string | null {
  return capText(text, MAX_SHORT_TEXT);
}

/** Only the values one CRM has a field for; do this before comparing, or a field that is not there differs for ever. */
export function valuesForCrm(crm: 'hubspot' | 'salesforce', values: CrmValues): CrmValues {
  const kept = CRM_FIELDS.filter((field) => field[crm] !== null && values[field.key] !== undefined);
  const mapped = Object.keys(values).filter(isMappedKey);
  const keys = [...kept.map(({ key }) => key), ...mapped.filter((key) => crmOfField(mappedField(key)) === crm)];
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}

/**
 * The desired values that the record does not hold yet, which is all that is worth writing. A key that is absent from
 * `actual` was not read: it counts as different, so that emptying a field is never skipped on a guess.
 */
export function changedValues(desired: CrmValues, actual: CrmValues): CrmValues {
  const changed: Partial<Record<CrmFieldKey | MappedKey, string | null>> = {};
  for (const key of Object.keys(desired).filter(isMappedKey)) {
    const wanted = desired[key] ?? null;
    const held = actual[key];
    if (held === undefined || !sameMapped(wanted, held)) changed[key] = wanted;
  }
  for (const { key, type } of WRITTEN_FIELDS) {
    const wanted = desired[key];
    const held = actual[key];
    if (wanted === undefined) continue;
    if (held === undefined || !sameValue(type, wanted, held)) changed[key] = wanted;
  }
  return changed;
}

/** The customer chose the field, so its type is theirs: two spellings are one value when any type reads them so. */
function sameMapped(wanted: string | null, held: string | null): boolean {
  return sameValue('text', wanted, held) || sameValue('number', wanted, held) || sameValue('datetime', wanted, held);
}

/**
 * Whether two spellings are one value to a CRM: empty and null, `12.50` and `12.5`, an instant in any zone or as epoch
 * milliseconds, text up to the outer spaces that Salesforce drops. What cannot be read as its type is compared as text.
 */
export function sameValue(type: CrmFieldType, a: string | null, b: string | null): boolean {
  const left = a?.trim() ?? '';
  const right = b?.trim() ?? '';
  if (left === right) return true;
  if (left === '' || right === '') return false;
  if (type === 'number') return sameUnlessNull(shortestDecimal(left), shortestDecimal(right));
  if (type === 'datetime') return sameUnlessNull(crmInstantMs(left), crmInstantMs(right));
  return false;
}

const EPOCH_MS = /^-?\d{1,15}$/;
const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * The instant a CRM states, in epoch milliseconds: ISO 8601 with a zone (Salesforce writes `+0000`), a bare date
 * (midnight UTC, as HubSpot means it) or epoch milliseconds. Null for anything else: a time without zone is no instant.
 */
export function crmInstantMs(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  if (EPOCH_MS.test(trimmed)) return Number(trimmed);
  const match = ISO_INSTANT.exec(trimmed);
  if (match === null) return null;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const ms = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Text on one line, trimmed and at most `max` UTF-16 units with an ellipsis; null when nothing is left. */
export function capText(text: string | null | undefined, max: number): string | null {
  const line = (text ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (line.length <= max) return line === '' ? null : line;
  // Never cut a character in two: a lone surrogate is refused by both CRMs.
  const cut = line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()}${ELLIPSIS}`;
}

/** Whole seconds, because Salesforce keeps no more, and a value that comes back changed would be written for ever. */
function wholeSecond(instant: string | null): string | null {
  const ms = crmInstantMs(instant);
  return ms === null ? null : new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

function sameUnlessNull<T>(a: T | null, b: T | null): boolean {
  return a !== null && a === b;
}
