import { Refused, refusedBy, required } from './action.ts';
import type { Action } from './action.ts';

interface Recorded {
  referralId: string;
  created: boolean;
}

/** A friend fills in the form behind an advocate's link. */
export const signUp: Action = async (bench, given) => {
  const { program } = (await bench.viewer.view()).facts;
  if (!program) throw new Refused('There is no program yet.', {}, 503);
  const code = required(given, 'code', 'Choose the advocate who refers this friend.');
  const email = required(given, 'email', 'Enter an e-mail address.');
  const firstName = given['firstName']?.trim() || null;
  const lastName = given['lastName']?.trim() || null;
  const name = [firstName, lastName].filter(Boolean).join(' ') || email;
  try {
    const { referralId, created } = await bench.api.post<Recorded>(`/programs/${program.id}/referrals`, {
      code,
      email,
      firstName,
      lastName,
      source: 'form',
    });
    const message = created ? `${name} is signed up.` : `${name} was signed up before; nothing was added.`;
    return { message, choose: referralId };
  } catch (error) {
    throw refusedBy(error, { email: 'email', firstName: 'firstName', lastName: 'lastName', code: 'code' });
  }
};
