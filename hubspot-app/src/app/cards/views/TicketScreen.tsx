import { useState } from 'react';
import { EmptyState, ErrorState, Flex, LoadingSpinner, Select, Text } from '@hubspot/ui-extensions';
import { useAssociations } from '@hubspot/ui-extensions/crm';
import type { Properties } from '../last-known.ts';
import { ContactScreen } from './ContactScreen.tsx';
import { RetryButton } from './FailureState.tsx';
import { LastKnownNumbers } from './LastKnownNumbers.tsx';

/** The names stand here letter by letter, because HubSpot's builder reads them from the source. */
export function TicketScreen() {
  const { results, error, isLoading, isRefetching, refetch, pagination } = useAssociations({
    toObjectType: '0-1',
    properties: [
      'firstname',
      'lastname',
      'email',
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
    ],
    pageLength: 50,
  });
  if (isLoading) return <LoadingSpinner label="Loading the contacts of this ticket" showLabel layout="centered" />;
  if (error) return <ContactsUnread busy={isRefetching} onRetry={() => void refetch()} />;
  if (results.length === 0) {
    return (
      <EmptyState title="No contact on this ticket" layout="vertical" imageName="tickets">
        <Text>Add a contact to the ticket, and their referrals appear here.</Text>
      </EmptyState>
    );
  }
  return <ContactsOfTicket contacts={results} hasMore={pagination.hasNextPage} />;
}

function ContactsUnread(props: { readonly busy: boolean; readonly onRetry: () => void }) {
  return (
    <ErrorState title="The contacts of this ticket could not be read" type="error">
      <Flex direction="column" gap="sm" align="center">
        <Text>HubSpot did not answer. Try again in a moment.</Text>
        <RetryButton {...props} />
      </Flex>
    </ErrorState>
  );
}

type TicketContact = { readonly toObjectId: number; readonly properties: Properties };
type ContactsProps = { readonly contacts: readonly TicketContact[]; readonly hasMore: boolean };

function ContactsOfTicket({ contacts, hasMore }: ContactsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const contact = contacts.find(({ toObjectId }) => toObjectId === chosen) ?? contacts[0];
  if (!contact) return null;
  return (
    <Flex direction="column" gap="md">
      {contacts.length === 1 ? (
        <Text format={{ fontWeight: 'demibold' }} truncate={{ tooltipText: nameOf(contact.properties) }}>
          {nameOf(contact.properties)}
        </Text>
      ) : (
        <Select
          label="Contact"
          name="contact"
          value={contact.toObjectId}
          options={contacts.map(({ toObjectId, properties }) => ({ label: nameOf(properties), value: toObjectId }))}
          onChange={(value) => setChosen(Number(value))}
        />
      )}
      {hasMore ? <Text variant="microcopy">{`The first ${contacts.length} contacts of this ticket`}</Text> : null}
      {/* Another contact is another card: what was typed for one must never be sent for the other. */}
      <ContactScreen
        key={contact.toObjectId}
        contactId={contact.toObjectId}
        followsRecord={false}
        fallback={(failure) => <LastKnownNumbers {...failure} properties={contact.properties} />}
      />
    </Flex>
  );
}

function nameOf({ firstname, lastname, email }: Properties): string {
  return [firstname, lastname].filter(Boolean).join(' ') || email || 'Unnamed contact';
}
