import type { TableCellProps, TableElementProps, TableHeaderProps, TableProps } from '@hubspot/ui-extensions';
import { useLayoutEffect, useRef, useState } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { Pagination } from './pagination.tsx';

function Table(props: TableProps) {
  const { bordered = true, flush, density = 'default', children, testId } = props;
  const { ref, scrolls } = useSidewaysScroll();
  return (
    <div className={classes('pch-table-frame', flush && 'pch-table-flush')} {...testAttribute({ testId })}>
      <div
        ref={ref}
        className={classes('pch-table-scroll', bordered && 'pch-table-bordered')}
        // Only what can be scrolled has to be reached with the keyboard.
        {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-label': 'Table, scroll sideways to see all columns' } : {})}
      >
        <table className={`pch-table pch-table-${density}`}>{children}</table>
      </div>
      {props.paginated ? <Pagination {...props} /> : null}
    </div>
  );
}

function useSidewaysScroll() {
  const ref = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = (): void => setScrolls(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { ref, scrolls };
}

type Placed = Pick<TableCellProps, 'align' | 'width'>;

function placeOf({ align, width }: Placed) {
  return {
    className: classes(align && `pch-cell-${align}`, typeof width === 'string' && `pch-width-${width}`),
    style: typeof width === 'number' ? { width } : {},
  };
}

function TableHead({ children, testId }: TableElementProps) {
  return <thead {...testAttribute({ testId })}>{children}</thead>;
}

function TableBody({ children, testId }: TableElementProps) {
  return <tbody {...testAttribute({ testId })}>{children}</tbody>;
}

function TableFooter({ children, testId }: TableElementProps) {
  return <tfoot {...testAttribute({ testId })}>{children}</tfoot>;
}

function TableRow({ children, testId }: TableElementProps) {
  return <tr {...testAttribute({ testId })}>{children}</tr>;
}

function TableCell({ children, colSpan, testId, ...place }: TableCellProps) {
  return (
    <td colSpan={colSpan} {...placeOf(place)} {...testAttribute({ testId })}>
      {children}
    </td>
  );
}

function TableHeader(props: TableHeaderProps) {
  const { children, sortDirection = 'never', align, width, testId } = props;
  const sorted = sortDirection === 'ascending' || sortDirection === 'descending';
  return (
    <th
      scope="col"
      aria-sort={sorted ? sortDirection : undefined}
      {...placeOf({ align, width })}
      {...testAttribute({ testId })}
    >
      {sortDirection === 'never' ? children : <SortButton {...(props as SortableProps)} />}
    </th>
  );
}

type SortableProps = Extract<TableHeaderProps, { onSortChange: unknown }>;

function SortButton({ children, sortDirection, onSortChange, disabled }: SortableProps) {
  const call = useCall();
  const next = sortDirection === 'ascending' ? 'descending' : 'ascending';
  const mark = { ascending: 'upCarat', descending: 'downCarat', none: 'sort' }[sortDirection];
  return (
    <button type="button" className="pch-sort" disabled={disabled} onClick={() => void call(onSortChange, next)}>
      {children}
      <IconShape name={mark} />
    </button>
  );
}

const align = ['left', 'center', 'right'] as const;
const sortDirection = ['never', 'none', 'ascending', 'descending'] as const;

export const tables = [
  hosted<TableProps>('Table', Table, { density: ['default', 'condensed', 'compact'] }),
  hosted<TableElementProps>('TableHead', TableHead),
  hosted<TableElementProps>('TableBody', TableBody),
  hosted<TableElementProps>('TableFooter', TableFooter),
  hosted<TableElementProps>('TableRow', TableRow),
  hosted<TableCellProps>('TableCell', TableCell, { align }),
  hosted<TableHeaderProps>('TableHeader', TableHeader, { align, sortDirection }),
];
