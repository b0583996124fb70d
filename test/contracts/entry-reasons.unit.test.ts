import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Objection } from '../../backend/src/capture/objection.ts';
import type { QuestionKind, UnchangedReason } from '../../backend/src/referrals/apply-verdict.ts';
import type { ReferralCause } from '../../backend/src/referrals/referral-transitions.ts';
import type { WaitingReward } from '../../backend/src/rewards/earned-rewards.ts';
import { ENTRY_REASONS } from '../../shared/entry-reasons.ts';

const project = resolve(import.meta.dirname, '../..');
const source = join(project, 'backend/src');

/** Codes that come from types: the compiler asks for every one of them. */
const TYPED: Readonly<
  Record<
    | Exclude<UnchangedReason, 'needs_review'>
    | QuestionKind
    | ReferralCause
    | WaitingReward['because']
    | Objection['because'],
    true
  >
> = {
  rule_met: true,
  left_stage: true,
  override_denied: true,
  qualified_by_person: true,
  approved_by_person: true,
  denied_by_person: true,
  reopened_by_person: true,
  existing_contact: true,
  integrity: true,
  merged: true,
  erased: true,
  status_stands: true,
  rule_not_met: true,
  denied_stays: true,
  person_decided: true,
  held_for_review: true,
  rejected_by_person: true,
  already_there: true,
  several_referred_contacts: true,
  denied_meets_rule: true,
  record_gone: true,
  left_after_issue: true,
  sale_value_missing: true,
  sale_value_unreadable: true,
};

/** Where a code stands beside its name, in a choice, as the first of a pair, or as what a failure is called. */
const WRITTEN = [
  /(?:reasonCode|reason_code)['"]?\s*[:=]\s*(?:\w+ \? )?'([a-z_]+)'(?: : '([a-z_]+)')?/g,
  /\[\s*'(match_[a-z_]+)'/g,
  /\bfailed\(\s*'([a-z_]+)'/g,
  /timedOut \? '([a-z_]+)' : isYes \? '([a-z_]+)'/g,
  /isYes \? '[a-z_]+' : '(review_[a-z_]+)'/g,
  /plan\.do === 'taken' \? '([a-z_]+)' : '([a-z_]+)'/g,
  /(?:REVIEW_REQUESTED|TOO_MANY_CONTACTS) = '([a-z_]+)'/g,
];

function codesOfSource(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
  return new Set(
    WRITTEN.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...codes]) => codes)).filter(Boolean),
  );
}

test('every reason code of the source has a meaning, and none is left over (RR-31)', () => {
  const known = Object.keys(ENTRY_REASONS).sort();
  const used = [...new Set([...codesOfSource(), ...Object.keys(TYPED)])].sort();
  expect(used.length).toBeGreaterThan(50);
  expect(known).toEqual(used);
});

test('docs/entries.md lists every reason code with its meaning and what to do', () => {
  const [, text = ''] = readFileSync(join(project, 'docs/entries.md'), 'utf8').split('## Reasons');
  const rows = [...text.matchAll(/^\| `([a-z_]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, code, meaning, whatToDo]) => [
    code,
    meaning,
    whatToDo,
  ]);
  const reasons = Object.entries(ENTRY_REASONS).map(([code, { meaning, whatToDo }]) => [
    code,
    meaning,
    whatToDo ?? '–',
  ]);
  expect(rows).toEqual(reasons);
});

test('meanings and advice are whole sentences', () => {
  for (const { meaning, whatToDo } of Object.values(ENTRY_REASONS)) {
    for (const sentence of [meaning, whatToDo ?? 'Nothing.']) expect(sentence).toMatch(/^[A-Z].+\.$/);
  }
});
