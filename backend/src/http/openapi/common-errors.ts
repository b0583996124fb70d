import { takesApiKey, type Endpoint } from '../../../../shared/contracts/endpoint.ts';
import { CardRecordRefused } from '../../cards/card-errors.ts';
import { CrmRateLimited, CrmUnavailable } from '../../crm/errors.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import { EnrolmentNotFound } from '../../enrolment/enrolment-errors.ts';
import { programNotFound } from '../../qualification/program-errors.ts';
import { OriginNotAllowed } from '../authenticate/form-key-errors.ts';
import {
  ApiKeyRefused,
  BodyNotJson,
  BodyTooLarge,
  CardAccountRefused,
  DatabaseUnavailable,
  HubSpotNotConfigured,
  IdempotencyKeyBusy,
  IdempotencyKeyReused,
  IntakeUnavailable,
  InternalError,
  MediaTypeUnsupported,
  NotFound,
  RequestInvalid,
  SignatureRefused,
} from '../http-errors.ts';
import { TooManyTries } from '../public/public-errors.ts';
import { plainText, type JsonSchema } from './document.ts';
import { takesIdempotencyKey } from './parameters.ts';
import { exampleOf, schemaOf } from './schemas.ts';

/** What every operation of its kind may be refused with: it follows from its key, its parameters and its body. */
export function commonErrors(endpoint: Endpoint): PassalongError[] {
  if (endpoint.auth === 'hubspotSignature') {
    return [new BodyNotJson(), new SignatureRefused(), new BodyTooLarge(1_500_000), new IntakeUnavailable(), fault];
  }
  if (endpoint.auth === 'hubspotCard') return cardErrors(endpoint);
  const body = endpoint.body ? [new BodyNotJson(), new BodyTooLarge(262_144), new MediaTypeUnsupported()] : [];
  if (!takesApiKey(endpoint)) return [...body, ...(endpoint.body ? [invalid(endpoint)] : []), fault];
  return [
    new ApiKeyRefused('missing'),
    ...(endpoint.auth === 'apiKeyOrFormKey' ? [new OriginNotAllowed('unknown'), new TooManyTries(busyUntil)] : []),
    ...body,
    ...notFoundOf(endpoint),
    ...(endpoint.params || endpoint.query || endpoint.body ? [invalid(endpoint)] : []),
    ...(takesIdempotencyKey(endpoint) ? [new IdempotencyKeyReused(), new IdempotencyKeyBusy()] : []),
    fault,
    new DatabaseUnavailable(),
  ];
}

function cardErrors(endpoint: Endpoint): PassalongError[] {
  const write = [new BodyNotJson(), new BodyTooLarge(65_536), new MediaTypeUnsupported()];
  const once = [new IdempotencyKeyReused(), new IdempotencyKeyBusy()];
  return [
    new SignatureRefused(),
    new CardAccountRefused(),
    new CardRecordRefused(),
    ...(endpoint.body ? [...write, ...once] : []),
    invalid(endpoint),
    fault,
    new CrmUnavailable('The CRM did not answer in time.'),
    new CrmRateLimited(busyUntil),
    new HubSpotNotConfigured(),
    new DatabaseUnavailable(),
  ];
}

const fault = new InternalError();
const busyUntil = Date.UTC(2026, 10, 20, 10, 15);

/** Ids whose absence has an error of its own. */
const ABSENT: Readonly<Record<string, (id: string) => PassalongError>> = {
  programId: programNotFound,
  enrolmentId: (id) => new EnrolmentNotFound(`There is no enrolment ${id} in this workspace.`),
};

/** One for each id in the path, in the words its route uses. */
function notFoundOf({ params }: Endpoint): PassalongError[] {
  if (!params) return [];
  const { properties = {} } = schemaOf(params, 'input', {}) as { properties?: Record<string, object> };
  return Object.entries(properties).map(([name, schema]) => {
    const id = plainText(exampleOf(schema as JsonSchema)) || '…';
    const absent = ABSENT[name];
    if (absent) return absent(id);
    return new NotFound(
      name.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      id,
    );
  });
}

/** Something a caller gets wrong easily, told in the words of the contract. */
function invalid({ params, query, body }: Endpoint): RequestInvalid {
  const unknown = 'There is no such field.';
  if (body) return new RequestInvalid([{ path: 'colour', message: unknown }]);
  if (query && 'limit' in query.shape) {
    return new RequestInvalid([{ path: 'query.limit', message: 'Too big: expected number to be <=100' }]);
  }
  if (query) return new RequestInvalid([{ path: 'query.colour', message: unknown }]);
  const [name = 'id'] = Object.keys(params?.shape ?? {});
  const refused = params?.safeParse({ [name]: '?' }).error?.issues[0]?.message;
  return new RequestInvalid([{ path: `params.${name}`, message: refused ?? unknown }]);
}
