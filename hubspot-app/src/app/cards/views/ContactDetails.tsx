import { useState } from 'react';
import { Divider, Flex } from '@hubspot/ui-extensions';
import type { AdvocateView, ContactCardView } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { AddReferral } from './AddReferral.tsx';
import { AdvocateNumbers, MonthsChart } from './AdvocateNumbers.tsx';
import { EnrolInAnother, NotEnrolled } from './EnrolContact.tsx';
import { NextSteps } from './NextSteps.tsx';
import { ProgramSelect } from './ProgramSelect.tsx';
import { LinkButtons, ReferralLink } from './ReferralLink.tsx';
import { ReferralList } from './ReferralList.tsx';
import { ReferredBy } from './ReferredBy.tsx';
import { RewardList, RewardSummary } from './RewardList.tsx';

export type ContactDetailsProps = {
  readonly contactId: RecordId;
  readonly view: ContactCardView;
  readonly onChanged: () => void;
};

export function ContactDetails({ contactId, view, onChanged }: ContactDetailsProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const advocate = view.advocacies.find(({ program }) => program.id === chosen) ?? view.advocacies[0];
  const enrol = { contactId, contactName: view.contact.name, programs: view.enrollable, onEnrolled: onChanged };
  if (!advocate) {
    return (
      <>
        <ReferredBy contactId={contactId} lines={view.referredBy} onChanged={onChanged} />
        <NextSteps steps={view.nextSteps} />
        <NotEnrolled {...enrol} />
      </>
    );
  }
  const programs = view.advocacies.map(({ program }) => program);
  return (
    <>
      <ProgramSelect programs={programs} value={advocate.program.id} onChange={setChosen} />
      <AdvocateNumbers advocate={advocate} />
      <RewardSummary advocate={advocate} />
      <NextSteps steps={view.nextSteps} />
      <ReferralLink advocate={advocate} />
      <Flex direction="row" gap="sm" wrap>
        {/* Nobody new is taken through a link that rests: sharing it or adding somebody would only be refused. */}
        {advocate.pausedAt === null ? (
          <>
            <AddReferral
              contactId={contactId}
              contactName={view.contact.name}
              programs={programs}
              programId={advocate.program.id}
              onAdded={onChanged}
            />
            <LinkButtons advocate={advocate} />
          </>
        ) : null}
        <EnrolInAnother {...enrol} />
      </Flex>
      <Divider />
      <AdvocateHistory contactId={contactId} view={view} onChanged={onChanged} advocate={advocate} />
      <ReferredBy contactId={contactId} lines={view.referredBy} onChanged={onChanged} />
    </>
  );
}

function AdvocateHistory({ contactId, view, onChanged, advocate }: ContactDetailsProps & { advocate: AdvocateView }) {
  const { compact } = useCardHost();
  return (
    <>
      <ReferralList
        contactId={contactId}
        first={view.referrals}
        namesProgram={view.advocacies.length > 1}
        onChanged={onChanged}
      />
      <RewardList rewards={view.rewards} />
      {compact ? null : <MonthsChart trend={advocate.trend} />}
    </>
  );
}
