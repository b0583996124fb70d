import { entryKind, type EntryTraits } from './entry-kind.ts';

/** By the first part of the question's key, or by the entry's reason. Yes is always what approving does. */
const QUESTIONS: Readonly<Record<string, string>> = {
  already_there: 'This was so before the referral, or before its rules changed. Does it count all the same?',
  several_referred_contacts: 'Several referred people are on one deal. Does it count for this referral?',
  denied_meets_rule: 'The referral was denied, and now it meets a rule. Is it to be accepted after all?',
  record_gone: 'The record that gave the status is gone from the CRM. Does the status stand all the same?',
  left_after_issue: 'The rule is not met any more, and the reward has been paid. Does the status stand all the same?',
  too_many_contacts:
    'More people of this company were referred than the program looks at by itself. Are all of them to be looked at now?',
  existing_contact: 'The friend was in the CRM before they were referred. Does the referral count all the same?',
  integrity: 'A check of the program found something about this referral. Does it count all the same?',
  several_open_deals:
    'The friend has several open deals. Is one of them marked or the others closed, so that it can be looked for again?',
  member: 'The record names an advocate. Is the referral to be added under the one it names?',
  unmatched: 'What the record names was not known here. Is it known by now, so that it can be tried again?',
  review_requested: 'A rep asked for a review. Is everything mended, so that the referral can be decided again?',
};

/** No yes answers these, so they are asked in another way than the rest of their kind. */
const WHICH: Readonly<Record<string, string>> = {
  referral_ambiguous: 'Several referrals fit this event. Which one does it belong to?',
  match_several_people: 'What this record says leads to several referrals. Which one does it belong to?',
  match_several_names: 'The name on this record is like those of several friends. Which one is it, if any?',
  advocate_ambiguous: 'The record names several advocates. Which one is meant?',
};

const OF_MATCH = 'This record may belong to the referral that was found. Does it?';
const OF_ANYTHING = 'A person has to look at this. Is it to go on?';

/** What a person is asked, in plain words; null of an entry that never asked anything. `asked`: its reason when it did. */
export function reviewQuestion(entry: EntryTraits, asked: string | null): string | null {
  const kind = entryKind(entry);
  if (kind === 'decision' || (entry.state !== 'review' && asked === null && kind !== 'question')) return null;
  const reason = asked ?? entry.reasonCode;
  const byKey = WHICH[reason] ?? QUESTIONS[entry.reviewKey?.split(':')[0] ?? ''];
  return byKey ?? QUESTIONS[reason] ?? (kind === 'match' ? OF_MATCH : OF_ANYTHING);
}
