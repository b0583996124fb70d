import type { CrmObjectType } from '../crm/port.ts';
import type { TenantTransaction } from '../db/database.ts';
import { addSpokenReferral, askForReview, enrolContact, type CardActionDeps } from './card-actions.ts';
import type { CardCall } from './card-call.ts';
import type { CardInput } from './card-input.ts';
import { listCompanyReferrals, readCompanyCard } from './company-card-store.ts';
import { listContactReferrals, readContactCard } from './contact-card-store.ts';
import { readDealCard } from './deal-card-store.ts';
import { onRecord } from './first-sight.ts';
import { createFirstSights } from './first-sights.ts';

export type CardDeps = Omit<CardActionDeps, 'firstSights'> & {
  /** HUBSPOT_APP_URL: where the CRM's own pages are. */
  readonly appUrl: string;
};

type After = readonly string[] | null;

/** Everything the cards show and do, with what it works with already in its hands. */
export function createCardUseCases(given: CardDeps) {
  const deps = { ...given, firstSights: createFirstSights(given.clock) };
  const show = <T>(
    objectType: CrmObjectType,
    { call, recordId: given }: { readonly call: CardCall; readonly recordId: string },
    read: (tx: TenantTransaction, input: CardInput) => Promise<T>,
  ): Promise<T> =>
    onRecord(deps, { account: call.account, objectType, recordId: given }, (tx, recordId) => {
      const { workspaceId, connectionId } = call.account;
      const { publicUrl } = deps.useCases;
      const now = new Date(deps.clock.now());
      return read(tx, { workspaceId, connectionId, recordId, publicUrl, appUrl: deps.appUrl, now });
    });
  return {
    contactCard: (call: CardCall, recordId: string) => show('contact', { call, recordId }, readContactCard),
    contactReferrals: (call: CardCall, recordId: string, after: After) =>
      show('contact', { call, recordId }, (tx, input) => listContactReferrals(tx, { ...input, after })),
    dealCard: (call: CardCall, recordId: string) => show('deal', { call, recordId }, readDealCard),
    companyCard: (call: CardCall, recordId: string) => show('company', { call, recordId }, readCompanyCard),
    companyReferrals: (call: CardCall, recordId: string, after: After) =>
      show('company', { call, recordId }, (tx, input) => listCompanyReferrals(tx, { ...input, after })),
    addSpokenReferral: (call: CardCall, input: Parameters<typeof addSpokenReferral>[2]) =>
      addSpokenReferral(deps, call, input),
    enrolContact: (call: CardCall, input: Parameters<typeof enrolContact>[2]) => enrolContact(deps, call, input),
    askForReview: (call: CardCall, input: Parameters<typeof askForReview>[2]) => askForReview(deps, call, input),
  };
}
