import type {
  ModalBodyProps,
  ModalFooterProps,
  ModalProps,
  PanelBodyProps,
  PanelFooterProps,
  PanelProps,
  PanelSectionProps,
  TooltipProps,
} from '@hubspot/ui-extensions';
import { useContext, useEffect, useId } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useSession } from '../host/session.ts';
import { Dialog } from './dialog.tsx';
import { OverlaySlot } from './overlay-slot.tsx';
import { SM_TO_LG, shortSize } from './sizes.ts';

function Modal({
  id,
  title,
  width = 'sm',
  variant = 'default',
  onOpen,
  onClose,
  testId,
  children,
  ...rest
}: ModalProps) {
  const className = `pch-modal pch-modal-${shortSize(width)} pch-modal-${variant}`;
  const label = rest['aria-label'];
  return <Dialog name="Modal" modal {...{ id, title, label, className, onOpen, onClose, testId, children }} />;
}

function Panel({
  id,
  title,
  width = 'sm',
  variant = 'default',
  onOpen,
  onClose,
  testId,
  children,
  ...rest
}: PanelProps) {
  const className = `pch-panel pch-panel-${shortSize(width)}`;
  const label = rest['aria-label'];
  const modal = variant === 'modal';
  return <Dialog name="Panel" {...{ id, title, label, className, modal, onOpen, onClose, testId, children }} />;
}

function Body({ children, testId }: ModalBodyProps) {
  return (
    <div className="pch-dialog-body" {...testAttribute({ testId })}>
      {children}
    </div>
  );
}

function Footer({ children, testId }: ModalFooterProps) {
  return (
    <div className="pch-dialog-foot" {...testAttribute({ testId })}>
      {children}
    </div>
  );
}

function PanelSection({ children, flush, testId }: PanelSectionProps) {
  return (
    <section className={classes('pch-panel-section', flush && 'pch-panel-flush')} {...testAttribute({ testId })}>
      {children}
    </section>
  );
}

/** Hangs on a component by its `overlay` prop: shown while that is pointed at or has the focus. */
function Tooltip({ children, placement = 'top', testId }: TooltipProps) {
  const elementId = useId();
  const fill = useContext(OverlaySlot);
  const { report } = useSession();
  useEffect(() => {
    if (!fill) report({ code: 'misuse', message: 'A Tooltip stands alone; HubSpot shows it only as an overlay prop.' });
    fill?.({ kind: 'tooltip', elementId });
    return () => fill?.(null);
  }, [elementId]);
  return (
    <span
      className={`pch-tooltip pch-tooltip-${placement}`}
      role="tooltip"
      id={elementId}
      {...testAttribute({ testId })}
    >
      {children}
    </span>
  );
}

export const overlays = [
  hosted<ModalProps>('Modal', Modal, { width: SM_TO_LG, variant: ['danger', 'default'] }),
  hosted<ModalBodyProps>('ModalBody', Body),
  hosted<ModalFooterProps>('ModalFooter', Footer),
  hosted<PanelProps>('Panel', Panel, { width: SM_TO_LG, variant: ['modal', 'default'] }),
  hosted<PanelBodyProps>('PanelBody', Body),
  hosted<PanelFooterProps>('PanelFooter', Footer),
  hosted<PanelSectionProps>('PanelSection', PanelSection),
  hosted<TooltipProps>('Tooltip', Tooltip, { placement: ['top', 'bottom', 'left', 'right'] }),
];
