import { expect, it } from 'vitest';
import { sourceNote, type SourceNoteInput } from '../../../backend/src/metrics/source-note.ts';

const ada: SourceNoteInput = {
  note: null,
  advocateName: 'Ada Advocate',
  programName: 'Customer referrals',
  source: 'link',
};

it.each<[string, Partial<SourceNoteInput>, string]>([
  ['by a link', {}, 'Referred by Ada Advocate in Customer referrals, through their link'],
  ['by a form', { source: 'form' }, 'Referred by Ada Advocate in Customer referrals, through a form'],
  ['by the API', { source: 'api' }, 'Referred by Ada Advocate in Customer referrals, through another system'],
  ['by a rep', { source: 'rep' }, 'Referred by Ada Advocate in Customer referrals, as told to a colleague'],
  ['by a record', { source: 'crm' }, 'Referred by Ada Advocate in Customer referrals, as a record of the CRM says'],
  ['in a way of tomorrow', { source: 'fax' }, 'Referred by Ada Advocate in Customer referrals'],
  ['in no known way', { source: null }, 'Referred by Ada Advocate in Customer referrals'],
  ['by nobody to be named', { advocateName: null }, 'Referred in Customer referrals, through a referral link'],
  ['in a program without a name', { programName: ' ' }, 'Referred by Ada Advocate, through their link'],
  ['by somebody of whom nothing is known', { advocateName: ' ', programName: '', source: null }, 'Referred'],
])('who was referred %s reads so in one sentence (RR-17, RR-20)', (_how, input, sentence) => {
  expect(sourceNote({ ...ada, ...input })).toBe(sentence);
});

it('words that came with the referral stand instead of ours, unless they are blank (RR-17)', () => {
  expect(sourceNote({ ...ada, note: ' She starts in May. ' })).toBe('She starts in May.');
  expect(sourceNote({ ...ada, note: ' \n' })).toMatch(/^Referred by Ada/);
});
