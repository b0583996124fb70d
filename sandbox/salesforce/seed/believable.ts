import { Random } from '../../hubspot/random.ts';
import {
  CITIES,
  COMPANY_WORDS,
  DEAL_KINDS,
  FIRST_NAMES,
  JOB_TITLES,
  LAST_NAMES,
  SUFFIXES,
} from '../../hubspot/seed/words.ts';
import type { Given } from '../data/read-values.ts';
import { insertRecord, updateRecord } from '../data/save-record.ts';
import { personWriter } from '../data/writer.ts';
import type { Writer } from '../data/writer.ts';
import { dateText } from '../instant.ts';
import { objectOf } from '../schema/org-schema.ts';
import { addUser } from '../state/setup-rows.ts';
import type { Org } from '../state/org.ts';
import type { World } from '../world.ts';

const COUNTS = { accounts: 36, contacts: 96, leads: 30, opportunities: 45, members: 18 };
const SEED = 24;
const DAY_MS = 86_400_000;
const INDUSTRIES = ['Consulting', 'Education', 'Retail', 'Technology', 'Other'];
const LEAD_STATUSES = ['Open - Not Contacted', 'Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted'];
const SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Other'];
const ROLES = ['Decision Maker', 'Economic Buyer', 'Evaluator', 'Influencer'];
const LATER_STAGES = [
  'Qualification',
  'Needs Analysis',
  'Proposal/Price Quote',
  'Negotiation/Review',
  'Closed Won',
  'Closed Won',
  'Closed Lost',
];

interface Account {
  id: string;
  name: string;
  domain: string;
  city: string;
  customer: boolean;
}

interface Scene {
  random: Random;
  owners: readonly string[];
  /** whoever did it, so many days ago */
  insert: (object: string, values: Given, daysAgo: number) => string;
  update: (id: string, values: Given, daysAgo: number) => void;
  /** the day that is so many days from now */
  day: (days: number) => string;
}

/** A small business's org: people at accounts, leads, opportunities under way and done. Always the same. */
export function seedBelievable(world: World, org: Org): void {
  const scene = sceneOf(world, org);
  const { random } = scene;
  const accounts = Array.from({ length: COUNTS.accounts }, (_, index) => account(scene, index));
  const people = Array.from({ length: COUNTS.contacts }, (_, index) => {
    const at = accounts[index] ?? random.pick(accounts);
    return { at, id: contact(scene, at, index) };
  });
  for (let index = 0; index < COUNTS.leads; index += 1) lead(scene, index);
  for (let index = 0; index < COUNTS.opportunities; index += 1) opportunity(scene, random.pick(people));
  const council = scene.insert('Campaign', { Name: 'Customer council', IsActive: true }, 60);
  for (const { id } of people.filter(({ at }) => at.customer).slice(0, COUNTS.members))
    scene.insert('CampaignMember', { CampaignId: council, ContactId: id }, 30);
}

function sceneOf(world: World, org: Org): Scene {
  const random = new Random(SEED);
  const nowMs = world.clock.now();
  const owners = [
    ['Grace', 'Okoye'],
    ['Mateo', 'Rossi'],
    ['Hana', 'Weber'],
  ].map(([firstName = '', lastName = '']) => addUser(org, { firstName, lastName }, nowMs));
  const writer = (daysAgo: number): Writer => ({
    ...personWriter(world, org, random.pick(owners)),
    nowMs: nowMs - Math.round((daysAgo + random.next()) * DAY_MS),
  });
  return {
    random,
    owners,
    insert: (object, values, daysAgo) => insertRecord(writer(daysAgo), objectOf(org.schema, object), values),
    update: (id, values, daysAgo) => updateRecord(writer(daysAgo), id, values),
    day: (days) => dateText(nowMs + days * DAY_MS),
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '');

function account({ random, owners, insert }: Scene, index: number): Account {
  // From the end: the same words as elsewhere, another business’s customers.
  const word = COMPANY_WORDS.at(-1 - (index % COMPANY_WORDS.length)) ?? 'Acme';
  const [name, city, customer] = [`${word} ${random.pick(SUFFIXES)}`, random.pick(CITIES), random.next() < 0.5];
  const domain = `${slug(word)}.example.com`;
  const values = {
    Name: name,
    Type: customer ? 'Customer - Direct' : 'Prospect',
    Industry: random.pick(INDUSTRIES),
    NumberOfEmployees: random.integer(3, 900),
    Website: `https://${domain}`,
    BillingCity: city,
    OwnerId: random.pick(owners),
  };
  return { id: insert('Account', values, 300 + random.integer(0, 400)), name, domain, city, customer };
}

function person({ random }: Scene, { domain, index }: { domain: string; index: number }) {
  const [FirstName, LastName] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES)];
  return {
    FirstName,
    LastName,
    Email: `${slug(FirstName)}.${slug(LastName)}${index}@${domain}`,
    Title: random.pick(JOB_TITLES),
    Phone: `+1 555 ${String(random.integer(100, 999))} ${String(random.integer(1000, 9999))}`,
    LeadSource: random.pick(SOURCES),
  };
}

function contact(scene: Scene, at: Account, index: number): string {
  const { random, owners, insert } = scene;
  const values = {
    ...person(scene, { domain: at.domain, index }),
    AccountId: at.id,
    MailingCity: at.city,
    OwnerId: random.pick(owners),
  };
  return insert('Contact', values, 60 + random.integer(0, 240));
}

function lead(scene: Scene, index: number): string {
  const { random, owners, insert } = scene;
  const name = `${random.pick(LAST_NAMES)} & ${random.pick(LAST_NAMES)}`;
  const values = {
    ...person(scene, { domain: `${slug(name)}.example.com`, index }),
    Company: name,
    Status: random.pick(LEAD_STATUSES),
    Rating: random.pick(['Hot', 'Warm', 'Cold']),
    City: random.pick(CITIES),
    OwnerId: random.pick(owners),
  };
  return insert('Lead', values, 2 + random.integer(0, 90));
}

function opportunity(scene: Scene, { at, id: ContactId }: { at: Account; id: string }): void {
  const { random, owners, insert, update, day } = scene;
  const values = {
    Name: `${at.name} - ${random.pick(DEAL_KINDS)}`,
    AccountId: at.id,
    StageName: 'Prospecting',
    Amount: random.integer(8, 480) * 250,
    CloseDate: day(random.integer(10, 90)),
    Type: at.customer ? 'Existing Customer - Upgrade' : 'New Customer',
    OwnerId: random.pick(owners),
  };
  const made = insert('Opportunity', values, 25 + random.integer(0, 40));
  const role = { OpportunityId: made, ContactId, Role: random.pick(ROLES), IsPrimary: true };
  insert('OpportunityContactRole', role, 22);
  if (random.next() < 0.2) return;
  const StageName = random.pick(LATER_STAGES);
  const closed = StageName.startsWith('Closed') && { CloseDate: day(-random.integer(1, 15)) };
  update(made, { StageName, ...closed }, random.integer(2, 20));
}
