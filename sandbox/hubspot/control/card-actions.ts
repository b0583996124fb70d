import type { CardAnswer } from '../cards/card-answer.ts';
import { cardFetch } from '../cards/card-fetch.ts';
import type { CardFetchInput } from '../cards/card-request.ts';
import { associationsForCard, propertiesForCard } from '../cards/record-for-card.ts';
import type { AssociationsQuery, AssociationsPage } from '../cards/record-for-card.ts';
import { existing } from './crm-user.ts';
import type { CrmUser, RecordName } from './crm-user.ts';

/** What HubSpot's record page does for the cards on it. */
export function cardActions(user: CrmUser) {
  const { world, portal } = user;
  return {
    /** the app proxy behind `hubspot.fetch`; answers what the card's `Response` is made of, also when it refuses */
    cardFetch: (input: CardFetchInput): Promise<CardAnswer> => cardFetch(world, portal, input),
    /** of `useCrmProperties`: texts or null; names nobody defined are null too. `*` means all */
    cardProperties(type: string, id: string, names: readonly string[] | '*'): Record<string, string | null> {
      return propertiesForCard(portal, existing(user, [type, id]), names);
    },
    /** of `useAssociations`: one page of the records joined with this one */
    cardAssociations: (name: RecordName, query: AssociationsQuery): AssociationsPage =>
      associationsForCard(portal, existing(user, name), query),
    /** what uploaded apps put on records of this account, by app */
    cards: () =>
      [...world.state.apps.values()]
        .filter(({ appId }) => world.state.installs.has(`${appId}:${portal.portalId}`))
        .flatMap(({ appId, name, cards }) => cards.map((card) => ({ appId, appName: name, ...card }))),
  };
}
