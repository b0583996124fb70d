import type { DecisionSettings } from '../../../shared/decision-settings.ts';
import type { MatchingSettings } from '../../../shared/matching-settings.ts';

/**
 * How sure a match is. `direct`: by an id, a code or a link, which somebody put there on purpose. `fuzzy`: by an e-mail
 * address or a telephone number. `unsure`: by a name, or by something that leads to several people. `unmatched`: the
 * record names a referral or an advocate nobody knows. `none`: it says nothing about anybody.
 */
export type MatchKind = 'direct' | 'fuzzy' | 'unsure' | 'unmatched' | 'none';

export type ProcessRules = Pick<MatchingSettings, 'directMatches' | 'fuzzyMatches' | 'unmatched'> &
  Pick<DecisionSettings, 'reviewDenied' | 'notifyReview'>;

export type Processing = {
  /** `process`: the match stands. `review`: a person says so first. `ignore`: it is kept and nothing happens. */
  readonly action: 'process' | 'review' | 'ignore' | 'none';
  /** What becomes of the denied referral it leads to, should a rule be met: that is not for matching to decide. */
  readonly denied: 'review' | 'as_decided';
  /** Whoever watches the program is told of the entry that this makes. */
  readonly notify: boolean;
};

/**
 * Process rules a, b and c (RR-39 to RR-41) as far as they meet d and e (RR-42, RR-43): a match that waits for a person
 * leaves the denied referral alone until then, and one that stands leaves it to rule d.
 */
export function processMatch(kind: MatchKind, rules: ProcessRules): Processing {
  const action = actionOf(kind, rules);
  const denied = action === 'process' && rules.reviewDenied ? 'review' : 'as_decided';
  return { action, denied, notify: action === 'review' && rules.notifyReview };
}

function actionOf(kind: MatchKind, rules: ProcessRules): Processing['action'] {
  switch (kind) {
    case 'direct':
      return rules.directMatches;
    case 'fuzzy':
      return rules.fuzzyMatches;
    case 'unsure':
      return 'review';
    case 'unmatched':
      return rules.unmatched;
    case 'none':
      return 'none';
  }
}
