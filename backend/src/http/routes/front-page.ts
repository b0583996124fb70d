import type { RequestHandler } from 'express';
import { sendPage } from '../html-page.ts';

/** `GET /` where no workbench runs: what this is, and where to install from. */
export function frontPage(input: { readonly hubspot: boolean; readonly salesforce: boolean }): RequestHandler {
  const installs = [
    ...(input.hubspot ? [{ href: '/hubspot/oauth/install', text: 'Connect a HubSpot account' }] : []),
    ...(input.salesforce
      ? [
          { href: '/salesforce/oauth/install', text: 'Connect a Salesforce org' },
          { href: '/salesforce/oauth/install?login_url=sandbox', text: 'Connect a Salesforce sandbox' },
        ]
      : []),
  ];
  return (_request, response) => {
    sendPage(response, 200, {
      title: 'Passalong',
      paragraphs: [
        'A referral program inside the CRM: links, counts, rewards and the reasons behind them, on every contact.',
        installs.length > 0
          ? 'An administrator of the CRM account connects it here; everything after that happens inside the CRM.'
          : 'This service is not connected to a CRM app yet: set the HUBSPOT_… or SALESFORCE_… variables, then connect an account here.',
      ],
      links: [...installs, { href: '/openapi.json', text: 'The API, as OpenAPI' }],
    });
  };
}
