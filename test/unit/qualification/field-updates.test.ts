import { describe, expect, it } from 'vitest';
import type { FieldUpdate } from '../../../shared/decision-settings.ts';
import { copiedDetails, fieldUpdates } from '../../../backend/src/qualification/field-updates.ts';
import type { DealView, RecordView, Subject } from '../../../backend/src/qualification/subject.ts';

const AT = '2026-11-02T09:00:00.000Z';

const view = (objectType: RecordView['objectType'], recordId: string, values: RecordView['values']): RecordView => ({
  objectType,
  recordId,
  values,
  modifiedAt: AT,
});
const contact = (recordId: string, values: RecordView['values'] = {}) => view('contact', recordId, values);
const company = (recordId: string, values: RecordView['values'] = {}) => view('company', recordId, values);
const deal = (recordId: string, contactIds: readonly string[], values: RecordView['values'] = {}): DealView => ({
  ...view('deal', recordId, values),
  contactIds,
  otherReferredContactIds: [],
});

const copy = (object: FieldUpdate['object'], field: string, to = 'detail'): FieldUpdate => ({ object, field, to });

type Deciding = Parameters<typeof fieldUpdates>[1];
const DEAL: Deciding = { objectType: 'deal', recordId: '9' };
const CONTACT: Deciding = { objectType: 'contact', recordId: '1' };
const COMPANY: Deciding = { objectType: 'company', recordId: '5' };

function only(update: FieldUpdate, deciding: Deciding, subject: Subject) {
  const [first] = fieldUpdates([update], deciding, subject);
  return [first?.value, first?.because, first?.recordId];
}

const ONE_OF_EACH: Subject = {
  contacts: [contact('1', { city: 'Namur' })],
  companies: [company('5', { industry: 'TEXTILES' })],
  deals: [deal('9', ['1'], { amount: '1200.50' })],
};

describe('a value is copied from the record that decided and from the one record it leads to (RR-34)', () => {
  it.each([
    { from: DEAL, to: copy('deal', 'amount'), value: ['1200.50', 'self', '9'] },
    { from: DEAL, to: copy('contact', 'city'), value: ['Namur', 'one', '1'] },
    { from: DEAL, to: copy('company', 'industry'), value: ['TEXTILES', 'one', '5'] },
    { from: CONTACT, to: copy('contact', 'city'), value: ['Namur', 'self', '1'] },
    { from: CONTACT, to: copy('company', 'industry'), value: ['TEXTILES', 'one', '5'] },
    { from: CONTACT, to: copy('deal', 'amount'), value: ['1200.50', 'one', '9'] },
    { from: COMPANY, to: copy('company', 'industry'), value: ['TEXTILES', 'self', '5'] },
    { from: COMPANY, to: copy('contact', 'city'), value: ['Namur', 'one', '1'] },
    { from: COMPANY, to: copy('deal', 'amount'), value: ['1200.50', 'one', '9'] },
  ])('from a $from.objectType to a $to.object', ({ from, to, value }) => {
    expect(only(to, from, ONE_OF_EACH)).toEqual(value);
  });
});

it('of two deals of the friend none is taken, unless one of them decided (RR-50)', () => {
  const subject = { ...ONE_OF_EACH, deals: [deal('9', ['1'], { amount: '1' }), deal('10', ['1'], { amount: '2' })] };
  expect(only(copy('deal', 'amount'), CONTACT, subject)).toEqual([null, 'several', null]);
  expect(only(copy('deal', 'amount'), { ...DEAL, recordId: '10' }, subject)).toEqual(['2', 'self', '10']);
});

it('a deal leads to the contacts on it, not to the friend’s other ones', () => {
  const contacts = [contact('1', { city: 'Namur' }), contact('2', { city: 'Ghent' })];
  const subject: Subject = { contacts, deals: [deal('9', ['2', '77'])] };
  expect(only(copy('contact', 'city'), DEAL, subject)).toEqual(['Ghent', 'one', '2']);
  const both = { ...subject, deals: [deal('9', ['1', '2'])] };
  expect(only(copy('contact', 'city'), DEAL, both)).toEqual([null, 'several', null]);
});

it('what is not there is null with its reason: no record, no value, a value that was not read (RR-49)', () => {
  expect(only(copy('company', 'industry'), DEAL, { ...ONE_OF_EACH, companies: [] })).toEqual([null, 'none', null]);
  expect(only(copy('deal', 'amount'), { ...DEAL, recordId: '404' }, ONE_OF_EACH)).toEqual([null, 'none', null]);
  const blank = { ...ONE_OF_EACH, deals: [deal('9', ['1'], { amount: ' ' })] };
  expect(only(copy('deal', 'amount'), DEAL, blank)).toEqual([null, 'empty', '9']);
  expect(only(copy('deal', 'constructor'), DEAL, ONE_OF_EACH)).toEqual([null, 'empty', '9']);
});

it('every setting is answered in its order, and only values become details', () => {
  const updates = [
    copy('deal', 'amount', 'sale'),
    copy('deal', 'closedate', 'closed'),
    copy('contact', 'city', 'town'),
  ];
  const copied = fieldUpdates(updates, DEAL, ONE_OF_EACH);
  expect(copied.map(({ to, because }) => [to, because])).toEqual([
    ['sale', 'self'],
    ['closed', 'empty'],
    ['town', 'one'],
  ]);
  expect(copiedDetails(copied)).toEqual({ sale: '1200.50', town: 'Namur' });
});

it('of two CRMs each line is read from its own records, and a second company over there is no second choice (RR-21, G4)', () => {
  const inHubSpot = { ...company('5', { industry: 'Brewing' }), crm: 'hubspot' } as const;
  const inSalesforce = { ...company('001000000000001AAA', { Industry: 'Beverages' }), crm: 'salesforce' } as const;
  const subject: Subject = {
    ...ONE_OF_EACH,
    companies: [inHubSpot, inSalesforce],
    deals: [{ ...deal('9', ['1'], { amount: '10' }), crm: 'hubspot' }],
  };
  expect(only(copy('company', 'industry'), DEAL, subject)).toEqual(['Brewing', 'one', '5']);
  expect(only(copy('company', 'Industry'), DEAL, subject)).toEqual(['Beverages', 'one', '001000000000001AAA']);
  const oneKey = [copy('deal', 'amount', 'sale'), copy('deal', 'Amount', 'sale')];
  expect(copiedDetails(fieldUpdates(oneKey, DEAL, subject))).toEqual({ sale: '10' });
});
