import { expect, test, vi } from 'vitest';
import { Alert, Form, Input, LoadingButton, Select, TextArea } from '@hubspot/ui-extensions';
import type { CardService, Reply, SettledReply } from './card-service.ts';
import { ok, stubCardService, wrapped } from './card-service.ts';
import { openCard, standStill } from './open-card.tsx';
import type { OpenedCard } from './open-card.tsx';
import { PARTNERS, sampleAdvocate, sampleContact } from './sample-views.ts';
import type { ContactCardView } from '../../shared/card-view.ts';

standStill();
const READ = 'GET /contacts/501/card';
const ADD = 'POST /contacts/501/referrals';
const added: Reply = ok({ result: 'added', referralId: 'ref_9' }, 201);
const TYPED = { email: 'dana@example.com', firstName: 'Dana', lastName: '', phone: '', note: 'Met at a fair.' };

async function open(replies: Reply[], changes: Partial<ContactCardView> = {}) {
  const service = stubCardService();
  service.answer(READ, ok(sampleContact(changes)));
  service.answer(ADD, ...replies);
  const card = openCard('contact');
  await card.shows('As of');
  return { service, card };
}

const formOf = (card: OpenedCard) => card.find(Form, ({ props }) => props.autoComplete === 'off');
const send = (card: OpenedCard, targetValue: Record<string, string> = TYPED) =>
  formOf(card).trigger('onSubmit', { targetValue } as never);
const input = (card: OpenedCard, name: string) => formOf(card).find(Input, { name });

test('G10 a rep adds somebody a contact spoke of, and the card reads again', async () => {
  const { card, service } = await open([added]);
  send(card);
  await vi.waitFor(() => expect(service.heard(READ)).toHaveLength(2));
  const { requestKey, ...sent } = service.heard(ADD)[0]?.body ?? {};
  expect(sent).toEqual({
    programId: 'prg_customers',
    email: 'dana@example.com',
    firstName: 'Dana',
    lastName: null,
    phone: null,
    note: 'Met at a fair.',
  });
  expect(requestKey).toMatch(/^[\x21-\x7e]{8,100}$/);
  expect(card.mocks.actions.addAlert.calls[0]?.[0]).toEqual({
    type: 'success',
    title: 'Referral added',
    message: 'Ada Advocate referred dana@example.com.',
  });
  expect(card.mocks.actions.closeOverlay.calls).toEqual([['passalong-add-referral']]);
  expect(input(card, 'email').props.value).toBe('');
});

test('G10 somebody who was referred before is no error and changes nothing', async () => {
  const { card } = await open([ok({ result: 'already_there', referralId: 'ref_1' })]);
  send(card);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({ type: 'info', title: 'Already referred' });
});

test('without an e-mail address nothing is sent and the input says what is missing', async () => {
  const { card, service } = await open([added]);
  send(card, { ...TYPED, email: '  ' });
  await card.shows('Enter an e-mail address.');
  expect(input(card, 'email').props).toMatchObject({ error: true, validationMessage: 'Enter an e-mail address.' });
  expect(input(card, 'firstName').props.value).toBe('Dana');
  expect(service.heard(ADD)).toEqual([]);
});

const invalid = {
  error: {
    code: 'request_invalid',
    message: '3 fields were refused.',
    remedy: 'Mend the fields listed in `fields`; /openapi.json describes each of them.',
    requestId: 'req_3',
    fields: [
      { path: 'body.email', message: 'The e-mail address is not valid.' },
      { path: 'phone', message: 'The phone number is too short.' },
      { path: 'programId', message: 'The program is closed.' },
    ],
  },
};

test.each([
  ['directly', { status: 422, body: invalid }],
  ['wrapped by HubSpot', wrapped(422, invalid)],
] as const)(
  'field errors that come %s stand at their inputs and the form keeps what was typed',
  async (_how, reply) => {
    const { card } = await open([reply]);
    send(card, { ...TYPED, phone: '1' });
    await card.shows('The e-mail address is not valid.');
    expect(input(card, 'email').props).toMatchObject({ error: true, value: 'dana@example.com' });
    expect(input(card, 'phone').props).toMatchObject({
      value: '1',
      error: true,
      validationMessage: 'The phone number is too short.',
    });
    expect(input(card, 'firstName').props.error).toBeUndefined();
    // With one program there is no input for it, so its problem stands above the form.
    const above = card.find(Alert, { title: 'Not saved' }).toString();
    expect(above).toContain('The program is closed.');
    expect(above).toContain('Correct what is marked or named here, then send again.');
    expect(above).not.toContain('openapi');
    expect(formOf(card).find(TextArea).props.value).toBe('Met at a fair.');
    expect(card.mocks.actions.closeOverlay.callCount).toBe(0);
  },
);

test('a second try after an outage carries the same request key, so that it adds nothing twice', async () => {
  const { card, service } = await open(['unreachable', added]);
  send(card);
  await card.shows('Not confirmed yet', 'Sending the same again adds nothing twice.');
  expect(input(card, 'email').props.value).toBe('dana@example.com');
  send(card);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  const [first, second] = service.heard(ADD).map(({ body }) => body.requestKey);
  expect(first).toBe(second);
});

