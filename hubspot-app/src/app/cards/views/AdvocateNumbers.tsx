import { Accordion, BarChart, Statistics, StatisticsItem, StatisticsTrend, Text } from '@hubspot/ui-extensions';
import type { AdvocateView, ReferralTrend } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';

export function AdvocateNumbers({ advocate }: { readonly advocate: AdvocateView }) {
  const { formats, compact } = useCardHost();
  return (
    <Statistics>
      <StatisticsItem label="Referred" number={formats.number(advocate.referred)}>
        {compact ? null : <Trend trend={advocate.trend} />}
      </StatisticsItem>
      <StatisticsItem label="Qualified" number={formats.number(advocate.qualified)} />
      <StatisticsItem label="Approved" number={formats.number(advocate.approved)} />
    </Statistics>
  );
}

function Trend({ trend: { last30Days, previous30Days } }: { readonly trend: ReferralTrend }) {
  const { formats } = useCardHost();
  const now = formats.number(last30Days);
  if (last30Days + previous30Days === 0) return null;
  if (last30Days === previous30Days) return <Text variant="microcopy">{`${now} in 30 days, as in the 30 before`}</Text>;
  return (
    <StatisticsTrend
      value={`${now} in 30 days, was ${formats.number(previous30Days)}`}
      direction={last30Days > previous30Days ? 'increase' : 'decrease'}
    />
  );
}

export function MonthsChart({ trend }: { readonly trend: ReferralTrend }) {
  const { formats } = useCardHost();
  if (trend.months.every(({ referred }) => referred === 0)) return null;
  return (
    <Accordion title="New referrals by month" size="sm">
      <BarChart
        data={trend.months.map(({ month, referred }) => ({ month: formats.month(month), referred }))}
        axes={{
          x: { field: 'month', fieldType: 'category', label: 'Month' },
          y: { field: 'referred', fieldType: 'linear', label: 'New referrals' },
        }}
        options={{ showDataLabels: true }}
      />
    </Accordion>
  );
}
