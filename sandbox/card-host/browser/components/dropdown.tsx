import type { DropdownButtonItemProps, DropdownProps } from '@hubspot/ui-extensions';
import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { hosted, testAttribute } from '../host/hosted.tsx';
import { extensionEvent, useCall, useReactions } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { useOverlay } from './overlay-slot.tsx';
import { UP_TO_MD, shortSize } from './sizes.ts';

const CloseMenu = createContext<() => void>(() => {});

function Dropdown(props: DropdownProps) {
  const {
    options = [],
    variant = 'secondary',
    buttonText = 'Actions',
    buttonSize = 'md',
    disabled,
    children,
    testId,
  } = props;
  const [open, setOpen] = useState(false);
  const call = useCall();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) frame.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [open]);
  const close = (): void => {
    setOpen(false);
    frame.current?.querySelector('button')?.focus();
  };
  return (
    <div
      ref={frame}
      className="pch-dropdown"
      onBlur={({ relatedTarget }) => {
        if (!frame.current?.contains(relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (open) moveInMenu(event, close);
      }}
      {...testAttribute({ testId })}
    >
      <button
        type="button"
        className={`pch-button pch-button-${variant} pch-button-${shortSize(buttonSize)}`}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {buttonText}
        <IconShape name="downCarat" />
      </button>
      <div id={id} role="menu" aria-label={buttonText} className="pch-menu" hidden={!open}>
        <CloseMenu.Provider value={close}>
          {children ??
            options.map(({ label, onClick }, index) => (
              <MenuButton key={index} press={() => void call(onClick)}>
                {label}
              </MenuButton>
            ))}
        </CloseMenu.Provider>
      </div>
    </div>
  );
}

function moveInMenu(event: KeyboardEvent<HTMLDivElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const target = targets[event.key];
  if (event.key === 'Escape') close();
  else if (target !== undefined) items[(target + items.length) % items.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

type MenuButtonProps = {
  readonly press: () => void;
  readonly children: React.ReactNode;
  readonly testId?: string | undefined;
};

function MenuButton({ press, children, testId }: MenuButtonProps) {
  const close = useContext(CloseMenu);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className="pch-menu-item"
      onClick={() => {
        close();
        press();
      }}
      {...testAttribute({ testId })}
    >
      {children}
    </button>
  );
}

function DropdownButtonItem({ children, onClick, overlay, testId }: DropdownButtonItemProps) {
  const trigger = useOverlay(overlay);
  const call = useCall();
  const reactions = useReactions();
  const press = (): void => {
    void call(onClick, extensionEvent('click'), reactions);
    trigger.open();
  };
  return trigger.around(
    <MenuButton press={press} testId={testId}>
      {children}
    </MenuButton>,
  );
}

export const dropdowns = [
  hosted<DropdownProps>('Dropdown', Dropdown, {
    variant: ['primary', 'secondary', 'transparent'],
    buttonSize: UP_TO_MD,
  }),
  hosted<DropdownButtonItemProps>('DropdownButtonItem', DropdownButtonItem),
];
