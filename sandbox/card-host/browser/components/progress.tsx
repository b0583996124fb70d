import type { ProgressBarProps, ScoreProps, StepIndicatorProps } from '@hubspot/ui-extensions';
import { useId } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { ALL_SIZES, shortSize } from './sizes.ts';

function ProgressBar(props: ProgressBarProps) {
  const { title, showPercentage, value = 0, valueMax, maxValue = valueMax ?? 100, valueDescription, testId } = props;
  const titleId = useId();
  const percent = Math.round(Math.min(Math.max(value / maxValue, 0), 1) * 100);
  const label = props['aria-label'] ?? (title ? undefined : 'Progress');
  return (
    <div className="pch-progress" {...testAttribute({ testId })}>
      {title || valueDescription ? (
        <div className="pch-progress-head">
          <span id={titleId}>{title}</span>
          <span className="pch-text-microcopy">{valueDescription}</span>
        </div>
      ) : null}
      <div className="pch-progress-line">
        <div
          className={`pch-progress-track pch-progress-${props.variant ?? 'success'}`}
          role="progressbar"
          aria-valuenow={value}
          aria-valuemin={0}
          aria-valuemax={maxValue}
          aria-valuetext={valueDescription ?? `${percent} %`}
          aria-label={label}
          aria-labelledby={label ? undefined : titleId}
        >
          <div style={{ width: `${percent}%` }} />
        </div>
        {showPercentage ? <span className="pch-progress-percent">{percent}%</span> : null}
      </div>
    </div>
  );
}

const RADIUS = 26;
const ROUND = 2 * Math.PI * RADIUS;

function ScoreCircle({ score, testId }: ScoreProps) {
  const shown = Math.min(Math.max(score, 0), 100);
  const tone = shown < 40 ? 'danger' : shown < 70 ? 'warning' : 'success';
  return (
    <div
      className={`pch-score pch-score-${tone}`}
      role="img"
      aria-label={`Score ${score} out of 100`}
      {...testAttribute({ testId })}
    >
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle cx="32" cy="32" r={RADIUS} className="pch-score-track" />
        <circle
          cx="32"
          cy="32"
          r={RADIUS}
          className="pch-score-arc"
          strokeDasharray={`${(shown / 100) * ROUND} ${ROUND}`}
          transform="rotate(-90 32 32)"
        />
      </svg>
      <span>{score}</span>
    </div>
  );
}

function StepIndicator(props: StepIndicatorProps) {
  const {
    stepNames = [],
    direction = 'horizontal',
    circleSize = 'sm',
    currentStep = 0,
    variant = 'default',
    testId,
  } = props;
  return (
    <div className="pch-width">
      <ol
        className={classes(
          'pch-steps',
          `pch-steps-${direction}`,
          `pch-steps-${variant}`,
          `pch-steps-${shortSize(circleSize)}`,
        )}
        role="list"
        {...testAttribute({ testId })}
      >
        {stepNames.map((name, index) => (
          <Step key={index} {...{ name, index, currentStep, onClick: props.onClick }} titled={variant === 'default'} />
        ))}
      </ol>
    </div>
  );
}

type StepProps = {
  readonly name: string;
  readonly index: number;
  readonly currentStep: number;
  readonly titled: boolean;
  readonly onClick: StepIndicatorProps['onClick'];
};

function Step({ name, index, currentStep, titled, onClick }: StepProps) {
  const call = useCall();
  const state = index < currentStep ? 'done' : index === currentStep ? 'current' : 'ahead';
  const face = (
    <>
      <span className="pch-step-circle" aria-hidden="true">
        {state === 'done' ? <IconShape name="success" /> : index + 1}
      </span>
      <span className={classes('pch-step-name', !titled && state !== 'current' && 'pch-sr')}>
        {name}
        {state === 'done' ? <span className="pch-sr"> (done)</span> : null}
      </span>
    </>
  );
  return (
    <li className={`pch-step pch-step-${state}`} aria-current={state === 'current' ? 'step' : undefined}>
      {onClick ? (
        <button type="button" onClick={() => void call(onClick, index)}>
          {face}
        </button>
      ) : (
        face
      )}
    </li>
  );
}

export const progress = [
  hosted<ProgressBarProps>('ProgressBar', ProgressBar, { variant: ['success', 'danger', 'warning'] }),
  hosted<ScoreProps>('ScoreCircle', ScoreCircle),
  hosted<StepIndicatorProps>('StepIndicator', StepIndicator, {
    direction: ['horizontal', 'vertical'],
    variant: ['default', 'compact', 'flush'],
    circleSize: ALL_SIZES,
  }),
];
