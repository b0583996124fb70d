import type { AssociationsQuery, CardContext, CardLocation, CrmProperties, PropertyNames } from '../wire.ts';
import { actions } from './actions.ts';
import { page, refuse } from './page.ts';
import { subscribe } from './subscriptions.ts';

type FormatOptions = { propertiesToFormat?: readonly string[] | 'all' };

let context: (CardContext & { location: CardLocation }) | undefined;

export function setContext(given: CardContext & { location: CardLocation }): void {
  context = given;
}

export const extensionApi = {
  get context() {
    return context;
  },
  actions,
  runServerlessFunction: () => refuse('Serverless functions are not part of this platform version; use hubspot.fetch.'),
};

/** `hsWorkerAPI`: what the hooks of @hubspot/ui-extensions call. */
export const workerApi = {
  useExtensionContext: () => context,
  useExtensionActions: () => actions,
  useExtensionApi: () => ({ ...extensionApi, context }),

  async fetchCrmProperties(
    names: PropertyNames,
    onChange: (properties: CrmProperties) => void,
    options?: FormatOptions,
  ): Promise<unknown> {
    await refuseFormatting(options);
    const data = await page.crmProperties(names);
    return answer({ data, cleanup: subscribe({ names, onChange }) });
  },

  async fetchAssociations(request: Partial<AssociationsQuery>, options?: FormatOptions): Promise<unknown> {
    await refuseFormatting(options);
    const { toObjectType = '', properties = [], pageLength = 10, offset = 0 } = request;
    return answer({ data: await page.associations({ toObjectType, properties, pageLength, offset }) });
  },

  fetchCrmSearch: () => refuse('This page cannot search the CRM for a card.'),
  fetchHubSpotApi: () => refuse("This page does not call HubSpot's API for a card; go through the app's server."),
  formatCrmProperties: () => refuse('This page does not format CRM properties.'),
  useAppPageLocation: () => ({ path: '/', params: {} }),
};

/** The hooks read nothing but `json()`, and a real Response could not carry the function that ends a subscription. */
function answer(value: unknown): { json: () => Promise<unknown> } {
  return { json: () => Promise.resolve(value) };
}

async function refuseFormatting(options?: FormatOptions): Promise<void> {
  if (options?.propertiesToFormat?.length) await refuse('This page does not format CRM properties.');
}
