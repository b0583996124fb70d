import type { ProgramObject } from '../../../shared/person-fields.ts';
import type {
  MatchField,
  MatchHolds,
  MatchingSettings,
  MemberField,
  MemberHolds,
} from '../../../shared/matching-settings.ts';
import { normaliseEmail } from '../referrals/email.ts';
import { normaliseReferralCode } from '../referrals/referral-code.ts';
import { phoneTail } from './phone-digits.ts';

export type ClaimingObject = ProgramObject;

/** One record whose fields may say whose contact this is: the contact itself, its company, a deal it is alone on. */
export type ClaimingRecord = {
  readonly object: ClaimingObject;
  readonly recordId: string;
  readonly values: Readonly<Record<string, string | null>>;
  /** The CRM's own time of the last change, ISO 8601. */
  readonly at: string;
};

/** A program as matching sees it. */
export type MatchingProgram = { readonly id: string; readonly matching: MatchingSettings };

/** Where something was read, and what stood there. */
export type SeenField = {
  readonly object: ClaimingObject;
  readonly recordId: string;
  readonly field: string;
  readonly value: string;
  readonly at: string;
};

type ClaimBase = SeenField & {
  readonly programId: string;
  /** The value in the form it is looked up by; null when it cannot be what the field should hold. */
  readonly key: string | null;
};

/** A field that is not empty and, by the settings, names a referral. */
export type ReferralClaim = ClaimBase & { readonly route: 'target' | 'additional'; readonly holds: MatchHolds };
/** A field that is not empty and, by the settings, names an advocate. */
export type MemberClaim = ClaimBase & { readonly route: 'member'; readonly holds: MemberHolds };
export type Claim = ReferralClaim | MemberClaim;

/** What these records say, by the settings of every program; the order of records and settings is kept. */
export function claimsOf(programs: readonly MatchingProgram[], records: readonly ClaimingRecord[]): Claim[] {
  return programs.flatMap(({ id, matching }) => [
    ...claimsBy({ programId: id, route: 'target', fields: matching.target }, records),
    ...claimsBy({ programId: id, route: 'additional', fields: matching.additional }, records),
    ...membersBy({ programId: id, fields: matching.member }, records),
  ]);
}

function claimsBy(
  by: { readonly programId: string; readonly route: ReferralClaim['route']; readonly fields: readonly MatchField[] },
  records: readonly ClaimingRecord[],
): ReferralClaim[] {
  const { programId, route } = by;
  return by.fields.flatMap((field) =>
    seenIn(field, records).map((seen) => ({
      ...seen,
      programId,
      route,
      holds: field.holds,
      key: claimKey(field.holds, seen.value),
    })),
  );
}

function membersBy(
  by: { readonly programId: string; readonly fields: readonly MemberField[] },
  records: readonly ClaimingRecord[],
): MemberClaim[] {
  return by.fields.flatMap((field) =>
    seenIn(field, records).map((seen) => ({
      ...seen,
      programId: by.programId,
      route: 'member' as const,
      holds: field.holds,
      key: claimKey(field.holds, seen.value),
    })),
  );
}

function seenIn(
  { object, field }: { readonly object: ClaimingObject; readonly field: string },
  records: readonly ClaimingRecord[],
): SeenField[] {
  return records.flatMap((record) => {
    if (record.object !== object || !Object.hasOwn(record.values, field)) return [];
    const value = record.values[field] ?? '';
    return value.trim() === '' ? [] : [{ object, recordId: record.recordId, field, value, at: record.at }];
  });
}

/** The form of a value by which it is looked up, or null when it cannot lead to anybody. */
export function claimKey(holds: MatchHolds | MemberHolds, value: string): string | null {
  switch (holds) {
    case 'referral_id':
    case 'external_id':
    case 'advocate_external_id':
      return value.trim();
    case 'friend_email':
    case 'advocate_email':
      return normaliseEmail(value);
    case 'friend_phone':
      return phoneTail(value) === null ? null : value.trim();
    case 'advocate_code':
      return normaliseReferralCode(value);
    case 'advocate_link':
      return codeOfLink(value);
  }
}

/** The code of a link, whatever address it is served at and whatever a newsletter hung on it. */
export function codeOfLink(link: string): string | null {
  const code = /\/r\/([^/?#\s]+)\/?(?:[?#]\S*)?$/.exec(link.trim())?.[1];
  return code === undefined ? null : normaliseReferralCode(code);
}
