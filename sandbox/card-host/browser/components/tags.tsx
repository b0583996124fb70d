import type { StatusTagProps, TagProps } from '@hubspot/ui-extensions';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { extensionEvent, useCall, useReactions } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { useOverlay } from './overlay-slot.tsx';

function Tag({ children, variant = 'default', onClick, inline, overlay, testId }: TagProps) {
  const trigger = useOverlay(overlay);
  const call = useCall();
  const reactions = useReactions();
  const className = classes('pch-tag', `pch-tag-${variant}`, inline && 'pch-tag-inline');
  const press = (): void => {
    void call(onClick, extensionEvent('click'), reactions);
    trigger.open();
  };
  if (!onClick && !trigger.hasPopup) {
    return trigger.around(
      <span className={className} aria-describedby={trigger.describedBy} {...testAttribute({ testId })}>
        {children}
      </span>,
    );
  }
  return trigger.around(
    <button
      type="button"
      className={classes(className, 'pch-tag-button')}
      aria-describedby={trigger.describedBy}
      aria-haspopup={trigger.hasPopup}
      onClick={press}
      {...testAttribute({ testId })}
    >
      {children}
    </button>,
  );
}

function StatusTag({
  variant = 'default',
  hollow,
  onClick,
  showRemoveIcon,
  onRemoveClick,
  children,
  testId,
}: StatusTagProps) {
  const call = useCall();
  const face = (
    <>
      <span className={classes('pch-status-dot', hollow && 'pch-status-hollow')} aria-hidden="true" />
      {children}
    </>
  );
  return (
    <span className={`pch-status pch-status-${variant}`} {...testAttribute({ testId })}>
      {onClick ? (
        <button type="button" className="pch-status-button" onClick={() => void call(onClick)}>
          {face}
        </button>
      ) : (
        face
      )}
      {showRemoveIcon ? (
        <button
          type="button"
          className="pch-status-button"
          aria-label="Remove"
          onClick={() => void call(onRemoveClick)}
        >
          <IconShape name="remove" />
        </button>
      ) : null}
    </span>
  );
}

export const tags = [
  hosted<TagProps>('Tag', Tag, { variant: ['default', 'warning', 'success', 'error', 'info'] }),
  hosted<StatusTagProps>('StatusTag', StatusTag, { variant: ['danger', 'warning', 'info', 'success', 'default'] }),
];
