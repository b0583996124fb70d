import { LoadingSpinner } from '@hubspot/ui-extensions';
import { useCrmProperties } from '@hubspot/ui-extensions/crm';
import { useCardHost } from '../card-host.tsx';
import { ContactScreen } from './ContactScreen.tsx';
import type { FailureStateProps } from './FailureState.tsx';
import { LastKnownNumbers } from './LastKnownNumbers.tsx';

export function ContactOfRecord() {
  const { recordId } = useCardHost();
  return <ContactScreen contactId={recordId} followsRecord fallback={(props) => <LastKnownOfRecord {...props} />} />;
}

/**
 * The names stand here letter by letter, because HubSpot's builder reads them from the source; and in a file of their
 * own, because on a ticket the same names would be asked of the ticket.
 */
function LastKnownOfRecord(props: FailureStateProps) {
  const { properties, isLoading } = useCrmProperties([
    'passalong_referral_link',
    'passalong_referral_code',
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
  ]);
  if (isLoading) return <LoadingSpinner label="Reading the last known numbers" showLabel layout="centered" />;
  return <LastKnownNumbers {...props} properties={properties} />;
}