test('other content is another request, and so is the same content after success', async () => {
  const { card, service } = await open(['unreachable', added, added]);
  send(card);
  await card.shows('Not confirmed yet');
  send(card, { ...TYPED, email: 'eve@example.com' });
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  send(card, { ...TYPED, email: 'eve@example.com' });
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(2));
  expect(new Set(service.heard(ADD).map(({ body }) => body.requestKey)).size).toBe(3);
});

const refusal = (code: string, fields?: readonly { path: string; message: string }[]) => ({
  error: { code, message: 'Said to developers.', remedy: 'POST /api/v1', requestId: 'req_4', fields },
});
const keysOf = (service: CardService) => service.heard(ADD).map(({ body }) => body.requestKey);

test.each([
  [401, 'signature_refused'],
  [403, 'card_record_refused'],
  [404, 'program_not_found'],
  [409, 'program_not_published'],
  [409, 'idempotency_key_reused'],
  [422, 'request_invalid'],
])('after a refusal (%i %s) the same content is sent as a new request', async (status, code) => {
  const { card, service } = await open([{ status, body: refusal(code) }, added]);
  send(card);
  await card.shows('Not saved');
  send(card);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  expect(new Set(keysOf(service)).size).toBe(2);
});

test.each([
  [409, 'idempotency_key_busy'],
  [429, 'too_many_tries'],
  [503, 'database_unavailable'],
  [502, 'crm_rejected'],
])('after %i %s nobody knows yet, so the form and the key stay as they are', async (status, code) => {
  const { card, service } = await open([{ status, body: refusal(code) }, added]);
  send(card);
  await card.shows('Not confirmed yet', 'What you typed is kept.');
  expect(card.maybeFind(Alert, { title: 'Not saved' })).toBeNull();
  expect(card.find(Alert, { title: 'Not confirmed yet' }).props.variant).toBe('warning');
  expect(input(card, 'email').props.value).toBe('dana@example.com');
  send(card);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  expect(new Set(keysOf(service)).size).toBe(1);
});

test('success in an answer this card cannot read is not confirmed either, and carries the same key', async () => {
  const { card, service } = await open([ok({ done: true }), added]);
  send(card);
  await card.shows('Not confirmed yet');
  send(card);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  expect(new Set(keysOf(service)).size).toBe(1);
});

test('a link that rests is told above the form, once, though the form has no input for its code', async () => {
  const { card } = await open([
    {
      status: 422,
      body: refusal('advocate_paused', [{ path: 'code', message: 'The advocate’s link rests: they left the list.' }]),
    },
  ]);
  send(card);
  await card.shows('The link of this contact rests.');
  const above = card.find(Alert, { title: 'Not saved' }).toString();
  expect(above).toContain('Put this contact back on the list it came from, then add the referral again.');
  expect(above).not.toContain('they left the list');
  expect(above.split('The link of this contact rests.')).toHaveLength(2);
});

test('an address that is the contact’s own is told at its input', async () => {
  const { card } = await open([
    { status: 422, body: refusal('self_referral', [{ path: 'email', message: 'Advocates cannot.' }]) },
  ]);
  send(card);
  await card.shows('Not saved');
  expect(input(card, 'email').props).toMatchObject({
    error: true,
    validationMessage: 'This address belongs to the contact who refers.',
  });
});

test('two problems the form has no input for are both told above it', async () => {
  const { card } = await open([
    {
      status: 422,
      body: refusal('request_invalid', [
        { path: 'query.portalId', message: 'First of all.' },
        { path: 'header.portalId', message: 'Then again.' },
      ]),
    },
  ]);
  send(card);
  await card.shows('First of all.', 'Then again.');
});

test('a double click sends once', async () => {
  const { card, service } = await open([added]);
  const form = formOf(card);
  form.trigger('onSubmit', { targetValue: TYPED } as never);
  form.trigger('onSubmit', { targetValue: TYPED } as never);
  await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
  expect(service.heard(ADD)).toHaveLength(1);
});

test('while it is being sent the button says so', async () => {
  const { card } = await open([new Promise<SettledReply>(() => undefined)]);
  send(card);
  await card.waitFor(() => expect(formOf(card).find(LoadingButton).props.loading).toBe(true));
  expect(formOf(card).find(LoadingButton).text).toBe('Add referral');
});

test('what an input reports when it is left survives a reading of the card', async () => {
  const { card, service } = await open([added]);
  input(card, 'email').trigger('onChange', 'half@typed' as never);
  await card.waitFor(() => expect(input(card, 'email').props.value).toBe('half@typed'));
  card.mocks.actions.onCrmPropertiesUpdate.calls[0]?.[1]({});
  await vi.waitFor(() => expect(service.heard(READ)).toHaveLength(2));
  await card.shows('As of');
  expect(input(card, 'email').props.value).toBe('half@typed');
});

test('in several programs the referral goes into the chosen one', async () => {
  const partner = sampleAdvocate({ advocateId: 'adv_2', program: PARTNERS });
  const { card, service } = await open([added], { advocacies: [sampleAdvocate(), partner] });
  expect(formOf(card).find(Select).props.value).toBe('prg_customers');
  formOf(card)
    .find(Select)
    .trigger('onChange', PARTNERS.id as never);
  await card.waitFor(() => expect(formOf(card).find(Select).props.value).toBe(PARTNERS.id));
  send(card);
  await vi.waitFor(() => expect(service.heard(ADD)).toHaveLength(1));
  expect(service.heard(ADD)[0]?.body.programId).toBe(PARTNERS.id);
});
