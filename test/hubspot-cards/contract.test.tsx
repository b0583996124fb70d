import { expect, test, vi } from 'vitest';
import { Form, LoadingButton, Modal } from '@hubspot/ui-extensions';
import { addSpokenReferral, askForReview, enrolContact } from '../../shared/contracts/hubspot-cards.ts';
import { companyCardView, contactCardView, dealCardView } from '../../shared/contracts/hubspot-card-views.ts';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { notEnrolled, sampleCompany, sampleContact, sampleDeal } from './sample-views.ts';
import type { ContactCardView } from '../../shared/card-view.ts';

standStill();

async function openOn(view: ContactCardView) {
  const service = stubCardService();
  service.answer('GET /contacts/501/card', ok(view));
  const card = openCard('contact');
  await card.shows('As of');
  return { card, service };
}

test.each([
  ['a contact', contactCardView, sampleContact()],
  ['a contact who is not enrolled', contactCardView, notEnrolled()],
  ['a deal', dealCardView, sampleDeal()],
  ['a company', companyCardView, sampleCompany()],
])('what these tests draw of %s is what the service may answer', (_what, contract, view) => {
  expect(contract.parse(view)).toEqual(view);
});

test('a referral the card sends is one the service takes', async () => {
  const { card, service } = await openOn(sampleContact());
  service.answer('POST /contacts/501/referrals', ok(addSpokenReferral.answers[201].example));
  const targetValue = { email: 'dana@example.com', firstName: '', lastName: 'Friend', phone: '', note: ' ' };
  card.find(Form, ({ props }) => props.autoComplete === 'off').trigger('onSubmit', { targetValue } as never);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  const sent = service.heard('POST /contacts/501/referrals')[0]?.body;
  expect(addSpokenReferral.body.parse(sent)).toEqual(sent);
});

test('an enrolment the card sends is one the service takes', async () => {
  const { card, service } = await openOn(notEnrolled());
  service.answer('POST /contacts/501/advocate', ok(enrolContact.answers[201].example));
  card.find(LoadingButton).trigger('onClick');
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  const sent = service.heard('POST /contacts/501/advocate')[0]?.body;
  expect(enrolContact.body.parse(sent)).toEqual(sent);
});

test.each(['', 'Signed last week.'])(
  'a request for review the card sends with the note %j is one the service takes',
  async (note) => {
    const { card, service } = await openOn(sampleContact());
    const route = 'POST /contacts/501/referrals/ref_1/review';
    service.answer(route, ok(askForReview.answers[201].example));
    card
      .find(Modal, { id: 'passalong-review-ref_1' })
      .find(Form)
      .trigger('onSubmit', { targetValue: { note } } as never);
    await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
    const sent = service.heard(route)[0]?.body;
    expect(askForReview.body.parse(sent)).toEqual(sent);
  },
);
