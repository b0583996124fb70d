import type { Control } from '../../hubspot/local-hubspot.ts';
import { labelsOf } from '../reading/labels.ts';
import type { FriendDeal } from '../reading/deals.ts';
import type { HubSpotAccount, Person } from '../reading/people.ts';
import type { ServiceFacts } from '../reading/service-facts.ts';
import { apiCallItems } from './api-calls.ts';
import { decisionItems } from './decisions.ts';
import { merged } from './item.ts';
import type { TimelineItem } from './item.ts';
import { recordChanges } from './record-changes.ts';
import { webhookItems } from './webhooks.ts';
import { writtenProperties } from './written-properties.ts';

export interface TimelineInput {
  control: Control;
  portalId: number;
  account: HubSpotAccount;
  people: readonly Person[];
  deals: readonly FriendDeal[];
  facts: ServiceFacts;
  /** what was done on the workbench itself and no record remembers */
  notes: readonly TimelineItem[];
}

const LOOK_BACK_MS = 60 * 60_000;

/** Both sides of the story in one list, newest first. */
export function timelineOf(input: TimelineInput): TimelineItem[] {
  const { control, portalId, account, deals, facts, notes } = input;
  // Somebody who was referred and refers others has one contact, and its story is told once.
  const people = [...new Map(input.people.map((person) => [person.contact?.id ?? person.key, person])).values()];
  const nowMs = control.clock.now();
  const calls = control.log.calls({ portalId, sinceMs: nowMs - LOOK_BACK_MS });
  const deliveries = control.log
    .deliveries()
    .slice(-500)
    .filter(({ portalIds }) => portalIds.includes(portalId));
  const pending = control.deliveries.pending().filter((event) => event.portalId === portalId);
  return merged([
    recordChanges({ account, people, deals, labels: labelsOf(account) }),
    webhookItems(deliveries, pending),
    apiCallItems(calls),
    decisionItems(facts),
    writtenProperties(account, people),
    notes,
  ]);
}
