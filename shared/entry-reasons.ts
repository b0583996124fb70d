/** What an entry's reason code means, and what is left to do; null: nothing. docs/entries.md lists them all. */
export type EntryReason = { readonly meaning: string; readonly whatToDo: string | null };

const reason = (meaning: string, whatToDo: string | null = null): EntryReason => ({ meaning, whatToDo });

const ANSWER = 'Approve it or reject it.';
const ANSWER_OR_EDIT = 'Approve it or reject it; or retry it with the id of the right referral.';
const MEND_AND_RETRY = 'Mend it in the CRM, then retry.';

/** By reason code, in the order of the life of a referral. */
export const ENTRY_REASONS: Readonly<Record<string, EntryReason>> = {
  // Requests and events.
  referral_recorded: reason('A new referral was recorded.'),
  referral_repeated: reason('This advocate had referred this person already; nothing was added.'),
  already_referred: reason('Another advocate referred this person before; the first referral stands.'),
  self_referral: reason('An advocate tried to refer themselves.'),
  referral_code_unknown: reason(
    'No advocate of the program has the code that was sent.',
    'Edit the code, or leave it if nobody knows whose friend it was; then retry.',
  ),
  email_malformed: reason('The e-mail address is not valid.', 'Edit the address, then retry.'),
  advocate_paused: reason(
    'The advocate’s link rests: they left the list they were enrolled from.',
    'Put the advocate back on the list, then retry.',
  ),
  external_id_taken: reason(
    'Another referral of the program has that external id.',
    'Edit the external id, then retry.',
  ),
  event_noted: reason('Another platform’s event was noted for the referral.'),
  referral_unknown: reason('The event names a referral that does not exist.', 'Edit the referral id, then retry.'),
  friend_unknown: reason('Nobody with the event’s e-mail address was referred.', 'Edit the address, then retry.'),
  referral_ambiguous: reason(
    'Several referrals fit the event.',
    'Retry it with the id of the right one, or reject it.',
  ),
  program_unclear: reason('The code leads to no program, and the event names none.', 'Edit the code, then retry.'),

  // CRM records that name a referral or an advocate.
  match_found: reason('A field of the record says whose it is.'),
  match_by_id: reason(
    'The contact carries the id of a referral, and the program lets a person say yes.',
    ANSWER_OR_EDIT,
  ),
  match_by_address: reason(
    'An address or number of the contact is that of a friend, and the program lets a person say yes.',
    ANSWER_OR_EDIT,
  ),
  match_by_company: reason('The contact’s company names a referral.', ANSWER_OR_EDIT),
  match_by_phone: reason('A telephone number of the contact ends like that of a friend.', ANSWER_OR_EDIT),
  match_by_name: reason('The contact’s name is like that of a friend.', ANSWER_OR_EDIT),
  match_shared_mailbox: reason(
    'The contact shares an address with a friend who has a contact already.',
    ANSWER_OR_EDIT,
  ),
  match_several_people: reason(
    'What the contact says leads to several referrals.',
    'Retry it with the id of the right one, or reject it.',
  ),
  match_several_names: reason(
    'The contact’s name is like those of several friends.',
    'Retry it with the id of the right referral, or reject it.',
  ),
  match_confirmed: reason('A person said whose contact it is.'),
  match_overtaken: reason('The record says something else now, or it is known whose it is.'),
  match_unclear: reason(
    'Nothing says whose contact it is.',
    'Retry it with the id of a referral or the code of an advocate.',
  ),
  advocate_to_confirm: reason('The record names an advocate, and the program lets a person say yes.', ANSWER),
  advocate_ambiguous: reason(
    'The record names several advocates.',
    'Retry it with the code of the right one, or reject it.',
  ),
  advocate_unknown: reason(
    'The record names an advocate nobody knows.',
    'Mend the record in the CRM, or retry it with the advocate’s code.',
  ),
  contact_taken: reason('The contact stands for somebody else by now.'),
  person_erased: reason('Everything about the person was erased.'),

  // What a program does in the CRM when somebody is referred.
  existing_contact: reason(
    'The friend was in the CRM before they were referred.',
    'In review: approve it or reject it.',
  ),
  integrity: reason(
    'A check of the program found something about the referral.',
    'In review: approve it or reject it.',
  ),
  contact_of_another: reason('The CRM’s contact with this address is somebody else’s here.', MEND_AND_RETRY),
  contact_refused: reason('The CRM refused the friend’s contact.', MEND_AND_RETRY),
  fields_unwritable: reason(
    'The contact was written without some fields: the CRM does not have them, or lets nobody write them.',
    'Mend the fields in the CRM or take them out of the program’s maps, then retry.',
  ),
  several_open_deals: reason(
    'The friend has several open deals, so none was chosen.',
    'Put the referral’s id on the right deal or close the others, then approve.',
  ),
  deal_refused: reason('The CRM refused the referral’s deal.', MEND_AND_RETRY),
  capture_repeated: reason('A person had it tried again.'),

  // Decisions.
  rule_met: reason('A rule of the program is met, and the status rose.'),
  rule_not_met: reason('No rule of the program is met yet.'),
  status_stands: reason('The status is right as it stands.'),
  left_stage: reason('The rule that gave the status is not met any more, so it was taken back.'),
  override_denied: reason('The referral was denied and meets a rule; the program lets the CRM move it.'),
  denied_stays: reason('The referral is denied, and the program lets no rule change that.'),
  person_decided: reason('The rules say otherwise, and what a person decided stands.'),
  held_for_review: reason(
    'The referral waits for a person, and is not decided until then.',
    'Answer the open question.',
  ),
  rejected_by_person: reason('It would count, but a person decided that it does not.'),
  sale_value_missing: reason(
    'The status is reached, and the sale value the reward is a share of is missing.',
    'Fill in the value in the CRM: it is decided again by itself.',
  ),
  sale_value_unreadable: reason(
    'The status is reached, and the sale value is no amount of money, or records disagree.',
    'Mend the value in the CRM: it is decided again by itself.',
  ),
  rule_value_gone: reason(
    'A rule names a field, stage or option that the account does not have any more.',
    'Mend the rule or the account; what the rule would have met is decided then.',
  ),
  merged: reason('Two referrals of one person became one.'),
  erased: reason('The person was erased.'),

  // Questions.
  already_there: reason(
    'A rule is met by what stood in the CRM before the referral, or before the rules changed.',
    ANSWER,
  ),
  several_referred_contacts: reason('Several referred people are on the deal.', ANSWER),
  denied_meets_rule: reason('A denied referral meets a rule.', ANSWER),
  record_gone: reason('The record that gave the status is gone from the CRM.', ANSWER),
  left_after_issue: reason('The rule is not met any more, and the reward has been paid.', ANSWER),
  too_many_contacts: reason(
    'More people of one company were referred than the program looks at by itself.',
    'Approve it to look at all of them now, or reject it.',
  ),
  question_open: reason('It waits for the answer to a question that is open already.', 'Answer the open question.'),
  review_requested: reason(
    'A rep asked in a card for somebody to look at the referral.',
    'Mend what is wrong, then approve; or reject it if there is nothing to mend.',
  ),
  review_approved: reason('Somebody answered yes.'),
  review_rejected: reason('Somebody answered no.'),
  review_timed_out: reason('Nobody answered in time, and the program’s setting did.'),
  review_overtaken: reason('What was asked is settled by something else.'),
  review_done: reason('A person had the referral looked at again.'),

  // What a person decides by themselves.
  qualified_by_person: reason('A person decided that the referral is qualified.'),
  approved_by_person: reason('A person decided that the referral is approved.'),
  denied_by_person: reason('A person decided that the referral is denied.'),
  reopened_by_person: reason('A person gave the referral back to the rules.'),
};
