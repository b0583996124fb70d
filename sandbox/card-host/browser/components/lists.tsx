import type { DescriptionListItemProps, DescriptionListProps, ListProps } from '@hubspot/ui-extensions';
import { Children } from 'react';
import { hosted, testAttribute } from '../host/hosted.tsx';

function DescriptionList({ direction = 'column', children, testId }: DescriptionListProps) {
  return (
    <dl className={`pch-descriptions pch-descriptions-${direction}`} {...testAttribute({ testId })}>
      {children}
    </dl>
  );
}

function DescriptionListItem({ label, children, testId }: DescriptionListItemProps) {
  return (
    <div className="pch-description" {...testAttribute({ testId })}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function List({ variant = 'unordered', children, testId }: ListProps) {
  const Element = variant.startsWith('ordered') ? 'ol' : 'ul';
  return (
    // The role stays when the markers are taken away; some readers would drop it with them.
    <Element className={`pch-list pch-list-${variant}`} role="list" {...testAttribute({ testId })}>
      {Children.map(children, (child) => (
        <li>{child}</li>
      ))}
    </Element>
  );
}

export const lists = [
  hosted<DescriptionListProps>('DescriptionList', DescriptionList, { direction: ['row', 'column'] }),
  hosted<DescriptionListItemProps>('DescriptionListItem', DescriptionListItem),
  hosted<ListProps>('List', List, {
    variant: ['unordered', 'unordered-styled', 'ordered', 'ordered-styled', 'inline', 'inline-divided'],
  }),
];
