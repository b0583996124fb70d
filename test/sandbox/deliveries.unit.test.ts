import { createHash, createHmac } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { APP_ID, PORTAL_ID, PROJECT_DIR, SECRET, contacts, startBench, startReceiver } from './harness.ts';
import type { Bench, Receiver } from './harness.ts';

async function start(): Promise<Bench & { receiver: Receiver }> {
  const receiver = await startReceiver();
  return { ...(await startBench({ publicUrl: receiver.url })), receiver };
}

const kinds = (receiver: Receiver) => receiver.events().map(({ subscriptionType }) => subscriptionType);

describe('a delivery', () => {
  test('is signed over the public address, in version 3 and in the old version 1', async () => {
    const { receiver, portal, control, clock } = await start();
    portal.createContact({ lifecyclestage: 'lead' });
    await control.deliveries.deliverNow();
    const [{ headers, raw, url }] = receiver.deliveries as [Receiver['deliveries'][0]];
    expect(url).toBe('/hubspot/webhooks');
    const text = `POST${receiver.url}/hubspot/webhooks${raw}${clock.now()}`;
    expect(headers['x-hubspot-request-timestamp']).toBe(String(clock.now()));
    expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(text).digest('base64'));
    expect(headers['x-hubspot-signature']).toBe(
      createHash('sha256')
        .update(SECRET + raw)
        .digest('hex'),
    );
  });

  test('signs with the first of two secrets', async () => {
    const { receiver, portal, control, clock } = await start();
    control.setClientSecrets(APP_ID, ['next', SECRET]);
    portal.createContact({});
    await control.deliveries.deliverNow();
    const { headers, raw } = receiver.deliveries[0] as Receiver['deliveries'][0];
    const text = `POST${receiver.url}/hubspot/webhooks${raw}${clock.now()}`;
    expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', 'next').update(text).digest('base64'));
  });

  test('goes to another address than the signed one where a proxy says so', async () => {
    const { receiver, portal, control, clock } = await start();
    control.uploadApp({
      projectDir: PROJECT_DIR,
      variables: { PUBLIC_URL: 'https://app.example.com' },
      appId: APP_ID,
      clientId: 'c',
      clientSecrets: [SECRET],
      proxy: { 'https://app.example.com': receiver.url },
    });
    portal.createContact({});
    await control.deliveries.deliverNow();
    const { headers, raw } = receiver.deliveries[0] as Receiver['deliveries'][0];
    const text = `POSThttps://app.example.com/hubspot/webhooks${raw}${clock.now()}`;
    expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(text).digest('base64'));
  });

  test('holds at most 100 events, of several portals', async () => {
    const { receiver, control, portal } = await start();
    control.createPortal({ portalId: 102 });
    control.portal(102).install(APP_ID);
    control.deliveries.hold();
    for (let index = 0; index < 75; index += 1) {
      portal.createContact({});
      control.portal(102).createContact({});
    }
    control.deliveries.release();
    await control.deliveries.idle();
    expect(receiver.deliveries.map(({ events }) => events.length)).toEqual([100, 50]);
    expect(new Set(receiver.deliveries[0]?.events.map(({ portalId }) => portalId))).toEqual(new Set([PORTAL_ID, 102]));
  });

  test('keeps to ten requests at a time for one portal', async () => {
    const { receiver, control, portal } = await start();
    const [tenCame, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    receiver.answer = async () => {
      if (receiver.deliveries.length === 10) tenCame.resolve();
      await mayAnswer.promise;
      return 200;
    };
    control.deliveries.disorder({ batchSize: 1 });
    control.deliveries.hold();
    for (let index = 0; index < 30; index += 1) portal.createContact({});
    control.deliveries.release();
    await tenCame.promise;
    expect(control.deliveries.pending().filter(({ sending }) => sending)).toHaveLength(10);
    mayAnswer.resolve();
    await control.deliveries.idle();
    expect(receiver.deliveries).toHaveLength(30);
  });
});

