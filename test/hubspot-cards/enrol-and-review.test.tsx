import { describe, expect, test, vi } from 'vitest';
import { Button, Form, LoadingButton, Modal, Select, TextArea } from '@hubspot/ui-extensions';
import type { Reply } from './card-service.ts';
import { ok, stubCardService } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import { LINK, notEnrolled, PARTNERS, sampleContact, sampleLine, samplePage } from './sample-views.ts';
import type { ContactCardView } from '../../shared/card-view.ts';

standStill();
const READ = 'GET /contacts/501/card';
const ENROL = 'POST /contacts/501/advocate';
const REVIEW = 'POST /contacts/501/referrals/ref_1/review';
const NOT_PUBLISHED = {
  error: { code: 'program_not_published', message: 'The program is a draft.', remedy: 'POST …', requestId: 'r' },
};

async function open(...views: ContactCardView[]) {
  const service = stubCardService();
  service.answer(READ, ...views.map((view) => ok(view)));
  const card = openCard('contact');
  await card.shows('As of');
  return { service, card };
}

describe('enrolment', () => {
  const enrolled: Reply = ok({ result: 'enrolled', advocateId: 'adv_1', link: LINK }, 201);

  test('G10 a rep enrols a contact with one click and sees the link', async () => {
    const { card, service } = await open(notEnrolled(), sampleContact());
    service.answer(ENROL, enrolled);
    card.find(LoadingButton, ({ text }) => text === 'Enrol this contact').trigger('onClick');
    await card.shows(LINK, 'Copy link');
    expect(service.heard(ENROL)[0]?.body).toMatchObject({ programId: 'prg_customers' });
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({
      type: 'success',
      message: 'Ada Advocate has a referral link now.',
    });
  });

  test('a contact somebody else enrolled meanwhile is no error', async () => {
    const { card, service } = await open(notEnrolled(), sampleContact());
    service.answer(ENROL, ok({ result: 'already_enrolled', advocateId: 'adv_1', link: LINK }));
    card.find(LoadingButton).trigger('onClick');
    await card.shows(LINK);
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({ type: 'info', title: 'Already enrolled' });
  });

  test('a refusal says what to do in words for a rep, and the next try is a new request', async () => {
    const { card, service } = await open(notEnrolled(), sampleContact());
    service.answer(ENROL, { status: 409, body: NOT_PUBLISHED }, enrolled);
    const click = () => card.find(LoadingButton).trigger('onClick');
    click();
    await card.shows('This program is not published. Ask an admin to publish it, or choose another one.');
    click();
    await card.shows(LINK);
    const [first, second] = service.heard(ENROL).map(({ body }) => body.requestKey);
    expect(first).not.toBe(second);
  });

  test('with several programs the rep chooses, the primary one first', async () => {
    const enrollable = [{ id: 'prg_customers', name: 'Customer referrals' }, PARTNERS];
    const { card, service } = await open(notEnrolled({ enrollable }), sampleContact());
    service.answer(ENROL, enrolled);
    expect(card.find(Select).props.value).toBe('prg_customers');
    card.find(Select).trigger('onChange', PARTNERS.id as never);
    await card.waitFor(() => expect(card.find(Select).props.value).toBe(PARTNERS.id));
    card.find(LoadingButton).trigger('onClick');
    await card.shows(LINK);
    expect(service.heard(ENROL)[0]?.body.programId).toBe(PARTNERS.id);
  });

  test('an advocate of one program can be enrolled in another one', async () => {
    const { card, service } = await open(sampleContact({ enrollable: [PARTNERS] }));
    service.answer(ENROL, enrolled);
    await card.shows('Enrol in another program', 'Program: Partner referrals');
    card.find(LoadingButton, ({ text }) => text === 'Enrol').trigger('onClick');
    await vi.waitFor(() => expect(service.heard(READ)).toHaveLength(2));
    expect(service.heard(ENROL)[0]?.body.programId).toBe(PARTNERS.id);
    expect(card.mocks.actions.closeOverlay.calls).toEqual([['passalong-enrol']]);
  });
});

