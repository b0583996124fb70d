import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { useCardView } from '../use-card-view.ts';
import { CardStates } from './CardStates.tsx';
import { ContactDetails } from './ContactDetails.tsx';
import type { FailureStateProps } from './FailureState.tsx';

export type ContactScreenProps = {
  readonly contactId: RecordId;
  /** Drawn from the CRM's own fields while the service cannot be asked. */
  readonly fallback: (failure: FailureStateProps) => ReactNode;
  /** Only where the card stands on the contact itself does HubSpot tell us of its changes. */
  readonly followsRecord: boolean;
};

export function ContactScreen({ contactId, fallback, followsRecord }: ContactScreenProps) {
  const { service } = useCardHost();
  const card = useCardView(() => service.contactCard(contactId));
  const reload = () => void card.reload();
  useWriteBacks(followsRecord, reload);
  return (
    <CardStates
      card={card}
      loadingLabel="Loading referrals"
      hasContent={(view) => view.advocacies.length > 0 || view.referredBy.length > 0}
      fallback={(failure, busy) => fallback({ failure, busy, onRetry: reload })}
    >
      {(view) => <ContactDetails contactId={contactId} view={view} onChanged={reload} />}
    </CardStates>
  );
}

/** The service writes its numbers to the contact, so a change of them means that there is something new to read. */
function useWriteBacks(follows: boolean, onWritten: () => void): void {
  const { actions } = useCardHost();
  useEffect(() => {
    if (!follows) return;
    actions.onCrmPropertiesUpdate(
      [
        'passalong_referral_link',
        'passalong_referred_count',
        'passalong_qualified_count',
        'passalong_approved_count',
        'passalong_reward_status',
        'passalong_reward_total',
        'passalong_last_referral_at',
        'passalong_counted_at',
        'passalong_referral_status',
        'passalong_status_reason',
        'passalong_referred_by_name',
      ],
      (_properties, error) => {
        if (!error) onWritten();
      },
    );
    // HubSpot offers no way to unsubscribe, so it is asked once; `reload` is stable and idle after unmounting.
  }, []);
}
