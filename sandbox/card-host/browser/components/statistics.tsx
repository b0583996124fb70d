import type { StatisticsItemProps, StatisticsProps, StatisticsTrendProps } from '@hubspot/ui-extensions';
import { hosted, testAttribute } from '../host/hosted.tsx';

function Statistics({ children, testId }: StatisticsProps) {
  return (
    <div className="pch-width">
      <dl className="pch-statistics" {...testAttribute({ testId })}>
        {children}
      </dl>
    </div>
  );
}

function StatisticsItem({ id, label, number, children, testId }: StatisticsItemProps) {
  return (
    <div className="pch-statistics-item" id={id} {...testAttribute({ testId })}>
      <dt>{label}</dt>
      <dd className="pch-statistics-number">{number}</dd>
      {children ? <dd className="pch-statistics-more">{children}</dd> : null}
    </div>
  );
}

function StatisticsTrend({ value, direction, color, testId }: StatisticsTrendProps) {
  const tone = color ?? (direction === 'increase' ? 'green' : 'red');
  return (
    <span className={`pch-trend pch-trend-${tone}`} {...testAttribute({ testId })}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d={direction === 'increase' ? 'M5 1 9.5 9h-9z' : 'M5 9 .5 1h9z'} />
      </svg>
      <span className="pch-sr">{direction === 'increase' ? 'Up by' : 'Down by'} </span>
      {value}
    </span>
  );
}

export const statistics = [
  hosted<StatisticsProps>('Statistics', Statistics),
  hosted<StatisticsItemProps>('StatisticsItem', StatisticsItem),
  hosted<StatisticsTrendProps>('StatisticsTrend', StatisticsTrend, {
    direction: ['increase', 'decrease'],
    color: ['red', 'green'],
  }),
];
