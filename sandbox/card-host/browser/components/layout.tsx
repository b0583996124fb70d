import type {
  AutoGridProps,
  BoxProps,
  CardProps,
  DividerProps,
  FlexProps,
  InlineProps,
  SpacerProps,
  StackProps,
  TileProps,
} from '@hubspot/ui-extensions';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { ALL_DISTANCES, ALL_SIZES, shortSize } from './sizes.ts';

const JUSTIFY = ['center', 'end', 'start', 'around', 'between'] as const;
const ALIGN = ['start', 'center', 'baseline', 'end', 'stretch'] as const;

function Flex({ gap = 'flush', direction = 'row', justify, align, alignSelf, wrap, children, testId }: FlexProps) {
  return (
    <div
      className={classes(
        'pch-flex',
        `pch-${direction}`,
        `pch-gap-${shortSize(gap)}`,
        justify && `pch-justify-${justify}`,
        align && `pch-align-${align}`,
        alignSelf && `pch-self-${alignSelf}`,
        (wrap === true || wrap === 'wrap') && 'pch-wrap',
      )}
      {...testAttribute({ testId })}
    >
      {children}
    </div>
  );
}

function Stack({ distance = 'sm', direction = 'column', width, children, ...rest }: StackProps) {
  return (
    <Flex gap={distance} direction={direction} {...rest}>
      {width === '100%' ? <div className="pch-full">{children}</div> : children}
    </Flex>
  );
}

function Inline(props: InlineProps) {
  return <Flex {...props} direction="row" wrap />;
}

function Box({ flex, alignSelf, children, testId }: BoxProps) {
  return (
    <div
      className={classes('pch-box', alignSelf && `pch-self-${alignSelf}`)}
      style={flex === undefined ? {} : { flex: flex === 'initial' ? '0 1 auto' : flex }}
      {...testAttribute({ testId })}
    >
      {children}
    </div>
  );
}

function AutoGrid({ columnWidth, gap = 'flush', flexible, children, testId }: AutoGridProps) {
  const column = flexible ? `minmax(min(${columnWidth}px, 100%), 1fr)` : `min(${columnWidth}px, 100%)`;
  return (
    <div
      className={classes('pch-grid', `pch-gap-${shortSize(gap)}`)}
      style={{ gridTemplateColumns: `repeat(auto-fit, ${column})` }}
      {...testAttribute({ testId })}
    >
      {children}
    </div>
  );
}

function Spacer({ size = 'md', testId }: SpacerProps) {
  return <div className={`pch-spacer-${shortSize(size)}`} {...testAttribute({ testId })} />;
}

function Divider({ distance, size, testId }: DividerProps) {
  return (
    <hr className={`pch-divider pch-distance-${shortSize(distance ?? size ?? 'sm')}`} {...testAttribute({ testId })} />
  );
}

function Tile({ compact, flush, children, testId }: TileProps) {
  return (
    <div
      className={classes('pch-tile', compact && 'pch-tile-compact', flush && 'pch-tile-flush')}
      {...testAttribute({ testId })}
    >
      {children}
    </div>
  );
}

function Card({ children, testId }: CardProps) {
  return <Tile testId={testId}>{children}</Tile>;
}

export const layouts = [
  hosted<FlexProps>('Flex', Flex, {
    gap: ALL_DISTANCES,
    direction: ['row', 'column'],
    justify: JUSTIFY,
    align: ALIGN,
    alignSelf: ALIGN,
    wrap: [true, false, 'wrap', 'nowrap'],
  }),
  hosted<StackProps>('Stack', Stack, { distance: ALL_DISTANCES, direction: ['row', 'column'], align: ALIGN }),
  hosted<InlineProps>('Inline', Inline, { gap: ALL_DISTANCES, justify: JUSTIFY, align: ALIGN }),
  hosted<BoxProps>('Box', Box, { alignSelf: [...ALIGN, 'auto'] }),
  hosted<AutoGridProps>('AutoGrid', AutoGrid, { gap: ALL_DISTANCES }),
  hosted<SpacerProps>('Spacer', Spacer, { size: ALL_SIZES }),
  hosted<DividerProps>('Divider', Divider, { distance: ALL_DISTANCES, size: ALL_DISTANCES }),
  hosted<TileProps>('Tile', Tile),
  hosted<CardProps>('Card', Card),
];
