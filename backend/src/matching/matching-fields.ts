import type { MatchingSettings } from '../../../shared/matching-settings.ts';
import type { ClaimingObject } from './match-claims.ts';

type WithMatching = { readonly matching: MatchingSettings };

/** Whether anything but the link, our own referral id and the e-mail address is looked at. */
export function matchesByMore(definitions: readonly WithMatching[]): boolean {
  return definitions.some(({ matching }) => fieldsOfMatching(matching).length > 0 || matching.names.enabled);
}

/** Whether some program matches by what stands on records of this kind. */
export function matchesBy(definitions: readonly WithMatching[], object: ClaimingObject): boolean {
  return definitions.some(({ matching }) => fieldsOfMatching(matching).some((field) => field.object === object));
}

/** Whether names and telephone numbers of contacts are of use: to compare, or to add somebody. */
export function readsPeople(definitions: readonly WithMatching[]): boolean {
  return definitions.some(({ matching }) => matching.names.enabled || matching.member.length > 0);
}

/** Whether every program takes an e-mail address at its word, as most do: then nothing has to be looked up about it. */
export function takesEmails(definitions: readonly WithMatching[]): boolean {
  return definitions.every(({ matching }) => matching.email && matching.fuzzyMatches === 'process');
}

/** Whether every program takes an id at its word. */
export function takesIds(definitions: readonly WithMatching[]): boolean {
  return definitions.every(({ matching }) => matching.directMatches === 'process');
}

/** Every CRM field that says whose record it is. */
export function fieldsOfMatching(
  matching: MatchingSettings,
): readonly { readonly object: ClaimingObject; readonly field: string }[] {
  return [...matching.target, ...matching.additional, ...matching.member];
}
