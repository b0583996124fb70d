/**
 * What HubSpot demands of the `config` of each component on platform 2026.09, in our words and stricter where the rules
 * are not stated: HubSpot hands its own schemas only to signed-in accounts. Keys are HubSpot's internal component names.
 */
type Schema = Readonly<Record<string, unknown>>;

const text = (maxLength: number): Schema => ({ type: 'string', minLength: 1, maxLength });
const object = (required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, uniqueItems: true, ...more });
const oneOf = (...values: readonly unknown[]): Schema => ({ enum: values });

/** Neither a space at an end nor a line break. */
const name = { ...text(200), pattern: '^\\S(.*\\S)?$' };
const page = { ...text(250), pattern: '^https://' };
/** A bare origin satisfies prefix and origin matching alike. */
const origin = { type: 'string', pattern: '^https://(?!localhost(?::|$))[^/\\s]+$' };
const scopes = list({ type: 'string', pattern: '^[a-z_]+([.-][a-z_]+)*$' });
const tsx = (directory: string): Schema => ({ type: 'string', pattern: `^/app/${directory}/[\\w-]+\\.[jt]sx?$` });
const kindsOfObject = ['contacts', 'deals', 'companies', 'tickets'];

const app = object(['name', 'description', 'distribution', 'auth', 'permittedUrls'], {
  name,
  description: text(8192),
  logo: { type: 'string', pattern: '^/app/[\\w-]+\\.(png|jpe?g|gif|svg)$' },
  distribution: oneOf('marketplace', 'private'),
  isUserLevel: { type: 'boolean' },
  auth: object(['type', 'redirectUrls', 'requiredScopes'], {
    type: oneOf('oauth', 'static'),
    redirectUrls: list({ type: 'string', pattern: '^(https://|http://localhost[:/])' }, { minItems: 1 }),
    requiredScopes: { ...scopes, contains: { const: 'oauth' } },
    optionalScopes: scopes,
    conditionallyRequiredScopes: scopes,
  }),
  permittedUrls: object(['fetch', 'iframe', 'img'], { fetch: list(origin), iframe: list(origin), img: list(origin) }),
  support: object([], {
    supportEmail: { type: 'string', format: 'email' },
    documentationUrl: page,
    supportUrl: page,
    supportPhone: { type: 'string', pattern: '^\\+\\d{6,15}$' },
  }),
});

/** Whoever lists in the marketplace signs in with OAuth. */
const marketplace = {
  if: { properties: { distribution: { const: 'marketplace' } } },
  then: { properties: { auth: { properties: { type: { const: 'oauth' } } } } },
};

const card = object(['name', 'location', 'entrypoint', 'objectTypes'], {
  name,
  description: text(8192),
  previewImage: object(['file', 'altText'], {
    file: { type: 'string', pattern: '^\\./[\\w-]+\\.(png|jpe?g|gif)$' },
    altText: text(500),
  }),
  location: oneOf('crm.record.tab', 'crm.record.sidebar', 'crm.preview', 'helpdesk.sidebar'),
  entrypoint: tsx('cards'),
  objectTypes: list(oneOf(...kindsOfObject), { minItems: 1 }),
});

/** The help desk knows tickets only. */
const helpdesk = {
  if: { properties: { location: { const: 'helpdesk.sidebar' } } },
  then: { properties: { objectTypes: { items: { const: 'tickets' } } } },
};

const subscription = (types: Schema, keys: readonly string[]): Schema =>
  object(['subscriptionType', ...keys, 'active'], {
    subscriptionType: types,
    objectType: oneOf('contact', 'company', 'deal', 'ticket'),
    propertyName: text(250),
    active: { type: 'boolean' },
  });

/** A change of a property names it, every other subscription names none. */
const namesItsProperty = {
  if: { properties: { subscriptionType: { pattern: 'propertyChange$' } } },
  then: { required: ['propertyName'] },
  else: { not: { required: ['propertyName'] } },
};

const webhooks = object(['settings', 'subscriptions'], {
  settings: object(['targetUrl', 'maxConcurrentRequests'], {
    targetUrl: { type: 'string', pattern: '^https://' },
    maxConcurrentRequests: { type: 'integer', exclusiveMinimum: 5 },
  }),
  subscriptions: object([], {
    crmObjects: list({
      ...subscription({ pattern: '^object\\.(creation|deletion|merge|restore|propertyChange|associationChange)$' }, [
        'objectType',
      ]),
      ...namesItsProperty,
    }),
    legacyCrmObjects: list({
      ...subscription({ pattern: '^(contact|company|deal|ticket)\\.\\w+$' }, []),
      ...namesItsProperty,
    }),
    hubEvents: list(subscription({ pattern: '^(contact\\.privacyDeletion|conversation\\.\\w+)$' }, [])),
  }),
});

export const schemas: Readonly<Record<string, Schema>> = {
  APPLICATION: { ...app, ...marketplace },
  CARD: { ...card, ...helpdesk },
  WEBHOOKS: webhooks,
  SETTINGS: object(['entrypoint'], { entrypoint: tsx('settings') }),
  PAGE: object(['entrypoint'], { entrypoint: tsx('pages') }),
};
