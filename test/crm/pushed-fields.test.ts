import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PUSHED_FIELDS } from '../../backend/src/crm/hubspot/pushed-fields.ts';
import { CRM_FIELDS } from '../../shared/crm-fields.ts';

type Subscription = {
  subscriptionType: string;
  objectType: 'contact' | 'company' | 'deal';
  propertyName?: string;
  active: boolean;
};

const meta = JSON.parse(
  readFileSync(new URL('../../hubspot-app/src/app/webhooks/webhooks-hsmeta.json', import.meta.url), 'utf8'),
) as { config: { subscriptions: { crmObjects: Subscription[] } } };
const changes = meta.config.subscriptions.crmObjects.filter(
  ({ subscriptionType, active }) => active && subscriptionType === 'object.propertyChange',
);

it('the fields said to be pushed are the ones the app subscribes to', () => {
  const subscribed = (object: Subscription['objectType']) =>
    changes
      .filter(({ objectType }) => objectType === object)
      .map(({ propertyName }) => propertyName)
      .sort();
  expect(PUSHED_FIELDS.company).toEqual(subscribed('company'));
  expect(PUSHED_FIELDS.contact).toEqual(subscribed('contact'));
  expect(PUSHED_FIELDS.deal).toEqual(subscribed('deal'));
});

it('the app subscribes to no property it writes itself, which would be a loop', () => {
  const own = new Set<string | null | undefined>(CRM_FIELDS.map(({ hubspot }) => hubspot));
  expect(changes.filter(({ propertyName }) => own.has(propertyName))).toEqual([]);
});
