import type { EndpointAuth } from '../../../../shared/contracts/endpoint.ts';
import type { OpenApiOperation, SecurityScheme } from './document.ts';

export const SECURITY: Readonly<Record<EndpointAuth, OpenApiOperation['security']>> = {
  none: [],
  apiKey: [{ apiKey: [] }],
  apiKeyOrFormKey: [{ apiKey: [] }, { formKey: [] }],
  hubspotSignature: [{ hubspotSignature: [] }],
  hubspotCard: [{ hubspotSignature: [] }],
  oauthState: [{ oauthState: [] }],
};

export const SECURITY_SCHEMES: Readonly<
  Record<Exclude<EndpointAuth, 'none' | 'apiKeyOrFormKey' | 'hubspotCard'> | 'formKey', SecurityScheme>
> = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the workspace: `Authorization: Bearer pk_…`.' },
  formKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A program’s form key, `Authorization: Bearer pf_…`: not a secret. Accepted from a browser, from the origins in the program’s `page.allowedOrigins`; answers tell nothing about people already known.',
  },
  hubspotSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-HubSpot-Signature-v3',
    description: 'Made by HubSpot over method, address, body and X-HubSpot-Request-Timestamp.',
  },
  oauthState: {
    type: 'apiKey',
    in: 'query',
    name: 'state',
    description:
      'Single-use state, bound to the browser that began. Absent in installs that begin in HubSpot’s marketplace.',
  },
};
