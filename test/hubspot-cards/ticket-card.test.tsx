import { expect, test, vi } from 'vitest';
import { ErrorState, LoadingButton, LoadingSpinner, Select, StatisticsItem, Table, Text } from '@hubspot/ui-extensions';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { LINK, sampleContact } from './sample-views.ts';

standStill();

type Contact = { id: number; properties: Record<string, string | null> };
type Asked = { contacts?: Contact[]; error?: Error; isLoading?: boolean; hasNextPage?: boolean };
const ADA: Contact = { id: 71, properties: { firstname: 'Ada', lastname: 'Advocate', email: 'ada@example.com' } };
const BOB: Contact = { id: 72, properties: { firstname: null, lastname: null, email: 'bob@example.com' } };

function open({ contacts = [], error, isLoading = false, hasNextPage = false }: Asked) {
  const service = stubCardService();
  service.answer('GET /contacts/71/card', ok(sampleContact()));
  service.answer('GET /contacts/72/card', 'unreachable');
  const refetch = vi.fn(() => Promise.resolve());
  const results = contacts.map(({ id, properties }) => ({ toObjectId: id, associationTypes: [], properties }));
  const nothing = () => undefined;
  const pages = { hasPreviousPage: false, currentPage: 1, pageSize: 50, nextPage: nothing, previousPage: nothing };
  const card = openCard('ticket', {
    location: 'helpdesk.sidebar',
    prepare: (mocks) =>
      void mocks.useAssociations.willCall(() => ({
        results,
        error: error ?? null,
        isLoading,
        isRefetching: false,
        refetch,
        pagination: { ...pages, hasNextPage, reset: nothing },
      })),
  });
  return { card, service, refetch };
}

test('while HubSpot looks for the contacts it says so', () => {
  const { card } = open({ isLoading: true });
  expect(card.find(LoadingSpinner).props.label).toBe('Loading the contacts of this ticket');
});

test('a ticket without a contact says what to do', async () => {
  const { card, service } = open({});
  await card.shows('No contact on this ticket', 'Add a contact to the ticket');
  expect(service.calls).toEqual([]);
});

test('contacts that could not be read are an error with a way to try again', async () => {
  const { card, refetch } = open({ error: new Error('no') });
  await card.shows('The contacts of this ticket could not be read');
  card.find(LoadingButton).trigger('onClick');
  expect(refetch).toHaveBeenCalledTimes(1);
});

test('RL-02 G10 the contact of a ticket shows link, status and action in the narrow layout', async () => {
  const { card, service } = open({ contacts: [ADA] });
  await card.shows('Ada Advocate', LINK, 'Pending', 'Add referral', 'Ask for review');
  expect(card.maybeFind(Table)).toBeNull();
  expect(card.findAll(Select)).toEqual([]);
  expect(service.calls.map(({ route }) => route)).toEqual(['GET /contacts/71/card']);
  expect(card.mocks.useAssociations.calls[0]?.[0].toObjectType).toBe('0-1');
});

test('between several contacts the rep chooses, and the other one’s data is gone', async () => {
  const { card } = open({ contacts: [ADA, BOB] });
  await card.shows(LINK);
  const choose = card.find(Select);
  expect(choose.props).toMatchObject({
    value: 71,
    options: [
      { label: 'Ada Advocate', value: 71 },
      { label: 'bob@example.com', value: 72 },
    ],
  });
  choose.trigger('onChange', 72 as never);
  await card.shows('Live details are not reachable');
  expect(card.shown()).not.toContain(LINK);
});

test('RF-10 in an outage the fields of the contact stand in, not those of the ticket', async () => {
  const properties = {
    ...BOB.properties,
    passalong_referred_count: '6',
    passalong_counted_at: '2026-11-20T09:15:00Z',
  };
  const { card } = open({ contacts: [{ ...BOB, properties }] });
  await card.shows('Numbers as of 20 Nov 2026, 10:15, counted 3 hours ago');
  expect(card.find(StatisticsItem).props.number).toBe('6');
  expect(card.mocks.useCrmProperties.callCount).toBe(0);
});

test('an outage without fields is a plain error', async () => {
  const { card } = open({ contacts: [BOB] });
  await card.shows('Passalong is not reachable right now.');
  expect(card.find(ErrorState).props.type).toBe('error');
});

test('a ticket with very many contacts says that not all are offered', async () => {
  const { card } = open({ contacts: [ADA, BOB], hasNextPage: true });
  await card.shows('The first 2 contacts of this ticket');
  expect(card.findAll(Text).length).toBeGreaterThan(0);
});
