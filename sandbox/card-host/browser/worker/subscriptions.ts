import type { CrmProperties, PropertyNames } from '../wire.ts';
import { messageOf, page } from './page.ts';

type Subscription = {
  readonly names: PropertyNames;
  readonly onChange: (properties: CrmProperties, error?: { message: string }) => void;
};

const subscriptions = new Set<Subscription>();

/** Called with all the subscribed properties whenever one of them has changed on the record. */
export function subscribe(subscription: Subscription): () => void {
  subscriptions.add(subscription);
  return () => void subscriptions.delete(subscription);
}

export async function propertiesChanged(changed: readonly string[]): Promise<void> {
  const concerned = [...subscriptions].filter(
    ({ names }) => names === '*' || names.some((name) => changed.includes(name)),
  );
  await Promise.all(concerned.map(readAgain));
}

async function readAgain(subscription: Subscription): Promise<void> {
  try {
    const properties = await page.crmProperties(subscription.names);
    if (subscriptions.has(subscription)) subscription.onChange(properties);
  } catch (error) {
    if (subscriptions.has(subscription)) subscription.onChange({}, { message: messageOf(error) });
  }
}
