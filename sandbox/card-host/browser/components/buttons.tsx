import type { ButtonProps, ButtonRowProps, LoadingButtonProps } from '@hubspot/ui-extensions';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { extensionEvent, useCall, useReactions } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { Anchor, targetOf } from './links.tsx';
import { useOverlay } from './overlay-slot.tsx';
import { UP_TO_MD, shortSize } from './sizes.ts';

type PushProps = Omit<ButtonProps, 'overlay'> & {
  readonly overlay?: ReactNode;
  readonly busy?: boolean;
  /** Whether a press opens the overlay at once; a LoadingButton may wait. */
  readonly opensOverlay?: boolean;
  readonly trigger: ReturnType<typeof useOverlay>;
};

function Push({ trigger, busy, opensOverlay = true, children, ...props }: PushProps) {
  const { onClick, href, disabled, variant = 'secondary', type = 'button', size = 'md', truncate, testId } = props;
  const call = useCall();
  const reactions = useReactions();
  const className = classes(
    'pch-button',
    `pch-button-${variant}`,
    `pch-button-${shortSize(size)}`,
    truncate && 'pch-truncate',
  );
  const press = (): void => {
    if (busy) return;
    void call(onClick, extensionEvent('click'), reactions);
    if (opensOverlay) trigger.open();
  };
  if (href && !disabled) {
    return trigger.around(
      <Anchor
        target={targetOf(href)}
        className={className}
        testId={testId}
        onFollow={press}
        describedBy={trigger.describedBy}
      >
        {children}
      </Anchor>,
    );
  }
  return trigger.around(
    <button
      type={type}
      className={className}
      disabled={disabled}
      // Busy, not disabled: a disabled button would throw the focus away while it works.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-describedby={trigger.describedBy}
      aria-haspopup={trigger.hasPopup}
      onClick={(event) => {
        if (busy) event.preventDefault();
        press();
      }}
      {...testAttribute({ testId })}
    >
      {children}
    </button>,
  );
}

function Button(props: ButtonProps) {
  return <Push {...props} trigger={useOverlay(props.overlay)} />;
}

function LoadingButton({ loading = false, overlayOptions, resultIconName, children, ...props }: LoadingButtonProps) {
  const trigger = useOverlay(props.overlay);
  const waits = overlayOptions?.openBehavior === 'onLoadingFinish';
  const [finished, setFinished] = useState(false);
  const wasLoading = useRef(loading);
  useEffect(() => {
    if (wasLoading.current && !loading) {
      setFinished(true);
      if (waits) trigger.open();
    }
    if (loading) setFinished(false);
    wasLoading.current = loading;
  }, [loading]);
  return (
    <Push {...props} busy={loading} opensOverlay={!waits} trigger={trigger}>
      <span className={classes('pch-button-label', loading && 'pch-button-waiting')}>
        {children}
        {finished && resultIconName ? <IconShape name={resultIconName} /> : null}
      </span>
      {loading ? <span className="pch-spinner-wheel pch-button-wheel" aria-hidden="true" /> : null}
    </Push>
  );
}

/** HubSpot folds what does not fit into a menu; here it goes on the next line. */
function ButtonRow({ children, testId }: ButtonRowProps) {
  return (
    <div className="pch-button-row" {...testAttribute({ testId })}>
      {children}
    </div>
  );
}

const type = ['button', 'reset', 'submit'] as const;

export const buttons = [
  hosted<ButtonProps>('Button', Button, {
    variant: ['primary', 'secondary', 'destructive', 'transparent'],
    size: UP_TO_MD,
    type,
  }),
  hosted<LoadingButtonProps>('LoadingButton', LoadingButton, {
    variant: ['primary', 'secondary', 'destructive'],
    size: UP_TO_MD,
    type,
  }),
  hosted<ButtonRowProps>('ButtonRow', ButtonRow),
];
