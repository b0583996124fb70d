import { PORTAL_ID, type Stage } from './connect-account.ts';
import { StartFailed } from './start-failed.ts';

export type Customer = {
  readonly contactId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string;
};

/** The first customers of the HubSpot account, one per company. */
export async function firstCustomers({ hubspot }: Stage, wanted: number): Promise<Customer[]> {
  const portal = hubspot.portal(PORTAL_ID);
  const found = new Map<string, Customer>();
  for (const contactId of await portal.ids('contacts')) {
    const { firstname, lastname, email, company, lifecyclestage } =
      (await portal.get('contacts', contactId))?.properties ?? {};
    if (lifecyclestage !== 'customer' || !firstname || !lastname || !email || found.has(company ?? '')) continue;
    found.set(company ?? '', { contactId, email, firstName: firstname, lastName: lastname, company: company ?? '' });
    if (found.size === wanted) return [...found.values()];
  }
  throw new StartFailed(
    'The sample account has too few customers.',
    'Start on empty data: DATA_DIR=.data-two npm start',
  );
}
