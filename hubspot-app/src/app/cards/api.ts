import { hubspot } from '@hubspot/ui-extensions';
import type {
  AddedReferral,
  AskedReview,
  CompanyCardView,
  CompanyReferralPage,
  ContactCardView,
  DealCardView,
  EnrolledContact,
  ReferralPage,
} from '@passalong/shared/card-view';
import { readAnswer, UNREACHABLE } from './read-answer.ts';
import type { Answer, Failure } from './read-answer.ts';
import { COMPANY_WORDS } from './refusal-words.ts';
import type { RefusalWords } from './refusal-words.ts';

type Body = Readonly<Record<string, string | null>>;
type Check<T> = (body: unknown) => body is T;
type Call<T> = {
  readonly path: string;
  readonly body?: Body;
  readonly isValue: Check<T>;
  readonly words?: RefusalWords;
};

/** HubSpot gives up after 15 seconds; before that the rep gets an answer from us. */
const READ_TIMEOUT_MS = 10_000;
const WRITE_TIMEOUT_MS = 15_000;

const NO_ADDRESS: Failure = {
  ...UNREACHABLE,
  outcome: 'refused',
  message: 'This card does not know where the Passalong service is.',
  remedy: 'Ask an admin to upload the app with a profile that sets PUBLIC_URL.',
};

const has =
  <T>(key: string, isRight: (value: unknown) => boolean): Check<T> =>
  (body): body is T =>
    typeof body === 'object' && body !== null && isRight((body as Record<string, unknown>)[key]);
const isView = <T extends { readonly kind: string }>(kind: T['kind']) => has<T>('kind', (value) => value === kind);
const isPage = <T>() => has<T>('items', Array.isArray);
const isResult = <T>() => has<T>('result', (value) => typeof value === 'string');

/** The only place that calls out. HubSpot adds who is asking and signs; the card sends neither names nor secrets. */
async function call<T>(baseUrl: string, { path, body, ...reading }: Call<T>): Promise<Answer<T>> {
  try {
    const response = await hubspot.fetch(`${baseUrl}/hubspot/${path}`, {
      method: body ? 'POST' : 'GET',
      timeout: body ? WRITE_TIMEOUT_MS : READ_TIMEOUT_MS,
      ...(body ? { body } : {}),
    });
    const said: unknown = await response.json().catch(() => null);
    return readAnswer({ status: response.status, body: said, ...reading });
  } catch {
    // A connection that failed or timed out says nothing about whether the service acted; request keys settle that.
    return UNREACHABLE;
  }
}

export type RecordId = number | string;
const at = (kind: 'contacts' | 'deals' | 'companies', id: RecordId, rest: string) =>
  `${kind}/${encodeURIComponent(id)}/${rest}`;
const page = (cursor: string) => `referrals?cursor=${encodeURIComponent(cursor)}`;

export type NewReferral = {
  readonly requestKey: string;
  readonly programId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly note: string | null;
};
export type Enrolment = { readonly requestKey: string; readonly programId: string };
export type ReviewRequest = {
  readonly referralId: string;
  readonly requestKey: string;
  readonly note: string | null;
};

export type Service = ReturnType<typeof connectService>;

/** @param publicUrl the service's address from the app's profile, without a slash at the end */
export function connectService(publicUrl: string | null) {
  const ask = <T>(request: Call<T>): Promise<Answer<T>> =>
    publicUrl === null ? Promise.resolve(NO_ADDRESS) : call(publicUrl, request);
  return {
    contactCard: (id: RecordId) =>
      ask({ path: at('contacts', id, 'card'), isValue: isView<ContactCardView>('contact') }),
    dealCard: (id: RecordId) => ask({ path: at('deals', id, 'card'), isValue: isView<DealCardView>('deal') }),
    companyCard: (id: RecordId) =>
      ask({ path: at('companies', id, 'card'), isValue: isView<CompanyCardView>('company'), words: COMPANY_WORDS }),
    contactReferrals: (id: RecordId, cursor: string) =>
      ask({ path: at('contacts', id, page(cursor)), isValue: isPage<ReferralPage>() }),
    companyReferrals: (id: RecordId, cursor: string) =>
      ask({ path: at('companies', id, page(cursor)), isValue: isPage<CompanyReferralPage>(), words: COMPANY_WORDS }),
    addReferral: (id: RecordId, body: NewReferral) =>
      ask({ path: at('contacts', id, 'referrals'), body, isValue: isResult<AddedReferral>() }),
    enrol: (id: RecordId, body: Enrolment) =>
      ask({ path: at('contacts', id, 'advocate'), body, isValue: isResult<EnrolledContact>() }),
    askReview: (id: RecordId, { referralId, ...body }: ReviewRequest) =>
      ask({
        path: at('contacts', id, `referrals/${encodeURIComponent(referralId)}/review`),
        body,
        isValue: isResult<AskedReview>(),
      }),
  };
}
