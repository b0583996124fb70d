import type { Endpoint } from '../../../../shared/contracts/endpoint.ts';
import type { OpenApiTag } from './document.ts';

/** What each group of operations is about. A contract with a new tag adds its line here; a test asks for it. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Programs:
    'A program says who earns what, and when. It is edited as a draft; publishing makes an immutable version that decides from then on.',
  'Re-evaluations':
    'A referral is decided by the version it was referred under. A re-evaluation previews what the published version would change, and moves the referrals when somebody applies it.',
  Referrals:
    'A referral is one friend under one advocate in one program. Record who was referred; the status follows from what happens in the CRM.',
  Advocates: 'An advocate is a person who refers in one program: with a code, a link and numbers.',
  Enrolments: 'An enrolment makes advocates of contacts the CRM already has: all of them, or those on a list.',
  Events: 'What happens outside the CRM and counts for a referral, sent by your own systems.',
  Rewards: 'The reward ledger: what was earned, by which rule, and in which state it is.',
  Entries:
    'Every decision is kept as an entry with its reason and trace. What a person can mend waits here to be edited and run again.',
  Connections: 'The CRM accounts of the workspace, and how each of them is doing.',
  'Dead letters': 'Work that was given up after its last attempt. It is kept, and can be put back in line.',
  Links: 'What friends open. No key is needed.',
  Pages:
    'The public pages of a program, for friends and for people who want to refer. Browsers call them, with no key.',
  'HubSpot cards': 'What the cards on HubSpot records show and do. Only HubSpot’s own proxy can sign these requests.',
  HubSpot: 'What HubSpot and its administrators call. Nothing for API clients to use.',
  Salesforce: 'What Salesforce and its administrators call. Nothing for API clients to use.',
  Operations: 'For whoever runs the service, and for tools: health, numbers and this description.',
};

/** Reading order: what a developer comes for stands first, what machines call stands last. */
const ORDER = Object.keys(DESCRIPTIONS);

/** The tags in use, in reading order; one without a description here keeps its place before the machines' ones. */
export function tagsOf(endpoints: readonly Endpoint[]): OpenApiTag[] {
  const place = (name: string): number => {
    const found = ORDER.indexOf(name);
    return found < 0 ? ORDER.indexOf('Links') - 0.5 : found;
  };
  const names = [...new Set(endpoints.map(({ tag }) => tag))].sort((a, b) => place(a) - place(b));
  return names.map((name) => ({ name, description: DESCRIPTIONS[name] ?? '' }));
}
