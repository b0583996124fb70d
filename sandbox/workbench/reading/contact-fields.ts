import type { Contact, HubSpotAccount } from './people.ts';

export interface ContactField {
  label: string;
  name: string;
  /** exactly as HubSpot holds it; empty when it was never set or was cleared */
  value: string;
  changedAtMs: number | null;
}

export interface ContactFields {
  advocate: ContactField[];
  friend: ContactField[];
}

const GROUP = 'passalong';
/** Which of the two tables a property belongs to; what is not about advocating is about having been referred. */
const OF_ADVOCATES =
  /^passalong_(referral_(link|code)|(referred|qualified|approved)_count|reward_\w+|last_referral_at|counted_at)$/;

/** The properties of Passalong's group, in the order HubSpot lists them. None before they were set up. */
export function contactFields(account: HubSpotAccount, contact: Contact | null): ContactFields {
  const fields = account
    .properties('contacts')
    .filter(({ groupName, archived }) => groupName === GROUP && !archived)
    .map(({ label, name }) => ({
      label,
      name,
      value: contact?.properties[name] ?? '',
      changedAtMs: contact?.history[name]?.at(-1)?.atMs ?? null,
    }));
  return {
    advocate: fields.filter(({ name }) => OF_ADVOCATES.test(name)),
    friend: fields.filter(({ name }) => !OF_ADVOCATES.test(name)),
  };
}
