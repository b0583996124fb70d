import { useContext, useEffect, useId, useRef, useSyncExternalStore } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useCall, useSession } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { OverlaySlot } from './overlay-slot.tsx';

type DialogProps = {
  readonly name: 'Modal' | 'Panel';
  readonly id: string;
  readonly title: string | undefined;
  readonly label: string | undefined;
  readonly className: string;
  /** Shuts the page off while it is open, and keeps the focus inside. */
  readonly modal: boolean;
  readonly onOpen: (() => void) | undefined;
  readonly onClose: (() => void) | undefined;
  readonly testId: string | undefined;
  readonly children: ReactNode;
};

/** A Modal or a Panel: there as long as the card has it, drawn while it is open. */
export function Dialog(props: DialogProps) {
  const { name, id, onOpen, onClose } = props;
  const { overlays, overlayRoot, report } = useSession();
  const { open } = useSyncExternalStore(overlays.subscribe, overlays.state);
  const fill = useContext(OverlaySlot);
  const call = useCall();
  const isOpen = open.has(id);
  const wasOpen = useRef(false);

  useEffect(() => {
    if (!fill) report({ code: 'misuse', message: `A ${name} stands alone; HubSpot shows it only as an overlay prop.` });
    fill?.({ kind: 'dialog', id });
    const forget = overlays.register(id);
    return () => {
      forget();
      fill?.(null);
    };
  }, [id]);

  useEffect(() => {
    if (isOpen && !wasOpen.current) void call(onOpen);
    if (!isOpen && wasOpen.current) void call(onClose);
    wasOpen.current = isOpen;
  }, [isOpen]);

  return isOpen ? createPortal(<OpenDialog {...props} close={() => overlays.close(id)} />, overlayRoot) : null;
}

type OpenDialogProps = Omit<DialogProps, 'name' | 'id' | 'onOpen' | 'onClose'> & { readonly close: () => void };

export function OpenDialog({ title, label, className, modal, testId, children, close: shut }: OpenDialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = (): void => {
    // An input is left before it goes away, so that what was typed into it is not lost.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    shut();
  };
  const titleId = useId();
  useDialogFocus(ref, modal);
  return (
    <dialog
      ref={ref}
      className={`pch-dialog ${className}`}
      aria-modal={modal || undefined}
      aria-label={label}
      aria-labelledby={label || !title ? undefined : titleId}
      tabIndex={-1}
      data-test-id={testId}
      onKeyDown={(event) => {
        if (modal) keepTabInside(event);
        if (event.key !== 'Escape') return;
        // The browser would only hide the element; the card has to know.
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
      onCancel={(event) => event.preventDefault()}
    >
      <div className="pch-dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="pch-dialog-close" aria-label="Close" onClick={close}>
          <IconShape name="remove" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

const FOCUSABLE =
  'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex="0"]';

/** In on opening: to the first field, else the close button. Back on closing: to where it came from. */
function useDialogFocus(ref: React.RefObject<HTMLDialogElement | null>, modal: boolean): void {
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (modal) dialog?.showModal();
    else dialog?.show();
    const field = dialog?.querySelector<HTMLElement>(
      'input:not(:disabled),select:not(:disabled),textarea:not(:disabled)',
    );
    (field ?? dialog?.querySelector<HTMLElement>('.pch-dialog-close'))?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

function keepTabInside(event: KeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== 'Tab') return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (stop) => stop.offsetParent !== null,
  );
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge && document.activeElement !== event.currentTarget) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
