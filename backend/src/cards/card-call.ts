import type { CrmAccount } from '../crm/port.ts';

/** Who looks at a card, in which account: all of it from the CRM's signature, nothing from the card. */
export type CardCall = {
  readonly account: CrmAccount;
  /** `hubspot_user:77`, for history and audit. */
  readonly actor: string;
  readonly userEmail: string;
};
