import { afterAll, beforeAll, expect, test } from 'vitest';
import { customersProperties, openSite, type Site } from './capture.ts';
import { ownProperties } from './program.ts';
import { openStage, type Stage } from './stage.ts';

const ENROLMENT = {
  mapIn: [
    { field: 'firstname', to: 'firstName' },
    { field: 'lastname', to: 'lastName' },
    { field: 'email', to: 'email' },
    { field: 'phone', to: 'phone' },
    { field: 'jobtitle', to: 'role' },
  ],
  contactValues: [
    { field: 'lifecyclestage', value: 'evangelist' },
    { field: 'lead_source', value: 'Advocate program' },
  ],
};

let stage: Stage;
let site: Site;

beforeAll(async () => {
  stage = await openStage();
  site = await openSite(stage, 2401, {}, { enrolment: ENROLMENT });
});

afterAll(() => stage.close());

async function join(at: Site, body: object) {
  const answer = await at.tenant.api('POST', `/programs/${at.launched.programId}/advocates`, body);
  expect(answer.status).toBeLessThan(300);
  await stage.settle();
  return answer.body;
}

test('somebody who joins becomes a contact with their details, the defaults and their link, in one call (RF-38, RF-40, RF-41)', async () => {
  const joined = await join(site, {
    email: 'New.Advocate@example.com',
    firstName: 'Nele',
    lastName: 'New',
    phone: '+49 1',
    answers: { role: 'CTO', colour: 'red' },
  });
  const { createdWith } = site.contact('new.advocate@example.com');
  expect(createdWith.properties).toMatchObject({
    firstname: 'Nele',
    lastname: 'New',
    phone: '+49 1',
    jobtitle: 'CTO',
    lifecyclestage: 'evangelist',
    lead_source: 'Advocate program',
    passalong_referral_link: joined.link,
    passalong_referral_code: joined.code,
    passalong_referred_count: '0',
  });
  expect(Object.keys(createdWith.properties)).not.toContain('colour');
});

test('a contact who joins stays as it is, whatever the defaults say (RF-21, E13)', async () => {
  site.portal.createContact({ email: 'there@example.com', firstname: 'Theo', lifecyclestage: 'customer' });
  const before = customersProperties(site.contact('there@example.com'));
  const { code } = await join(site, { email: 'there@example.com', firstName: 'Theodor', answers: { role: 'CEO' } });
  const after = site.contact('there@example.com');
  expect(customersProperties(after)).toEqual(before);
  expect(ownProperties(stage, 2401, after.id)['passalong_referral_code']).toBe(code);
});

test('with the switch off nobody is created, and a contact the team makes later gets the link (RF-38)', async () => {
  const off = await openSite(stage, 2402, {}, { enrolment: { ...ENROLMENT, createContacts: false } });
  const { link } = await join(off, { email: 'late@example.com', firstName: 'Lars' });
  expect(off.portal.find('contacts', 'email', 'late@example.com')).toEqual([]);
  const id = off.portal.createContact({ email: 'late@example.com' });
  await stage.settle();
  expect(ownProperties(stage, 2402, id)['passalong_referral_link']).toBe(link);
});

test('a friend who refers others themselves is one contact, made once (RF-20, RF-38)', async () => {
  await site.refer('both@example.org', { firstName: 'Berta' });
  await site.tenant.api('POST', `/programs/${site.launched.programId}/advocates`, { email: 'both@example.org' });
  await stage.settle(120_000);
  const { createdWith, history } = site.contact('both@example.org');
  expect(createdWith.properties).toMatchObject({ firstname: 'Berta', lifecyclestage: 'evangelist' });
  expect(history['firstname']).toHaveLength(1);
  expect(createdWith.properties).toHaveProperty('passalong_referral_id');
  expect(createdWith.properties).toHaveProperty('passalong_referral_code');
});

test('a friend who joins is not written over by the map that referred them, also when their contact was made anew by hand (E13)', async () => {
  const policy = 'overwrite_mapped';
  const overwriting = await openSite(stage, 2403, { duplicates: { policy } });
  await overwriting.refer('ref@example.org', { firstName: 'Rafael' });
  await stage.settle();
  overwriting.portal.delete('contacts', overwriting.contact('ref@example.org').id);
  await stage.settle();
  stage.hubspot.control.deliveries.hold();
  const id = overwriting.portal.createContact({ email: 'ref@example.org', firstname: 'Raphael' });
  const { code } = await join(overwriting, { email: 'ref@example.org' });
  stage.hubspot.control.deliveries.release();
  await stage.settle();
  expect(overwriting.contact('ref@example.org').properties['firstname']).toBe('Raphael');
  expect(ownProperties(stage, 2403, id)['passalong_referral_code']).toBe(code);
});
