import { Fragment, useEffect } from 'react';
import { Alert, Divider, EmptyState, Text } from '@hubspot/ui-extensions';
import type { DealCardView } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { useCardView } from '../use-card-view.ts';
import { useFollowUp } from '../use-follow-up.ts';
import { CardStates } from './CardStates.tsx';
import { DealReferralBlock } from './DealReferralBlock.tsx';

const fingerprint = ({ referrals, needsReview }: DealCardView) => JSON.stringify([referrals, needsReview]);

export function DealScreen() {
  const { recordId, service, actions } = useCardHost();
  const card = useCardView(() => service.dealCard(recordId));
  const follow = useFollowUp({ card, fingerprint });
  useEffect(() => {
    actions.onCrmPropertiesUpdate(['dealstage', 'amount'], (_properties, error) => {
      if (!error) void follow();
    });
    // HubSpot offers no way to unsubscribe, so it is asked once; what `follow` reads, it reads through references.
  }, []);
  return (
    <CardStates card={card} loadingLabel="Loading the referral" hasContent={({ referrals }) => referrals.length > 0}>
      {(view) => <DealDetails view={view} />}
    </CardStates>
  );
}

function DealDetails({ view }: { readonly view: DealCardView }) {
  if (view.referrals.length === 0) {
    return (
      <EmptyState title="This deal comes from no referral" layout="vertical" imageName="deals">
        <Text>As soon as somebody who was referred stands on this deal, it shows here who referred them.</Text>
      </EmptyState>
    );
  }
  return (
    <>
      {view.needsReview ? (
        <Alert title="Several referred people stand on this deal" variant="warning">
          Nothing more of this deal counts until somebody decides whose referral it is. Remove the contacts who do not
          belong to the deal, or ask whoever runs the program.
        </Alert>
      ) : null}
      {view.referrals.map((entry, index) => (
        <Fragment key={entry.referral.id}>
          {index === 0 ? null : <Divider />}
          <DealReferralBlock entry={entry} isOpen={!view.needsReview} />
        </Fragment>
      ))}
    </>
  );
}
