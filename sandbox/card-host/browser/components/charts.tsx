import type { BarChartProps, LineChartProps } from '@hubspot/ui-extensions';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useSession } from '../host/session.ts';
import type { ChartInput, ChartView } from './chart-data.ts';
import { readChart, unknownColors } from './chart-data.ts';

const HEIGHT = 220;
const PLOT = { left: 44, right: 12, top: 18, bottom: 46 };
const plotHeight = HEIGHT - PLOT.top - PLOT.bottom;

type Marks = {
  readonly view: ChartView;
  /** Of the whole picture, in pixels. */
  readonly width: number;
  /** Middle of a place on the x axis. */
  readonly x: (place: number) => number;
  readonly band: number;
  readonly y: (value: number) => number;
  readonly labelled: boolean;
  readonly pointed: boolean;
};

type ChartProps = ChartInput & { readonly testId?: string | undefined; readonly draw: (marks: Marks) => ReactNode };

/** The picture is for the eye; readers get the table with the same numbers. */
function Chart({ draw, testId, ...input }: ChartProps) {
  const { report } = useSession();
  const view = readChart(input);
  const wrong = unknownColors(input).join(', ');
  useEffect(() => {
    if (wrong) report({ code: 'unknown_variant', message: `A chart names colours that do not exist: ${wrong}.` });
  }, [wrong]);
  const { ref, width } = useWidth();
  const band = (width - PLOT.left - PLOT.right) / Math.max(view.places.length, 1);
  const top = view.ticks.at(-1) ?? 1;
  const { showDataLabels = false, showTooltips = false, showLegend = false, title } = input.options ?? {};
  const marks: Marks = {
    view,
    width,
    band,
    x: (place) => PLOT.left + band * (place + 0.5),
    y: (value) => PLOT.top + plotHeight * (1 - value / top),
    labelled: showDataLabels,
    pointed: showTooltips,
  };
  return (
    <figure ref={ref} className="pch-chart" aria-label={view.title} {...testAttribute({ testId })}>
      {title ? <figcaption>{title}</figcaption> : null}
      {showLegend ? <Legend view={view} /> : null}
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
        <Axes {...marks} />
        {draw(marks)}
      </svg>
      <ChartTable view={view} />
    </figure>
  );
}

/** Drawn at the width there is, so that letters keep their size. */
function useWidth() {
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(element.clientWidth, 200)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

function Legend({ view }: { view: ChartView }) {
  return (
    <ul className="pch-legend" role="list" aria-hidden="true">
      {view.series.map(({ name, color }) => (
        <li key={name}>
          <svg viewBox="0 0 10 10">
            <rect width="10" height="10" rx="2" fill={color} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Axes({ view, width, x, y, band }: Marks) {
  // As many labels as fit beside each other.
  const every = Math.max(1, Math.ceil(52 / band));
  return (
    <g className="pch-axes">
      {view.ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${PLOT.left} ${y(tick)}H${width - PLOT.right}`} className="pch-gridline" />
          <text x={PLOT.left - 8} y={y(tick) + 4} textAnchor="end">
            {tick.toLocaleString('en-US')}
          </text>
        </g>
      ))}
      {view.places.map((place, index) =>
        index % every === 0 ? (
          <text key={place} x={x(index)} y={HEIGHT - PLOT.bottom + 17} textAnchor="middle">
            {shorten(place, (band * every) / 7)}
          </text>
        ) : null,
      )}
      <text x={(PLOT.left + width - PLOT.right) / 2} y={HEIGHT - 6} textAnchor="middle" className="pch-axis-name">
        {view.xLabel}
      </text>
      <text
        transform={`translate(11 ${PLOT.top + plotHeight / 2}) rotate(-90)`}
        textAnchor="middle"
        className="pch-axis-name"
      >
        {view.yLabel}
      </text>
    </g>
  );
}

function Bars({ view, x, y, band, labelled, pointed }: Marks) {
  const columns = view.stacked ? 1 : view.series.length;
  const width = Math.min(44, (band * 0.68) / columns);
  return view.places.map((place, at) => {
    let height = 0;
    return view.series.map(({ name, color, values }, index) => {
      const value = values[at] ?? 0;
      const base = view.stacked ? height : 0;
      height += value;
      const left = x(at) + (view.stacked ? -0.5 : index - columns / 2) * width;
      return (
        <g key={`${place} ${name}`}>
          <rect
            x={left}
            y={y(base + value)}
            width={width - 1}
            height={Math.max(y(base) - y(base + value), 0)}
            rx="2"
            fill={color}
          >
            {pointed ? <title>{`${place}, ${name}: ${value}`}</title> : null}
          </rect>
          {labelled && value > 0 ? (
            <text
              x={left + width / 2}
              y={view.stacked ? y(base + value / 2) + 4 : y(base + value) - 5}
              textAnchor="middle"
              className={classes('pch-data-label', view.stacked && 'pch-inner-label')}
            >
              {value}
            </text>
          ) : null}
        </g>
      );
    });
  });
}

function Lines({ view, x, y, labelled, pointed }: Marks) {
  const below = view.places.map(() => 0);
  return view.series.map(({ name, color, values }) => {
    const points = values.flatMap((value, at) => {
      if (value === null) return [];
      const height = view.stacked ? (below[at] ?? 0) + value : value;
      below[at] = height;
      return [{ at, value, left: x(at), top: y(height) }];
    });
    return (
      <g key={name}>
        <polyline
          points={points.map(({ left, top }) => `${left},${top}`).join(' ')}
          fill="none"
          stroke={color}
          strokeWidth="2.5"
        />
        {points.map(({ at, value, left, top }) => (
          <g key={at}>
            <circle cx={left} cy={top} r="4" fill={color}>
              {pointed ? <title>{`${view.places[at]}, ${name}: ${value}`}</title> : null}
            </circle>
            {labelled ? (
              <text x={left} y={top - 9} textAnchor="middle" className="pch-data-label">
                {value}
              </text>
            ) : null}
          </g>
        ))}
      </g>
    );
  });
}

function ChartTable({ view }: { view: ChartView }) {
  return (
    <div className="pch-sr">
      <table>
        <caption>{view.title}</caption>
        <thead>
          <tr>
            <th scope="col">{view.xLabel}</th>
            {view.series.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.places.map((place, at) => (
            <tr key={place}>
              <th scope="row">{place}</th>
              {view.series.map(({ name, values }) => (
                <td key={name}>{values[at] ?? 'none'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shorten(text: string, room: number): string {
  return text.length > room + 1 ? `${text.slice(0, Math.max(1, Math.floor(room)))}…` : text;
}

export const charts = [
  hosted<BarChartProps>('BarChart', (props) => <Chart {...props} draw={(marks) => <Bars {...marks} />} />),
  hosted<LineChartProps>('LineChart', (props) => <Chart {...props} draw={(marks) => <Lines {...marks} />} />),
];