describe('which changes are told', () => {
  test('only subscribed properties, and only of accounts that have the app', async () => {
    const { receiver, control, portal } = await start();
    control.createPortal({ portalId: 102 });
    control.portal(102).createContact({ lifecyclestage: 'lead' });
    portal.createContact({ firstname: 'Ann', lifecyclestage: 'lead' });
    await control.deliveries.deliverNow();
    expect(
      receiver
        .events()
        .map(({ subscriptionType, propertyName, portalId }) => [subscriptionType, propertyName, portalId]),
    ).toEqual([
      ['object.creation', undefined, PORTAL_ID],
      ['object.propertyChange', 'lifecyclestage', PORTAL_ID],
    ]);
  });

  test('a change by a person, with every field', async () => {
    const { receiver, control, portal, clock } = await start();
    const id = portal.createDeal({ dealname: 'A', dealstage: 'contractsent' });
    await control.deliveries.deliverNow();
    receiver.deliveries.length = 0;
    portal.moveDeal(id, 'closedwon');
    await control.deliveries.deliverNow();
    expect(receiver.events()).toEqual([
      {
        eventId: expect.any(Number),
        subscriptionId: expect.any(Number),
        portalId: PORTAL_ID,
        appId: APP_ID,
        occurredAt: clock.now(),
        subscriptionType: 'object.propertyChange',
        attemptNumber: 0,
        objectId: Number(id),
        objectTypeId: '0-3',
        propertyName: 'dealstage',
        propertyValue: 'closedwon',
        changeSource: 'CRM_UI',
        sourceId: 'userId:9000001',
        isSensitive: false,
      },
    ]);
  });

  test('what the app itself writes comes back marked INTEGRATION', async () => {
    const { receiver, control, api } = await start();
    await api('POST', contacts(''), { properties: { lifecyclestage: 'lead' } });
    await control.deliveries.deliverNow();
    expect(receiver.events()).toMatchObject([
      { changeSource: 'INTEGRATION', sourceId: String(APP_ID) },
      { changeSource: 'INTEGRATION' },
    ]);
  });

  test('the older shape, or both, on request', async () => {
    const { receiver, control, portal } = await start();
    control.settings.set({ eventShape: 'legacy' });
    const id = portal.createContact({ lifecyclestage: 'lead' });
    await control.deliveries.deliverNow();
    expect(kinds(receiver)).toEqual(['contact.creation', 'contact.propertyChange']);
    expect(receiver.events()[1]).not.toHaveProperty('objectTypeId');
    receiver.deliveries.length = 0;
    control.settings.set({ eventShape: 'both' });
    portal.setProperties('contacts', id, { lifecyclestage: 'customer' });
    await control.deliveries.deliverNow();
    expect(kinds(receiver)).toEqual(['object.propertyChange', 'contact.propertyChange']);
  });

  test('associations are told from both ends, and when they end', async () => {
    const { receiver, control, portal } = await start();
    const contact = portal.createContact({});
    const deal = portal.createDeal({ dealname: 'A' }, [contact]);
    portal.dissociate(['contacts', contact], ['deals', deal]);
    await control.deliveries.deliverNow();
    const told = receiver.events().filter(({ subscriptionType }) => subscriptionType === 'object.associationChange');
    expect(told).toMatchObject([
      {
        associationType: 'DEAL_TO_CONTACT',
        fromObjectId: Number(deal),
        toObjectId: Number(contact),
        fromObjectTypeId: '0-3',
        toObjectTypeId: '0-1',
        associationRemoved: false,
        isPrimaryAssociation: false,
      },
      {
        associationType: 'CONTACT_TO_DEAL',
        fromObjectId: Number(contact),
        toObjectId: Number(deal),
        associationRemoved: false,
      },
      { associationType: 'CONTACT_TO_DEAL', associationRemoved: true },
      { associationType: 'DEAL_TO_CONTACT', associationRemoved: true },
    ]);
  });

  test('deletion, restore and privacy deletion', async () => {
    const { receiver, control, portal } = await start();
    const id = portal.createContact({});
    portal.delete('contacts', id);
    portal.restore('contacts', id);
    portal.privacyDelete(id);
    await control.deliveries.deliverNow();
    expect(kinds(receiver).slice(0, 3)).toEqual(['object.creation', 'object.deletion', 'object.restore']);
    expect(kinds(receiver).slice(3).sort()).toEqual(['contact.privacyDeletion', 'object.deletion']);
  });
});

