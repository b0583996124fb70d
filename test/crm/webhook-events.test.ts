import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRM_FIELDS } from '../../shared/crm-fields.ts';
import { readWebhookEvents } from '../../backend/src/crm/hubspot/webhook-events.ts';

const BASE = {
  eventId: 1,
  subscriptionId: 25,
  portalId: 33,
  appId: 1160452,
  occurredAt: 1_700_000_000_000,
  attemptNumber: 0,
};
const CHANGE = {
  ...BASE,
  subscriptionType: 'contact.propertyChange',
  objectId: 1_246_965,
  propertyName: 'lifecyclestage',
  propertyValue: 'customer',
  changeSource: 'CRM_UI',
};

function readOne(event: unknown) {
  const { signals } = readWebhookEvents([event]);
  expect(signals).toHaveLength(1);
  return signals[0]!;
}

describe('a HubSpot webhook delivery', () => {
  it('becomes a signal with the record, the field, the time and the event itself', () => {
    const signal = readOne(CHANGE);
    expect(signal).toMatchObject({
      externalAccountId: '33',
      kind: 'changed',
      records: [{ objectType: 'contact', recordId: '1246965' }],
      occurredAtMs: 1_700_000_000_000,
      field: 'lifecyclestage',
    });
    expect(signal.raw).toBe(CHANGE);
    expect(signal.sourceKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is read whether the type is called subscriptionType or eventType', () => {
    const { subscriptionType, ...rest } = CHANGE;
    expect(readOne({ ...rest, eventType: subscriptionType }).kind).toBe('changed');
  });

  it.each([
    ['creation', 'created'],
    ['propertyChange', 'changed'],
    ['deletion', 'deleted'],
    ['restore', 'restored'],
    ['merge', 'merged'],
    ['privacyDeletion', 'privacy_deleted'],
  ])('says %s for every object, in the generic and in the legacy form', (verb, kind) => {
    for (const [objectTypeId, objectType] of [
      ['0-1', 'contact'],
      ['0-2', 'company'],
      ['0-3', 'deal'],
    ] as const) {
      const records = [{ objectType, recordId: '55' }];
      expect(readOne({ ...BASE, subscriptionType: `object.${verb}`, objectTypeId, objectId: 55 })).toMatchObject({
        kind,
        records,
      });
      expect(readOne({ ...BASE, subscriptionType: `${objectType}.${verb}`, objectId: '55' })).toMatchObject({
        kind,
        records,
      });
    }
  });

  it('of a merge names every record that took part and the one that is left, each once', () => {
    const merge = {
      ...BASE,
      subscriptionType: 'object.merge',
      objectTypeId: '0-1',
      objectId: 12,
      primaryObjectId: 10,
      mergedObjectIds: [11, 10, '13'],
      newObjectId: 12,
      numberOfPropertiesMoved: 4,
    };
    expect(readOne(merge).records.map(({ recordId }) => recordId)).toEqual(['12', '10', '11', '13']);
  });

  it('of an association names both ends, by type ids or by the association’s name', () => {
    const ends = {
      fromObjectId: 55,
      toObjectId: 1_246_965,
      associationType: 'DEAL_TO_CONTACT',
      associationRemoved: false,
    };
    const records = [
      { objectType: 'deal', recordId: '55' },
      { objectType: 'contact', recordId: '1246965' },
    ];
    const generic = {
      ...BASE,
      ...ends,
      subscriptionType: 'object.associationChange',
      fromObjectTypeId: '0-3',
      toObjectTypeId: '0-1',
    };
    expect(readOne(generic)).toMatchObject({ kind: 'association_changed', records });
    expect(readOne({ ...BASE, ...ends, subscriptionType: 'deal.associationChange' })).toMatchObject({ records });
  });

  it('of an association keeps the known end when the other is an object we do not follow', () => {
    const event = {
      ...BASE,
      subscriptionType: 'object.associationChange',
      fromObjectTypeId: '0-5',
      toObjectTypeId: '0-1',
    };
    const signal = readOne({ ...event, fromObjectId: 7, toObjectId: 8, associationType: 'TICKET_TO_CONTACT' });
    expect(signal.records).toEqual([{ objectType: 'contact', recordId: '8' }]);
  });

  it('has one source key however often it is delivered, and another for anything that differs in fact', () => {
    const key = readOne(CHANGE).sourceKey;
    expect(readOne({ ...CHANGE, attemptNumber: 3, subscriptionId: 26 }).sourceKey).toBe(key);
    const association = {
      ...BASE,
      subscriptionType: 'object.associationChange',
      fromObjectTypeId: '0-3',
      toObjectTypeId: '0-1',
    };
    const others = [
      { ...CHANGE, portalId: 34 },
      { ...CHANGE, objectId: 1 },
      { ...CHANGE, propertyName: 'hs_lead_status' },
      { ...CHANGE, occurredAt: 1_700_000_000_001 },
      { ...CHANGE, eventId: 2 },
      { ...CHANGE, subscriptionType: 'deal.propertyChange' },
      { ...association, fromObjectId: 1, toObjectId: 2, associationRemoved: false },
      { ...association, fromObjectId: 1, toObjectId: 2, associationRemoved: true },
      { ...association, fromObjectId: 1, toObjectId: 3, associationRemoved: true },
    ];
    expect(new Set([key, ...others.map((event) => readOne(event).sourceKey)]).size).toBe(others.length + 1);
  });

  it('about any property of our own is counted as an echo and followed nowhere', () => {
    const own = CRM_FIELDS.map(({ hubspot }) => hubspot).filter((name) => name !== null);
    const events = own.map((propertyName) => ({ ...CHANGE, propertyName }));
    const { signals, echoes } = readWebhookEvents([...events, CHANGE]);
    expect(signals).toHaveLength(1);
    expect(echoes).toEqual(own.map((_name, index) => ({ index, externalAccountId: '33' })));
  });

  it.each([
    ['not_an_object', null],
    ['not_an_object', [CHANGE]],
    ['unknown_type', { ...CHANGE, subscriptionType: 'conversation.newMessage' }],
    ['unknown_type', { ...CHANGE, subscriptionType: 'constructor' }],
    ['unknown_type', { ...CHANGE, subscriptionType: undefined }],
    ['unknown_object_type', { ...BASE, subscriptionType: 'object.creation', objectTypeId: '0-5', objectId: 1 }],
    ['unknown_object_type', { ...BASE, subscriptionType: 'object.creation', objectId: 1 }],
    ['missing_portal', { ...CHANGE, portalId: undefined }],
    ['missing_portal', { ...CHANGE, portalId: -1 }],
    ['missing_time', { ...CHANGE, occurredAt: 'yesterday' }],
    ['missing_record', { ...CHANGE, objectId: undefined }],
    ['missing_record', { ...CHANGE, objectId: 9_007_199_254_740_993 }],
  ])('sets an event aside as %s and keeps its batch-mates', (reason, event) => {
    const { signals, unreadable } = readWebhookEvents([CHANGE, event, { ...CHANGE, objectId: 2 }]);
    expect(unreadable).toEqual([{ index: 1, reason }]);
    expect(signals.map(({ records }) => records[0]?.recordId)).toEqual(['1246965', '2']);
  });

  it('that is no list is set aside as a whole', () => {
    for (const body of [null, {}, 'x', 7]) {
      expect(readWebhookEvents(body)).toEqual({
        signals: [],
        unreadable: [{ index: 0, reason: 'not_a_list' }],
        echoes: [],
      });
    }
  });

  it('never throws on junk, accounts for every element, and always keeps the good ones', () => {
    const types = fc.constantFrom(
      'object.merge',
      'object.associationChange',
      'contact.creation',
      'deal.propertyChange',
      'x',
    );
    const junkEvent = fc.record(
      {
        subscriptionType: fc.oneof(types, fc.anything()),
        portalId: fc.oneof(fc.nat(), fc.anything()),
        occurredAt: fc.oneof(fc.nat(), fc.anything()),
        objectId: fc.oneof(fc.nat(), fc.anything()),
        objectTypeId: fc.oneof(fc.constantFrom('0-1', '0-9'), fc.anything()),
        mergedObjectIds: fc.anything(),
        propertyName: fc.anything(),
        associationType: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const junk = fc.array(fc.oneof(fc.anything(), junkEvent), { maxLength: 20 });
    fc.assert(
      fc.property(junk, junk, (before, after) => {
        const { signals, unreadable, echoes } = readWebhookEvents([...before, CHANGE, ...after]);
        expect(signals.length + unreadable.length + echoes.length).toBe(before.length + 1 + after.length);
        expect(signals.some(({ raw }) => raw === CHANGE)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('of a hundred events is read in well under a millisecond', () => {
    const events = Array.from({ length: 100 }, (_value, index) => ({ ...CHANGE, eventId: index, objectId: index + 1 }));
    const samples = Array.from({ length: 300 }, () => {
      const startedMs = performance.now();
      readWebhookEvents(events);
      return performance.now() - startedMs;
    });
    expect(samples.sort((a, b) => a - b)[150]).toBeLessThan(0.6);
  });
});
