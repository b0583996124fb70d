import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LargeEnrolment } from './large-enrolment.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const CONTACTS = 20_000;
/** Within 5 % of the fewest calls possible, and what two deaths lose: a batch or a page each. */
const SLACK = 1.05;

let stage: LargeEnrolment;
let programId: string;
let listId: string;

beforeAll(async () => {
  stage = await LargeEnrolment.open(CONTACTS);
  listId = stage.portal().createList({ name: 'Everybody', recordIds: stage.portal().ids('contacts') });
  programId = await stage.publishedProgram();
});
afterAll(() => stage.close());

type Calls = { readonly search: number; readonly members: number; readonly reads: number; readonly writes: number };

/** Calls about contacts since a moment of the log, without the poll's own walk. */
function callsSince(index: number): Calls {
  const calls = stage.hubspot.control.log.calls({}).slice(index);
  const count = (part: string): number => calls.filter(({ path }) => path.includes(part)).length;
  return {
    search: calls.filter((call) => call.path.endsWith('contacts/search') && !call.filters?.includes('lastmodifieddate'))
      .length,
    members: count('/memberships'),
    reads: count('contacts/batch/read'),
    writes: count('contacts/batch/update'),
  };
}

function atEnd(): number {
  return stage.hubspot.control.log.calls({}).length;
}

function distinctLinks(property = 'passalong_referral_link'): { readonly contacts: number; readonly links: number } {
  const links = stage
    .portal()
    .ids('contacts')
    .map((id) => stage.portal().get('contacts', id)?.properties[property] ?? '');
  return { contacts: links.filter((link) => link !== '').length, links: new Set(links).size };
}

test('20,000 contacts of a list, killed twice on the way: a link each, the fewest calls, no 429, under 300 MB (E22, RF-13)', async () => {
  const from = atEnd();
  const { id } = await stage.api('POST', `/programs/${programId}/enrolments`, { source: 'list', listId });
  const { progress } = await stage.finish(id, [6_000, 14_000]);
  expect(progress).toMatchObject({ seen: CONTACTS, enrolled: CONTACTS, already: 0 });
  expect(distinctLinks()).toEqual({ contacts: CONTACTS, links: CONTACTS });
  const calls = callsSince(from);
  const fewest = CONTACTS / 250 + CONTACTS / 100 + CONTACTS / 100;
  expect(calls.members + calls.reads + calls.writes, JSON.stringify(calls)).toBeLessThanOrEqual(fewest * SLACK);
  expect(stage.service.deaths).toHaveLength(2);
  expect(stage.hubspot.control.log.rateLimited()).toEqual({});
  expect(stage.peakRssMb).toBeGreaterThan(50);
  expect(stage.peakRssMb).toBeLessThan(300);
});

test('the same list again: nothing is made and nothing is written (RF-07)', async () => {
  const from = atEnd();
  const { id } = await stage.api('POST', `/programs/${programId}/enrolments`, { source: 'list', listId });
  const { progress } = await stage.finish(id);
  expect(progress).toMatchObject({ seen: CONTACTS, enrolled: 0, already: CONTACTS });
  expect(callsSince(from).writes).toBe(0);
});

test('20,000 contacts as all there are, in a second program, killed twice: a link each in its own property, the fewest calls (E22, RF-12, RF-05)', async () => {
  const other = await stage.publishedProgram({ name: 'Partners', enrolment: { ownFields: true } });
  const from = atEnd();
  const { id } = await stage.api('POST', `/programs/${other}/enrolments`, { source: 'all' });
  const { progress } = await stage.finish(id, [5_000, 15_000]);
  expect(progress).toMatchObject({ seen: CONTACTS, enrolled: CONTACTS });
  const { rows } = await stage.owner.query(
    'select count(*)::int as advocates, count(distinct person_id)::int as people from advocates where program_id = $1',
    [other],
  );
  expect(rows[0]).toEqual({ advocates: CONTACTS, people: CONTACTS });
  const calls = callsSince(from);
  const fewest = CONTACTS / 200 + CONTACTS / 100;
  expect(calls.search + calls.reads + calls.writes, JSON.stringify(calls)).toBeLessThanOrEqual(fewest * SLACK);
  expect(distinctLinks('passalong_partners_referral_link')).toEqual({ contacts: CONTACTS, links: CONTACTS });
  expect(stage.hubspot.control.log.rateLimited()).toEqual({});
  expect(stage.peakRssMb).toBeLessThan(300);
});
