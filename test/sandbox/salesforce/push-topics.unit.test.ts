import { describe, expect, test } from 'vitest';

import { startBench } from './harness.ts';

const TOPIC = { Name: 'PSG_Opp', Query: 'SELECT Id, StageName FROM Opportunity', ApiVersion: 67 };

describe('push topics', () => {
  test('are records with defaults', async () => {
    const { api, org } = await startBench();
    const { body } = await api('POST', '/sobjects/PushTopic', { body: TOPIC });
    expect(org.get(body.id)).toMatchObject({
      IsActive: true,
      NotifyForFields: 'Referenced',
      NotifyForOperationDelete: true,
    });
  });

  test.each([
    ['a name that is taken', { Query: 'SELECT Id FROM Lead' }, 'DUPLICATE_VALUE'],
    ['a long name', { Name: 'x'.repeat(26) }, 'STRING_TOO_LONG'],
    [
      'a long query',
      { Name: 'A', Query: `SELECT Id FROM Lead WHERE LastName = '${'x'.repeat(1300)}'` },
      'STRING_TOO_LONG',
    ],
    ['no Id', { Name: 'A', Query: 'SELECT StageName FROM Opportunity' }, 'INVALID_FIELD'],
    ['a parent', { Name: 'A', Query: 'SELECT Id, Account.Name FROM Contact' }, 'INVALID_FIELD'],
    ['a limit', { Name: 'A', Query: 'SELECT Id FROM Contact LIMIT 5' }, 'INVALID_FIELD'],
    ['an order', { Name: 'A', Query: 'SELECT Id FROM Contact ORDER BY Id' }, 'INVALID_FIELD'],
    ['NOT', { Name: 'A', Query: "SELECT Id FROM Contact WHERE NOT LastName = 'x'" }, 'INVALID_FIELD'],
    ['an unknown column', { Name: 'A', Query: 'SELECT Id, Nope FROM Contact' }, 'INVALID_FIELD'],
    ['an object without events', { Name: 'A', Query: 'SELECT Id FROM OpportunityContactRole' }, 'INVALID_FIELD'],
    [
      'another version for a packaged object',
      { Name: 'A', Query: 'SELECT Id FROM Referral__c', ApiVersion: 66 },
      'INVALID_FIELD',
    ],
    ['no query', { Name: 'A', Query: null }, 'REQUIRED_FIELD_MISSING'],
    ['an unknown kind of notice', { Name: 'A', NotifyForFields: 'Some' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
  ])('with %s are refused', async (_, more, code) => {
    const { api } = await startBench();
    await api('POST', '/sobjects/PushTopic', { body: TOPIC });
    const { status, body } = await api('POST', '/sobjects/PushTopic', { body: { ...TOPIC, ...more } });
    expect([status, body[0].errorCode]).toEqual([400, code]);
  });
});
