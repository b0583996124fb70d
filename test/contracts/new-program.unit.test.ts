import { expect, test } from 'vitest';
import { programDraft } from '../../shared/contracts/program-definition.ts';
import { NEW_PROGRAM_SETTINGS } from '../../shared/program-definition.ts';

test('what the contract fills in where nothing is given is what a new program is said to start with', () => {
  const { enrolment, capture, page, decisions, matching, integrity } = programDraft.parse({ name: 'New' });
  expect({ enrolment, capture, page, decisions, matching, integrity }).toEqual(NEW_PROGRAM_SETTINGS);
});

test('a part that is given in part is filled in from the same settings', () => {
  const { capture, page } = programDraft.parse({
    name: 'New',
    capture: { duplicates: { policy: 'deny' }, deal: { policy: 'await' }, owner: {} },
    page: { signUp: { title: 'Hello' }, join: {} },
  });
  expect(capture.duplicates).toEqual({ ...NEW_PROGRAM_SETTINGS.capture.duplicates, policy: 'deny' });
  expect(capture.deal).toEqual(NEW_PROGRAM_SETTINGS.capture.deal);
  expect(capture.owner).toEqual(NEW_PROGRAM_SETTINGS.capture.owner);
  expect(page.signUp).toEqual({ ...NEW_PROGRAM_SETTINGS.page.signUp, title: 'Hello' });
  expect(page.join).toEqual(NEW_PROGRAM_SETTINGS.page.join);
});
