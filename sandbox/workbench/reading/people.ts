import type { Control } from '../../hubspot/local-hubspot.ts';
import { nameOf } from './service-answers.ts';
import type { Referral } from './service-answers.ts';

export type HubSpotAccount = ReturnType<Control['portal']>;
export type Contact = NonNullable<ReturnType<HubSpotAccount['get']>>;

export interface Person {
  /** what the page calls this person: a contact id, or the id of the referral that brought a friend */
  key: string;
  name: string;
  email: string;
  /** null while HubSpot has no contact with this address */
  contact: Contact | null;
}

export interface Advocate extends Person {
  contact: Contact;
  code: string;
  link: string;
}

export interface Friend extends Person {
  referralId: string;
  status: string;
  statusReason: string;
}

const MOST_ADVOCATES = 50;

/** Everybody whose contact carries a referral code: exactly those HubSpot's users can see as advocates. */
export function advocatesOf(account: HubSpotAccount): Advocate[] {
  const advocates: Advocate[] = [];
  for (const id of account.ids('contacts')) {
    const contact = account.get('contacts', id);
    const code = contact?.properties['passalong_referral_code'];
    if (!contact || !code) continue;
    const link = contact.properties['passalong_referral_link'] ?? '';
    advocates.push({ key: id, ...namesOf(contact), contact, code, link });
    if (advocates.length >= MOST_ADVOCATES) break;
  }
  return advocates;
}

export function friendsOf(account: HubSpotAccount, referrals: readonly Referral[]): Friend[] {
  return referrals.map(({ id, friend, status, statusReason }) => {
    const email = friend.email ?? '';
    const contact = email === '' ? undefined : account.find('contacts', 'email', email.toLowerCase())[0];
    return {
      key: id,
      referralId: id,
      name: nameOf(friend),
      email,
      contact: contact && !contact.archived ? contact : null,
      status,
      statusReason,
    };
  });
}

function namesOf({ properties }: Contact): Pick<Person, 'name' | 'email'> {
  const email = properties['email'] ?? '';
  const name = [properties['firstname'], properties['lastname']].filter(Boolean).join(' ');
  return { name: name || email || 'Contact without a name', email };
}
