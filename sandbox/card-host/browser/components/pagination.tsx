import type { TableProps } from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import { classes } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { IconShape } from './icon.tsx';

type PaginationProps = Extract<TableProps, { paginated: true }>;

/** The pages of a table. Without a `page` from the card it counts by itself. */
export function Pagination(props: PaginationProps) {
  const {
    pageCount,
    page,
    onPageChange,
    showButtonLabels = true,
    showFirstLastButtons,
    maxVisiblePageButtons = 5,
  } = props;
  const [ownPage, setOwnPage] = useState(page ?? 1);
  const call = useCall();
  useEffect(() => {
    if (page !== undefined) setOwnPage(page);
  }, [page]);
  const current = page ?? ownPage;
  const go = (to: number) => () => {
    setOwnPage(to);
    void call(onPageChange, to);
  };
  const step = (label: string, to: number, icon: 'left' | 'right') => (
    <button
      type="button"
      className="pch-page-step"
      disabled={to < 1 || to > pageCount || to === current}
      onClick={go(to)}
    >
      {icon === 'left' ? <IconShape name={icon} /> : null}
      <span className={classes(!showButtonLabels && 'pch-sr')}>{label}</span>
      {icon === 'right' ? <IconShape name={icon} /> : null}
    </button>
  );
  return (
    <nav className="pch-pages" aria-label="Pages of the table">
      {showFirstLastButtons ? step('First', 1, 'left') : null}
      {step('Prev', current - 1, 'left')}
      {pagesAround(current, { pageCount, most: maxVisiblePageButtons }).map((number) => (
        <button
          key={number}
          type="button"
          className="pch-page"
          aria-label={`Page ${number}`}
          aria-current={number === current ? 'page' : undefined}
          onClick={go(number)}
        >
          {number}
        </button>
      ))}
      {step('Next', current + 1, 'right')}
      {showFirstLastButtons ? step('Last', pageCount, 'right') : null}
    </nav>
  );
}

function pagesAround(current: number, { pageCount, most }: { pageCount: number; most: number }): number[] {
  const shown = Math.min(most, pageCount);
  const first = Math.max(1, Math.min(current - Math.floor(shown / 2), pageCount - shown + 1));
  return Array.from({ length: shown }, (_, index) => first + index);
}
