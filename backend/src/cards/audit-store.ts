import type { TenantTransaction } from '../db/database.ts';
import type { CardCall } from './card-call.ts';

/** Writes down who did what in a card. Call it in the transaction that does it: neither stands without the other. */
export async function auditCardAction(
  tx: TenantTransaction,
  { account, actor, userEmail }: CardCall,
  done: {
    readonly action: 'card.referral_added' | 'card.contact_enrolled' | 'card.link_reopened' | 'card.review_asked';
    readonly subject: string;
    readonly contactId: string;
    readonly now: Date;
  },
): Promise<void> {
  await tx('audit_log').insert({
    workspace_id: account.workspaceId,
    at: done.now,
    actor,
    action: done.action,
    subject: done.subject,
    detail: JSON.stringify({ userEmail, connectionId: account.connectionId, contactId: done.contactId }),
  });
}
