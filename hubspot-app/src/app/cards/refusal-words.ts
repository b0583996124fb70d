export type Words = { readonly message: string; readonly remedy: string };
export type RefusalWords = Readonly<Record<string, Words>>;

const RELOAD = 'Reload the page and try again.';
const SOON = 'Try again in a moment.';
const CONNECT = 'Ask an admin to connect Passalong to HubSpot again.';
const SUPPORT = 'Reload the page and try again. If this stays, tell an admin the number of the request.';

/** By the code of the refusal. The service says it to developers and operators; a rep can only do what stands here. */
export const REFUSAL_WORDS: RefusalWords = {
  request_invalid: {
    message: 'Something in the form needs another look.',
    remedy: 'Correct what is marked or named here, then send again.',
  },
  email_malformed: {
    message: 'The e-mail address is not valid.',
    remedy: 'Correct the address, then send again.',
  },
  self_referral: {
    message: 'This address belongs to the contact who refers.',
    remedy: 'Enter the address of the person who was referred.',
  },
  already_referred: {
    message: 'Somebody else referred this person before.',
    remedy: 'There is nothing to do: the earlier referral stands.',
  },
  advocate_paused: {
    message: 'The link of this contact rests.',
    remedy: 'Put this contact back on the list it came from, then add the referral again.',
  },
  contact_not_enrolled: {
    message: 'This contact does not refer in this program yet.',
    remedy: 'Enrol the contact in the program first, then add the referral again.',
  },
  person_erased: {
    message: 'This person was erased on request.',
    remedy: 'If they want to take part again, make a new contact for them and enrol that one.',
  },
  program_not_published: {
    message: 'This program is not published.',
    remedy: 'Ask an admin to publish it, or choose another one.',
  },
  program_not_found: {
    message: 'This program is not there any more.',
    remedy: 'Reload the page, then choose another program.',
  },
  card_referral_not_found: {
    message: 'This referral is not on this contact any more.',
    remedy: 'Reload the page. If contacts were merged, open the one that is left.',
  },
  card_record_refused: {
    message: 'This record is not in this account.',
    remedy: 'Reload the page. If the record was deleted or merged, open the one that is left.',
  },
  card_account_refused: {
    message: 'This account is not connected to Passalong.',
    remedy: 'Ask an admin to connect it, then reload the page.',
  },
  crm_authorization_revoked: { message: 'Passalong may not read this HubSpot account any more.', remedy: CONNECT },
  crm_scope_missing: {
    message: 'Passalong lacks a permission in HubSpot.',
    remedy: 'Ask an admin to connect Passalong to HubSpot again and to grant what it asks for.',
  },
  crm_rate_limited: {
    message: 'HubSpot takes no more questions from Passalong right now.',
    remedy: 'Wait a minute, then try again.',
  },
  crm_unavailable: { message: 'HubSpot did not answer Passalong.', remedy: SOON },
  crm_rejected: { message: 'HubSpot refused what Passalong asked for.', remedy: SUPPORT },
  crm_app_misconfigured: {
    message: 'Passalong is not set up correctly for HubSpot.',
    remedy: 'Ask an admin to check how Passalong is set up.',
  },
  hubspot_not_configured: {
    message: 'Passalong is not set up for HubSpot yet.',
    remedy: 'Ask an admin to finish setting it up.',
  },
  idempotency_key_busy: { message: 'Passalong is still working on this.', remedy: SOON },
  idempotency_key_reused: { message: 'Passalong did not accept this.', remedy: 'Send it again.' },
  too_many_tries: { message: 'There were too many tries.', remedy: 'Wait a minute, then try again.' },
  signature_refused: {
    message: 'Passalong could not verify that this comes from HubSpot.',
    remedy: 'Reload the page. If this stays, ask an admin to check how Passalong is set up.',
  },
  database_unavailable: { message: 'Passalong is not reachable right now.', remedy: SOON },
  internal_error: { message: 'Something went wrong in Passalong.', remedy: SUPPORT },
  not_found: { message: 'This is not there any more.', remedy: RELOAD },
  body_not_json: { message: 'Passalong could not read what the card sent.', remedy: SUPPORT },
  media_type_unsupported: { message: 'Passalong could not read what the card sent.', remedy: SUPPORT },
  body_too_large: { message: 'This is too long to be sent.', remedy: 'Shorten the note, then send again.' },
};

/** An account that was connected before the app asked for companies lacks just this permission. */
export const COMPANY_WORDS: RefusalWords = {
  crm_scope_missing: {
    message: 'This card needs the permission to read companies.',
    remedy: 'Ask an admin to connect Passalong to HubSpot again, once.',
  },
};
