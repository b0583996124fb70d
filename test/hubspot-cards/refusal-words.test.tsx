import { describe, expect, test } from 'vitest';
import { commonErrors } from '../../backend/src/http/openapi/common-errors.ts';
import { OPERATION_ERRORS } from '../../backend/src/http/openapi/operation-errors.ts';
import { readAnswer } from '../../hubspot-app/src/app/cards/read-answer.ts';
import { REFUSAL_WORDS } from '../../hubspot-app/src/app/cards/refusal-words.ts';
import { ALL_ENDPOINTS } from '../../shared/contracts/all-endpoints.ts';

const cardEndpoints = ALL_ENDPOINTS.filter(({ auth }) => auth === 'hubspotCard');
const refusals = cardEndpoints.flatMap((endpoint) => [
  ...commonErrors(endpoint),
  ...(OPERATION_ERRORS[endpoint.operationId] ?? []),
]);
const statuses = new Map(refusals.map(({ details }) => [details.code, details.status]));
/** What no rep can act on: parts of requests, ids, addresses of the API, settings of the service. */
const OF_DEVELOPERS =
  /entryId|Idempotency|\/api\/|openapi|GET |POST |[a-z]_[a-z]|[A-Z]{2,}_|`|PUBLIC_URL|\bprg|token|correlation|signature|JSON|Content-Type|database/i;

const told = (status: number, code: string, fields?: readonly { path: string; message: string }[]) =>
  readAnswer({
    status,
    body: { error: { code, message: 'prg_1 of entryId', remedy: 'POST /api/v1', requestId: 'req_1', fields } },
    isValue: (_body): _body is never => false,
  });

describe('what the service may refuse a card', () => {
  test('is known for every card endpoint', () => {
    expect(cardEndpoints.length).toBeGreaterThan(7);
    expect(statuses.size).toBeGreaterThan(15);
  });

  test.each([...statuses])('%s (%i) is told in words of the card', (code, status) => {
    const words = REFUSAL_WORDS[code];
    expect(words?.message, `refusal-words.ts has no words for ${code}`).toMatch(/^[A-Z].+\.$/);
    expect(told(status, code)).toMatchObject({ ...words, requestId: 'req_1' });
  });

  test.each(Object.entries(REFUSAL_WORDS))('the words for %s are ones a rep can follow', (_code, words) => {
    expect(words.message).toMatch(/^[A-Z][^.]+\.$/);
    expect(words.remedy).toMatch(/^[A-Z].+\.$/);
    expect(`${words.message} ${words.remedy}`).not.toMatch(OF_DEVELOPERS);
  });

  test.each(['crm_authorization_revoked', 'crm_scope_missing', 'crm_rejected', 'crm_app_misconfigured', 'not_found'])(
    '%s, which HubSpot can cause on the way, is told in words of the card too',
    (code) => expect(told(409, code)).toMatchObject({ ...REFUSAL_WORDS[code], message: expect.any(String) as string }),
  );
});

test('a code of a later version keeps the service’s message and gets a remedy for a rep', () => {
  expect(told(409, 'program_is_tired')).toMatchObject({
    message: 'prg_1 of entryId',
    remedy: 'Reload the page and try again.',
  });
});

test('a code that is the name of something every object has is no code of ours', () => {
  expect(told(409, 'constructor')).toMatchObject({ message: 'prg_1 of entryId' });
});

test('a field says the card’s words where the refusal has some of its own', () => {
  const answer = told(422, 'self_referral', [{ path: 'email', message: 'Advocates cannot refer themselves.' }]);
  expect(answer).toMatchObject({ fields: [{ field: 'email', message: REFUSAL_WORDS.self_referral?.message }] });
});

test('what is wrong with single fields is said by the service, field by field', () => {
  const answer = told(422, 'request_invalid', [{ path: 'body.phone', message: 'Too short.' }]);
  expect(answer).toMatchObject({ fields: [{ field: 'phone', message: 'Too short.' }] });
});

test('an answer that is still being worked on is not confirmed yet, however it comes', () => {
  expect(told(409, 'idempotency_key_busy').outcome).toBe('unavailable');
  expect(told(409, 'idempotency_key_reused').outcome).toBe('refused');
});
