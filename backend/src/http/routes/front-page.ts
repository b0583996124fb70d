import type { RequestHandler } from 'express';
import { sendPage } from '../html-page.ts';

/** `GET /` where no workbench runs: what this is, and where to install from. */
export function frontPage(input: { readonly hubspot: boolean }): RequestHandler {
  const install = { href: '/hubspot/oauth/install', text: 'Connect a HubSpot account' };
  return (_request, response) => {
    sendPage(response, 200, {
      title: 'Passalong',
      paragraphs: [
        'A referral program inside the CRM: links, counts, rewards and the reasons behind them, on every contact.',
        input.hubspot
          ? 'An administrator of the CRM account connects it here; everything after that happens inside the CRM.'
          : 'This service is not connected to a CRM app yet: set the HUBSPOT_… variables, then connect an account here.',
      ],
      links: [...(input.hubspot ? [install] : []), { href: '/openapi.json', text: 'The API, as OpenAPI' }],
    });
  };
}
