import type { AlertProps, EmptyStateProps, ErrorStateProps, LoadingSpinnerProps } from '@hubspot/ui-extensions';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { IconShape } from './icon.tsx';
import { Drawing } from './illustration.tsx';
import { UP_TO_MD, shortSize } from './sizes.ts';

const ALERT_ICONS = {
  info: 'info',
  tip: 'bulb',
  success: 'checkCircle',
  warning: 'warning',
  error: 'exclamationCircle',
  danger: 'exclamationCircle',
} as const;

function Alert({ title, children, variant = 'info', testId }: AlertProps) {
  const urgent = variant === 'error' || variant === 'danger';
  return (
    <div className={`pch-alert pch-alert-${variant}`} role={urgent ? 'alert' : 'status'} {...testAttribute({ testId })}>
      <IconShape name={ALERT_ICONS[variant]} className="pch-alert-icon" />
      <div className="pch-alert-text">
        <strong>{title}</strong>
        {children ? <div>{children}</div> : null}
      </div>
    </div>
  );
}

function LoadingSpinner({ label, showLabel, size = 'sm', layout = 'inline', testId }: LoadingSpinnerProps) {
  return (
    <div className={`pch-spinner pch-spinner-${layout}`} role="status" {...testAttribute({ testId })}>
      <span className={`pch-spinner-wheel pch-wheel-${shortSize(size)}`} aria-hidden="true" />
      <span className={classes(!showLabel && 'pch-sr')}>{label}</span>
    </div>
  );
}

function EmptyState(props: EmptyStateProps) {
  const {
    title,
    children,
    layout = 'horizontal',
    reverseOrder,
    flush,
    imageName = 'emptyStateCharts',
    imageWidth,
    testId,
  } = props;
  return (
    <div
      className={classes(
        'pch-state',
        `pch-state-${layout}`,
        reverseOrder && 'pch-state-reverse',
        flush && 'pch-state-flush',
      )}
      {...testAttribute({ testId })}
    >
      <div className="pch-state-text">
        {title ? <h3 className="pch-heading">{title}</h3> : null}
        <div className="pch-state-body">{children}</div>
      </div>
      <div className="pch-state-picture" style={{ width: imageWidth ?? (layout === 'vertical' ? 150 : 110) }}>
        <Drawing name={imageName} />
      </div>
    </div>
  );
}

const ERROR_PICTURES = { error: 'errorGeneral', support: 'customerSupport', lock: 'lock' } as const;

function ErrorState({ title = 'Something went wrong.', children, type = 'error', testId }: ErrorStateProps) {
  return (
    <div className="pch-state pch-state-vertical" role="alert" {...testAttribute({ testId })}>
      <div className="pch-state-text">
        <h3 className="pch-heading">{title}</h3>
        <div className="pch-state-body">{children}</div>
      </div>
      <div className="pch-state-picture" style={{ width: 130 }}>
        <Drawing name={ERROR_PICTURES[type]} />
      </div>
    </div>
  );
}

const EMPTY_IMAGES = [
  ...DOCUMENTED_ILLUSTRATIONS,
  ...['announcement', 'beta', 'building', 'components', 'cone', 'idea', 'missedGoal', 'voteAndSearch'],
] as NonNullable<EmptyStateProps['imageName']>[];

export const states = [
  hosted<AlertProps>('Alert', Alert, { variant: ['info', 'warning', 'success', 'error', 'danger', 'tip'] }),
  hosted<LoadingSpinnerProps>('LoadingSpinner', LoadingSpinner, { size: UP_TO_MD, layout: ['inline', 'centered'] }),
  hosted<EmptyStateProps>('EmptyState', EmptyState, { layout: ['horizontal', 'vertical'], imageName: EMPTY_IMAGES }),
  hosted<ErrorStateProps>('ErrorState', ErrorState, { type: ['error', 'support', 'lock'] }),
];