describe('a receiver in trouble', () => {
  test.each([[500], [404], ['silence']] as const)(
    'an answer of %s is tried again later, with the next attempt number',
    async (answer) => {
      const { receiver, control, portal, clock } = await start();
      control.settings.set({ deliveryTimeoutMs: 30 });
      receiver.answer = () => answer;
      portal.createContact({});
      await control.deliveries.deliverNow();
      expect(receiver.events()).toMatchObject([{ attemptNumber: 0 }]);
      receiver.answer = () => 200;
      clock.advance(59_000);
      await control.deliveries.deliverNow();
      expect(receiver.deliveries).toHaveLength(1);
      clock.advance(30_000);
      await control.deliveries.deliverNow();
      expect(receiver.events()).toMatchObject([{ attemptNumber: 0 }, { attemptNumber: 1 }]);
      expect(control.deliveries.pending()).toEqual([]);
    },
  );

  test('nobody listening is tried again too, ten times within a day, then given up', async () => {
    const { control, portal, clock } = await startBench({ publicUrl: 'http://127.0.0.1:9' });
    portal.createContact({});
    for (let hour = 0; hour < 30; hour += 1) {
      for (let minute = 0; minute < 60; minute += 1) {
        if (control.deliveries.pending().length === 0) break;
        await control.deliveries.deliverNow();
        clock.advance(60_000);
      }
    }
    const attempts = control.log.deliveries();
    expect(attempts.map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((attempts.at(-1)?.at ?? 0) - (attempts[0]?.at ?? 0)).toBeLessThan(24 * 3_600_000);
    expect(attempts.every(({ status }) => status === 'unreachable')).toBe(true);
  });

  test('nothing but loopback is ever called', async () => {
    const { control, portal } = await startBench({ publicUrl: 'https://passalong.example.com' });
    portal.createContact({});
    await control.deliveries.deliverNow();
    expect(control.log.deliveries()).toMatchObject([
      { status: 'unreachable', url: 'https://passalong.example.com/hubspot/webhooks' },
    ]);
  });
});

describe('disorder on request', () => {
  test('every event several times, the same or looking new', async () => {
    const { receiver, control, portal } = await start();
    control.deliveries.disorder({ copies: 3 });
    portal.createContact({});
    await control.deliveries.deliverNow();
    const ids = receiver.events().map(({ eventId }) => eventId);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    receiver.deliveries.length = 0;
    control.deliveries.disorder({ copies: 2, freshCopies: true });
    portal.createContact({});
    await control.deliveries.deliverNow();
    const [one, two] = receiver.events();
    expect(one?.['objectId']).toBe(two?.['objectId']);
    expect(one?.['eventId']).not.toBe(two?.['eventId']);
    expect(one?.['occurredAt']).not.toBe(two?.['occurredAt']);
  });

  test('held events wait, and can come shuffled', async () => {
    const { receiver, control, portal } = await start();
    control.deliveries.hold();
    control.deliveries.disorder({ shuffle: true });
    const ids = Array.from({ length: 20 }, () => Number(portal.createContact({})));
    await control.deliveries.idle();
    expect(receiver.deliveries).toEqual([]);
    control.deliveries.release();
    await control.deliveries.idle();
    const came = receiver.events().map(({ objectId }) => objectId as number);
    expect(came).not.toEqual(ids);
    expect([...came].sort()).toEqual([...ids].sort());
  });
});
