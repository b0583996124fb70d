import * as contracts from '../../../../shared/contracts/hubspot-cards.ts';
import type { CardUseCases } from '../api.ts';
import { pageAnswer, readPage } from '../cursor.ts';
import { cardRoute, type CardRoute } from '../mount-card-route.ts';

/** A screen of a card: more is asked for page by page. */
const PAGE_SIZE = 10;

/** What the cards on HubSpot records show and do. */
export function hubspotCardRoutes(cards: CardUseCases): readonly CardRoute[] {
  return [...cardViewRoutes(cards), ...cardActionRoutes(cards)];
}

function cardViewRoutes(cards: CardUseCases): readonly CardRoute[] {
  return [
    cardRoute(contracts.getContactCard, async ({ call, params }) => ({
      status: 200,
      body: await cards.contactCard(call, params.objectId),
    })),
    cardRoute(contracts.listContactReferrals, async ({ call, params, query }) => {
      const { after } = readPage({ limit: PAGE_SIZE, cursor: query.cursor }, 'newest');
      const { page, total } = await cards.contactReferrals(call, params.objectId, after);
      return { status: 200, body: { ...pageAnswer(page), total } };
    }),
    cardRoute(contracts.getDealCard, async ({ call, params }) => ({
      status: 200,
      body: await cards.dealCard(call, params.objectId),
    })),
    cardRoute(contracts.getCompanyCard, async ({ call, params }) => ({
      status: 200,
      body: await cards.companyCard(call, params.objectId),
    })),
    cardRoute(contracts.listCompanyReferrals, async ({ call, params, query }) => {
      const { after } = readPage({ limit: PAGE_SIZE, cursor: query.cursor }, 'newest');
      const { page, total } = await cards.companyReferrals(call, params.objectId, after);
      return { status: 200, body: { ...pageAnswer(page), total } };
    }),
  ];
}

function cardActionRoutes(cards: CardUseCases): readonly CardRoute[] {
  return [
    cardRoute(contracts.addSpokenReferral, async ({ call, params, body: { requestKey: _key, note, ...friend } }) => {
      const spoken = { contactId: params.objectId, ...friend, note: emptyToNull(note) };
      const done = await cards.addSpokenReferral(call, spoken);
      return { status: done.result === 'added' ? 201 : 200, body: done };
    }),
    cardRoute(contracts.enrolContact, async ({ call, params, body }) => {
      const done = await cards.enrolContact(call, { contactId: params.objectId, programId: body.programId });
      return { status: done.result === 'enrolled' ? 201 : 200, body: done };
    }),
    cardRoute(contracts.askForReview, async ({ call, params, body }) => {
      const asked = { contactId: params.objectId, referralId: params.referralId, note: emptyToNull(body.note) };
      const done = await cards.askForReview(call, asked);
      return { status: done.result === 'asked' ? 201 : 200, body: done };
    }),
  ];
}

/** The contract has trimmed it: a note of spaces says nothing. */
function emptyToNull(note: string | null): string | null {
  return note === '' ? null : note;
}
