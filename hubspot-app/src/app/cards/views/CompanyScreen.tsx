import { EmptyState, Statistics, StatisticsItem, Text } from '@hubspot/ui-extensions';
import type { CompanyCardView } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { useCardView } from '../use-card-view.ts';
import { CardStates } from './CardStates.tsx';
import { CompanyReferrals } from './CompanyReferrals.tsx';

const isEmpty = (view: CompanyCardView) => view.advocates === 0 && view.referrals.total === 0;

export function CompanyScreen() {
  const { recordId, service } = useCardHost();
  const card = useCardView(() => service.companyCard(recordId));
  return (
    <CardStates card={card} loadingLabel="Loading referrals" hasContent={(view) => !isEmpty(view)}>
      {(view) => <CompanyDetails view={view} />}
    </CardStates>
  );
}

function CompanyDetails({ view }: { readonly view: CompanyCardView }) {
  const { formats } = useCardHost();
  if (isEmpty(view)) {
    return (
      <EmptyState title="No referrals around this company yet" layout="vertical" imageName="companies">
        <Text>Open one of its contacts and enrol them: what they refer appears here too.</Text>
      </EmptyState>
    );
  }
  const counts = [
    { label: 'People who refer', count: view.advocates },
    { label: 'Referred by them', count: view.referred },
    { label: 'Qualified', count: view.qualified },
    { label: 'Approved', count: view.approved },
    { label: 'Referred to us', count: view.received },
  ];
  return (
    <>
      <Statistics>
        {counts.map(({ label, count }) => (
          <StatisticsItem key={label} label={label} number={formats.number(count)} />
        ))}
      </Statistics>
      {view.rewardTotals.length === 0 ? null : (
        <Text>{`Rewards approved and issued: ${formats.moneys(view.rewardTotals)}`}</Text>
      )}
      <CompanyReferrals first={view.referrals} />
    </>
  );
}
