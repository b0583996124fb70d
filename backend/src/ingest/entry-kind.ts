import type { QuestionKind } from '../referrals/apply-verdict.ts';
import { REVIEW_TRIGGER } from '../cards/review-requests-store.ts';
import { TOO_MANY_CONTACTS } from './company-triggers.ts';
import { CAPTURE_TRIGGER, type EntryState } from './entries-store.ts';
import { MATCH_TRIGGER } from './match-entries-store.ts';
import { EVENT_TRIGGER } from './record-event.ts';

/**
 * What an entry is about, which says what can be done with it. `question`: a decision that waits for a person's answer.
 * `capture`: something of a referral that was to be done in the CRM, with what its checks asked. `review_request`: a rep
 * asked. `company`: more people of one than are looked at by themselves. `decision`: nothing is asked.
 */
export type EntryKind =
  'question' | 'capture' | 'match' | 'event' | 'review_request' | 'company' | 'request' | 'decision';

/** What of an entry says what can be done with it. */
export type EntryTraits = {
  readonly state: EntryState;
  readonly reasonCode: string;
  readonly reviewKey: string | null;
  readonly triggerKind: string | null;
  /** Input and edits are gone once the person they name is erased. */
  readonly hasInput: boolean;
};

const BY_TRIGGER: Readonly<Record<string, EntryKind>> = {
  [CAPTURE_TRIGGER]: 'capture',
  [MATCH_TRIGGER]: 'match',
  [EVENT_TRIGGER]: 'event',
  [REVIEW_TRIGGER]: 'review_request',
  referral_request: 'request',
};

/** The beginnings of the keys of what decisions ask. */
const QUESTIONS: ReadonlySet<string> = new Set<QuestionKind>([
  'already_there',
  'several_referred_contacts',
  'denied_meets_rule',
  'record_gone',
  'left_after_issue',
]);

export function entryKind({ reviewKey, triggerKind }: Pick<EntryTraits, 'reviewKey' | 'triggerKind'>): EntryKind {
  const kind = triggerKind === null ? undefined : BY_TRIGGER[triggerKind];
  if (kind !== undefined) return kind;
  const [about = ''] = reviewKey?.split(':') ?? [];
  if (about === TOO_MANY_CONTACTS) return 'company';
  return QUESTIONS.has(about) ? 'question' : 'decision';
}

/** Of entries in review these are run again as failed ones are; a question is answered instead. */
const RETRIED_IN_REVIEW: ReadonlySet<EntryKind> = new Set(['capture', 'event', 'match', 'review_request']);
const RETRIED: ReadonlySet<EntryKind> = new Set([...RETRIED_IN_REVIEW, 'request']);

export function isRetryable(entry: EntryTraits): boolean {
  const kind = entryKind(entry);
  const open = entry.state === 'failed' ? RETRIED.has(kind) : entry.state === 'review' && RETRIED_IN_REVIEW.has(kind);
  return open && (entry.hasInput || kind === 'review_request');
}

/** These ask which one of several is meant: a yes does not say so. */
const ASKS_WHICH: ReadonlySet<string> = new Set([
  'match_several_people',
  'match_several_names',
  'advocate_ambiguous',
  'referral_ambiguous',
]);

export function asksWhich({ reasonCode }: Pick<EntryTraits, 'reasonCode'>): boolean {
  return ASKS_WHICH.has(reasonCode);
}

export function isApprovable(entry: EntryTraits): boolean {
  return entry.state === 'review' && entryKind(entry) !== 'decision' && !asksWhich(entry);
}

/** What a record says and nobody could make use of is put aside by a no, too, so that it is not tried for ever. */
export function isRejectable(entry: EntryTraits): boolean {
  const kind = entryKind(entry);
  return (entry.state === 'review' && kind !== 'decision') || (entry.state === 'failed' && kind === 'match');
}

const OF_PEOPLE = ['code', 'email', 'firstName', 'lastName', 'phone'] as const;

/** A capture and a request for review run on what the referral and the CRM say now: there is nothing to edit. */
export const EDITABLE: Readonly<Record<EntryKind, readonly string[]>> = {
  request: [...OF_PEOPLE, 'externalId'],
  event: [...OF_PEOPLE, 'referralId'],
  capture: [],
  match: [...OF_PEOPLE, 'referralId'],
  review_request: [],
  company: [],
  question: [],
  decision: [],
};
