import { createHash } from 'node:crypto';
import { contactFields } from '../reading/contact-fields.ts';
import { dealsOf, stagesOf } from '../reading/deals.ts';
import { labelsOf } from '../reading/labels.ts';
import { advocatesOf, friendsOf } from '../reading/people.ts';
import type { ServiceView } from '../reading/service-view.ts';
import { timelineOf } from '../timeline/timeline.ts';
import type { Bench } from '../workbench.ts';
import { contactRegion, recordLink } from './contact.ts';
import type { Html } from './html.ts';
import { advocateOptions, dealOptions, friendOptions, peopleOptions, stageOptions } from './options.ts';
import { programRegion } from './program.ts';
import { rewardsRegion } from './rewards.ts';
import { banner, lights } from './state-lines.ts';
import { suggestFriend } from './suggestions.ts';
import type { Suggestion } from './suggestions.ts';
import { timelineRegion } from './timeline.ts';

export interface Asked {
  /** whose contact is shown: a contact id or a referral id */
  shown: string | null;
  /** the code of the link a friend came by */
  ref: string | null;
}

/** Everything on the page that changes, as markup by the id of the element it fills. */
export interface View {
  /** the same as long as nothing changed */
  version: string;
  regions: Record<string, string>;
  suggestion: Suggestion;
  shown: string | null;
  switches: Record<'deliver-twice' | 'hubspot-down', boolean>;
  /** of the contact shown, such as `0-1/123`; null while there is none */
  record: string | null;
}

/** Reads both sides and renders them. Never throws for a service that does not answer: that is a state of the page. */
export function viewOf(bench: Bench, service: ServiceView, asked: Asked): View {
  const { control, portalId, switches } = bench;
  const { facts } = service;
  const account = control.portal(portalId);
  const advocates = advocatesOf(account);
  const friends = friendsOf(account, facts.referrals);
  const deals = dealsOf(account, friends);
  const people = [...friends, ...advocates];
  const person = people.find(({ key }) => key === asked.shown) ?? advocates[0] ?? friends[0] ?? null;
  const hubspotDown = switches.isOn('hubspot-down');
  const stages = stagesOf(account);
  const regions: Record<string, Html> = {
    lights: lights({ serviceOk: service.problem === null, hubspotUp: !hubspotDown }),
    banner: banner(service, !hubspotDown),
    program: programRegion(facts.program, advocates, labelsOf(account)),
    'shown-person': peopleOptions(advocates, friends, person?.key ?? null),
    contact: contactRegion({ person, fields: contactFields(account, person?.contact ?? null), hubspotDown }),
    'record-link': recordLink(person),
    'sign-up-advocate': advocateOptions(advocates, asked.ref),
    'move-deal-deal': dealOptions(deals),
    'move-deal-stage': stageOptions(stages, 'closedwon'),
    'create-deal-friend': friendOptions(friends),
    'create-deal-stage': stageOptions(stages, stages[0]?.stages[0]?.id ?? ''),
    rewards: rewardsRegion(facts.rewards, facts.referrals),
    timeline: timelineRegion(timelineOf({ control, portalId, account, people, deals, facts, notes: switches.notes })),
  };
  const texts = Object.fromEntries(Object.entries(regions).map(([id, region]) => [id, region.text]));
  const view = {
    regions: texts,
    suggestion: suggestFriend(new Set(facts.referrals.map(({ friend }) => friend.email ?? ''))),
    shown: person?.key ?? null,
    record: person?.contact ? `0-1/${person.contact.id}` : null,
    switches: { 'deliver-twice': switches.isOn('deliver-twice'), 'hubspot-down': hubspotDown },
  };
  return { version: createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 16), ...view };
}