describe('review', () => {
  const asked: Reply = ok({ result: 'asked', askedAt: '2026-11-20T12:30:00.000Z' }, 201);
  const reviewed = sampleContact({
    referrals: samplePage({ items: [sampleLine({ reviewAskedAt: '2026-11-20T12:30:00.000Z' })] }),
  });
  const modal = (card: Awaited<ReturnType<typeof open>>['card']) => card.find(Modal, { id: 'passalong-review-ref_1' });

  test('G10 a rep asks for a review with a note, and the line says when', async () => {
    const { card, service } = await open(sampleContact(), reviewed);
    service.answer(REVIEW, asked);
    modal(card)
      .find(Form)
      .trigger('onSubmit', { targetValue: { note: ' Contract was signed. ' } } as never);
    await card.shows('Review asked on 20 Nov 2026');
    expect(service.heard(REVIEW)[0]?.body).toMatchObject({ note: 'Contract was signed.' });
    expect(service.heard(REVIEW)[0]?.body).not.toHaveProperty('referralId');
    expect(card.maybeFind(Button, ({ text }) => text === 'Ask for review')).toBeNull();
    expect(card.mocks.actions.closeOverlay.calls).toEqual([['passalong-review-ref_1']]);
  });

  test('without a note it asks all the same, and a review asked before is said', async () => {
    const { card, service } = await open(sampleContact(), reviewed);
    service.answer(REVIEW, ok({ result: 'already_asked', askedAt: '2026-11-18T09:00:00.000Z' }));
    modal(card)
      .find(Form)
      .trigger('onSubmit', { targetValue: { note: '' } } as never);
    await card.shows('Review asked on');
    expect(service.heard(REVIEW)[0]?.body.note).toBeNull();
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({
      type: 'info',
      message: 'A review was asked on 18 Nov 2026.',
    });
  });

  test('an outage keeps the note and the next try carries the same key', async () => {
    const { card, service } = await open(sampleContact(), reviewed);
    service.answer(REVIEW, 'unreachable', asked);
    const submit = () =>
      modal(card)
        .find(Form)
        .trigger('onSubmit', { targetValue: { note: 'Please look.' } } as never);
    submit();
    await card.shows('Not confirmed yet');
    expect(modal(card).find(TextArea).props.value).toBe('Please look.');
    submit();
    await card.shows('Review asked on 20 Nov 2026');
    const [first, second] = service.heard(REVIEW).map(({ body }) => body.requestKey);
    expect(first).toBe(second);
  });

  test('after a refusal the next try is a new request', async () => {
    const { card, service } = await open(sampleContact(), reviewed);
    const gone = { code: 'card_referral_not_found', message: 'No ref_1.', remedy: '', requestId: 'r' };
    service.answer(REVIEW, { status: 404, body: { error: gone } }, asked);
    const submit = () =>
      modal(card)
        .find(Form)
        .trigger('onSubmit', { targetValue: { note: 'Please look.' } } as never);
    submit();
    await card.shows('This referral is not on this contact any more.');
    submit();
    await card.shows('Review asked on 20 Nov 2026');
    const [first, second] = service.heard(REVIEW).map(({ body }) => body.requestKey);
    expect(first).not.toBe(second);
  });

  test('the button stays where the focus is, and tells of the review instead of asking for one', async () => {
    const { card } = await open(reviewed);
    const button = card.find(Button, ({ text }) => text === 'Review asked on 20 Nov 2026');
    expect(button.props.disabled).toBeUndefined();
    expect(modal(card).props.title).toBe('Review asked');
    expect(modal(card).toString()).toContain('Its status stays until they decide.');
    expect(modal(card).maybeFind(Form)).toBeNull();
    modal(card)
      .find(Button, ({ text }) => text === 'Close')
      .trigger('onClick');
    expect(card.mocks.actions.closeOverlay.calls).toEqual([['passalong-review-ref_1']]);
  });

  test('G10 on the friend’s own record a review can be asked too', async () => {
    const line = sampleLine({ id: 'ref_1' });
    const { card, service } = await open(notEnrolled({ referredBy: [line] }));
    service.answer(REVIEW, asked);
    modal(card)
      .find(Form)
      .trigger('onSubmit', { targetValue: { note: 'Mine.' } } as never);
    await vi.waitFor(() => expect(service.heard(REVIEW)).toHaveLength(1));
    expect(service.heard(REVIEW)[0]?.body.note).toBe('Mine.');
  });
});
