import { accountOf } from '../record/account.ts';
import { Refused, required } from './action.ts';
import type { Action } from './action.ts';

/** Another user of the account sits down: changes carry their name, and cards see them. */
export const actAs: Action = (bench, given) => {
  const wanted = Number(required(given, 'user', 'Choose a user.'));
  const user = accountOf(bench).users.find(({ userId }) => userId === wanted);
  if (!user) throw new Refused('', { user: 'Choose a user from the list.' });
  bench.desk.userId = user.userId;
  return { message: `You are now ${user.firstName} ${user.lastName}. Cards are loaded anew.` };
};

/** As if the half hour of Passalong's access token were over. */
export const expireToken: Action = (bench) => {
  const { app } = accountOf(bench);
  if (!app) throw new Refused('No app is connected to this account.', {}, 409);
  bench.control.portal(bench.portalId).expireAccessTokens(app.appId);
  bench.switches.note('Passalong’s access token expired');
  return { message: 'The access token is over. The next call to HubSpot has to refresh it.' };
};
