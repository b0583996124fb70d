import type { TabProps, TabsProps } from '@hubspot/ui-extensions';
import { Children, createContext, useContext, useEffect, useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { useCall, useSession } from '../host/session.ts';

type TabId = string | number;
type Heading = {
  readonly tabId: TabId;
  readonly title: string;
  readonly disabled: boolean;
  readonly tooltip: string | undefined;
};

type TabsContext = {
  readonly selected: TabId | undefined;
  readonly elementId: string;
  /** A tab says what stands on it; its content is elsewhere in the tree. */
  readonly announce: (position: number, heading: Heading | null) => void;
};

const TabsOfCard = createContext<TabsContext | null>(null);
const Position = createContext(0);

function Tabs({ children, onSelectedChange, defaultSelected, selected, variant = 'default', fill, testId }: TabsProps) {
  const [headings, setHeadings] = useState<Readonly<Record<number, Heading | null>>>({});
  const [ownSelected, setOwnSelected] = useState(selected ?? defaultSelected);
  const call = useCall();
  const elementId = useId();
  const shown = Object.entries(headings).flatMap(([position, heading]) => (heading ? [{ position, ...heading }] : []));
  const current = selected ?? ownSelected ?? shown.find(({ disabled }) => !disabled)?.tabId;
  const select = (tabId: TabId): void => {
    setOwnSelected(tabId);
    void call(onSelectedChange, tabId);
  };
  const announce = (position: number, heading: Heading | null): void =>
    setHeadings((before) => ({ ...before, [position]: heading }));
  return (
    <TabsOfCard.Provider value={{ selected: current, elementId, announce }}>
      <div {...testAttribute({ testId })}>
        <div
          role="tablist"
          className={classes('pch-tablist', `pch-tablist-${variant}`, fill && 'pch-tablist-fill')}
          onKeyDown={moveFocus}
        >
          {shown.map(({ position, tabId, title, disabled, tooltip }) => (
            <button
              key={position}
              type="button"
              role="tab"
              id={`${elementId}tab${position}`}
              className="pch-tab"
              aria-selected={tabId === current}
              aria-controls={`${elementId}panel${position}`}
              tabIndex={tabId === current ? 0 : -1}
              disabled={disabled}
              title={tooltip}
              onClick={() => select(tabId)}
            >
              {title}
            </button>
          ))}
        </div>
        {Children.map(children, (child, position) => (
          <Position.Provider value={position}>{child}</Position.Provider>
        ))}
      </div>
    </TabsOfCard.Provider>
  );
}

/** Arrows move among the tabs and choose, Home and End go to the ends. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('[role=tab]:not(:disabled)')];
  const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
  const targets: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  const next = tabs[(target + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}

function Tab({ disabled = false, tabId, title = '', tooltip, children, testId }: TabProps) {
  const tabs = useContext(TabsOfCard);
  const position = useContext(Position);
  const { report } = useSession();
  const id = tabId ?? position;
  useEffect(() => {
    if (!tabs) report({ code: 'misuse', message: 'A Tab stands alone; it belongs directly into Tabs.' });
    tabs?.announce(position, { tabId: id, title, disabled, tooltip });
  }, [id, title, disabled, tooltip, position]);
  useEffect(() => () => tabs?.announce(position, null), []);
  return (
    <div
      role="tabpanel"
      id={`${tabs?.elementId}panel${position}`}
      aria-labelledby={`${tabs?.elementId}tab${position}`}
      className="pch-tabpanel"
      hidden={tabs?.selected !== id}
      {...testAttribute({ testId })}
    >
      {children}
    </div>
  );
}

export const tabs = [
  hosted<TabsProps>('Tabs', Tabs, { variant: ['default', 'enclosed'] }),
  hosted<TabProps>('Tab', Tab, { tooltipPlacement: ['top', 'bottom', 'left', 'right'] }),
];
