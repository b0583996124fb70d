import { DECISION_DEFAULTS } from '../../../shared/decision-settings.ts';
import { MATCHING_DEFAULTS, type MatchingSettings } from '../../../shared/matching-settings.ts';
import { claimsOf, type ClaimingRecord, type MatchingProgram } from '../../../backend/src/matching/match-claims.ts';
import type { FindingProgram } from '../../../backend/src/matching/match-findings.ts';
import {
  lookUpKey,
  NOTHING_FOUND,
  type FoundAdvocate,
  type FoundReferral,
  type LookUps,
} from '../../../backend/src/matching/match-look-ups.ts';
import type { AddressSeen, ContactToMatch } from '../../../backend/src/matching/match.ts';
import { normaliseEmail } from '../../../backend/src/referrals/email.ts';

/** Small makers for records, settings and what our tables say, so that a test shows only what matters to it. */
export const AT = '2026-11-02T09:00:00.000Z';

export function program(id: string, matching: Partial<MatchingSettings> = {}): MatchingProgram & FindingProgram {
  const settings = { ...MATCHING_DEFAULTS, ...matching };
  return { id, matching: settings, definition: { matching: settings, decisions: DECISION_DEFAULTS } };
}

export function referral(person: string, programId = 'A', advocate = 'ada'): FoundReferral {
  return { referralId: `ref_${person}_${programId}`, programId, advocateId: `adv_${advocate}`, personId: person };
}

export function advocate(name: string, programId = 'A'): FoundAdvocate {
  return { advocateId: `adv_${name}`, programId, personId: name, code: `code_${name}` };
}

export function found(input: Partial<LookUps>): LookUps {
  return { ...NOTHING_FOUND, ...input };
}

export type Keyed<T> = readonly [holds: Parameters<typeof lookUpKey>[0], programId: string, key: string, ...T[]];

export function keyed<T>(...rows: readonly Keyed<T>[]): Map<string, T[]> {
  return new Map(rows.map(([holds, programId, key, ...values]) => [lookUpKey(holds, programId, key), values]));
}

export function address(value: string, field = 'email'): AddressSeen {
  return { object: 'contact', recordId: '101', field, value, at: AT, key: normaliseEmail(value) };
}

export type ContactInput = {
  readonly programs?: readonly MatchingProgram[];
  readonly values?: Readonly<Record<string, string | null>>;
  readonly around?: readonly Omit<ClaimingRecord, 'at'>[];
  readonly email?: string;
  readonly otherEmails?: readonly string[];
  readonly referralId?: string;
  readonly name?: string;
};

export function contact(input: ContactInput): ContactToMatch {
  const itself: ClaimingRecord = { object: 'contact', recordId: '101', values: input.values ?? {}, at: AT };
  const around = (input.around ?? []).map((record) => ({ ...record, at: AT }));
  const { referralId } = input;
  return {
    recordId: '101',
    at: AT,
    referralId:
      referralId === undefined
        ? null
        : { object: 'contact', recordId: '101', field: 'our_referral_id', value: referralId, at: AT },
    email: input.email === undefined ? null : address(input.email),
    otherEmails: (input.otherEmails ?? []).map((value) => address(value, 'other_emails')),
    name: input.name ?? '',
    claims: claimsOf(input.programs ?? [], [itself, ...around]),
  };
}
