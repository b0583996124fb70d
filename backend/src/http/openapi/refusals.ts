import type { Endpoint } from '../../../../shared/contracts/endpoint.ts';
import { errorAnswer } from '../../../../shared/contracts/error-answer.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import { describeError } from '../error-response.ts';
import { DatabaseUnavailable, IdempotencyKeyReused, NotFound, RequestInvalid } from '../http-errors.ts';
import { commonErrors } from './common-errors.ts';
import type { OpenApiMedia, OpenApiResponse } from './document.ts';
import { headersOf } from './headers.ts';
import { OPERATION_ERRORS } from './operation-errors.ts';
import { schemaOf, type SchemaComponents } from './schemas.ts';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood.',
  401: 'No valid API key or signature.',
  403: 'The key is good, but not for this.',
  404: 'Unknown id, or an id of another workspace.',
  409: 'Not in this state: see the codes.',
  413: 'The body is too large.',
  415: 'The body is not declared as JSON.',
  422: 'Something was refused; `error.fields` says what, where fields are to blame.',
  429: 'Too many calls; see `Retry-After`.',
  500: 'A fault of ours.',
  502: 'The CRM refused what it was asked.',
  503: 'The database or the CRM does not answer; try again.',
};

/** For a status a contract names without any error of its own: the one every operation may raise with it. */
const ANY: readonly PassalongError[] = [
  new NotFound('record', '…'),
  new IdempotencyKeyReused(),
  new RequestInvalid([{ path: 'colour', message: 'There is no such field.' }]),
  new DatabaseUnavailable(),
];

const REQUEST_ID = 'req_5d0f1c9a7b3e2k4m';

/** The one shape of every refusal, and what it is made of, as components. */
export function errorSchemas(): SchemaComponents {
  const components: SchemaComponents = {};
  schemaOf(errorAnswer, 'output', components);
  return components;
}

/** What an operation may refuse with, by status, each with one example per code: bodies as the service sends them. */
export function refusalsOf(endpoint: Endpoint): Record<string, OpenApiResponse> {
  const errors = [...(OPERATION_ERRORS[endpoint.operationId] ?? []), ...commonErrors(endpoint)];
  const known = new Set(errors.map(({ details }) => details.status));
  const named = (endpoint.refusals ?? []).filter((status) => !known.has(status));
  const others = ANY.filter(({ details }) => named.includes(details.status));
  const byStatus = Map.groupBy([...errors, ...others], ({ details }) => details.status);
  return Object.fromEntries(
    [...new Set([...byStatus.keys(), ...named])].map((status) => [
      status,
      {
        description: DESCRIPTIONS[status] ?? 'Refused.',
        ...headersOf(endpoint, status),
        content: contentOf(endpoint, byStatus.get(status) ?? []),
      },
    ]),
  );
}

function contentOf(endpoint: Endpoint, errors: readonly PassalongError[]): Record<string, OpenApiMedia> {
  const examplesBy = (show: (error: PassalongError) => unknown): OpenApiMedia['examples'] =>
    Object.fromEntries(errors.map((error) => [error.code, { summary: error.message, value: show(error) }]));
  if (refusesWithPage(endpoint)) return { 'text/html': { schema: { type: 'string' }, examples: examplesBy(asPage) } };
  const schema = { $ref: '#/components/schemas/Error' };
  return { 'application/json': { schema, examples: examplesBy((error) => describeError(error, REQUEST_ID).body) } };
}

/** Where people look, not programs, refusals are pages too. */
function refusesWithPage({ auth, answers }: Endpoint): boolean {
  const refusals = Object.entries(answers).filter(([status]) => Number(status) >= 400);
  return auth === 'oauthState' || refusals.some(([, { contentType }]) => contentType === 'text/html');
}

function asPage({ message, details }: PassalongError): string {
  return `<p>${message}</p><p>${details.remedy}</p><small>${details.code} · ${REQUEST_ID}</small>`;
}
