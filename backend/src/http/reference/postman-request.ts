import { plainText, type OpenApiParameter, type PlacedOperation } from '../openapi/document.ts';

export type PostmanHeader = { readonly key: string; readonly value: string; readonly description?: string };

export type PostmanQuery = PostmanHeader & { readonly disabled: boolean };

export type PostmanUrl = {
  readonly raw: string;
  readonly host: readonly string[];
  readonly path: readonly string[];
  readonly query?: readonly PostmanQuery[];
  readonly variable?: readonly PostmanHeader[];
};

export type PostmanRequest = {
  readonly method: string;
  readonly description: string;
  readonly auth?: { readonly type: 'noauth' };
  readonly header: readonly PostmanHeader[];
  readonly url: PostmanUrl;
  readonly body?: {
    readonly mode: 'raw';
    readonly raw: string;
    readonly options: { readonly raw: { readonly language: 'json' } };
  };
};

/** The request with its examples filled in: ready to send once the variables are set. */
export function postmanRequest({ path, method, operation }: PlacedOperation): PostmanRequest {
  const { security, summary, description, requestBody } = operation;
  const body = requestBody?.content['application/json']?.example;
  return {
    method: method.toUpperCase(),
    description: description ?? summary,
    // Without this it would inherit the key, which a check of health has no use for.
    ...(security.length === 0 ? { auth: { type: 'noauth' as const } } : {}),
    header: headersOf(operation, body !== undefined),
    url: urlOf(path, operation.parameters),
    ...(body === undefined
      ? {}
      : { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } }),
  };
}

function headersOf({ parameters }: PlacedOperation['operation'], hasBody: boolean): PostmanHeader[] {
  const own = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name, description, example }) => ({
      key: name,
      // A fresh one for every sending: a fixed one would give the first answer again and again.
      value: name === 'Idempotency-Key' ? '{{$guid}}' : plainText(example),
      description,
    }));
  return [
    { key: 'Accept', value: 'application/json' },
    ...(hasBody ? [{ key: 'Content-Type', value: 'application/json' }] : []),
    ...own,
  ];
}

/** `{id}` becomes `:id`; what is optional is there to be ticked. */
function urlOf(openApiPath: string, parameters: readonly OpenApiParameter[]): PostmanUrl {
  const path = openApiPath.replace(/\{(\w+)\}/g, ':$1');
  const pick = (place: OpenApiParameter['in']): (PostmanHeader & { required: boolean })[] =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name, example, description, required }) => ({
        key: name,
        value: plainText(example),
        description,
        required,
      }));
  const query = pick('query').map(({ required, ...entry }) => ({ ...entry, disabled: !required }));
  const variable = pick('path').map(({ required: _required, ...entry }) => entry);
  const sent = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${encodeURIComponent(value)}`);
  return {
    raw: `{{baseUrl}}${path}${sent.length === 0 ? '' : `?${sent.join('&')}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(query.length === 0 ? {} : { query }),
    ...(variable.length === 0 ? {} : { variable }),
  };
}
