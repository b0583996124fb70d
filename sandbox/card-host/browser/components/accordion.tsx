import type { AccordionProps } from '@hubspot/ui-extensions';
import { useEffect, useId, useState } from 'react';
import { hosted, testAttribute } from '../host/hosted.tsx';
import { useCall } from '../host/session.ts';
import { IconShape } from './icon.tsx';
import { UP_TO_MD, shortSize } from './sizes.ts';

function Accordion({
  title,
  children,
  defaultOpen = false,
  disabled,
  open,
  size = 'sm',
  onClick,
  testId,
}: AccordionProps) {
  const [ownOpen, setOwnOpen] = useState(open ?? defaultOpen);
  const call = useCall();
  const id = useId();
  const shown = open ?? ownOpen;
  useEffect(() => {
    if (open !== undefined) setOwnOpen(open);
  }, [open]);
  return (
    <div className={`pch-accordion pch-accordion-${shortSize(size)}`} {...testAttribute({ testId })}>
      <button
        type="button"
        className="pch-accordion-button"
        aria-expanded={shown}
        aria-controls={id}
        disabled={disabled}
        onClick={() => {
          setOwnOpen(!shown);
          void call(onClick);
        }}
      >
        <IconShape name="right" className="pch-accordion-mark" />
        {title}
      </button>
      <div id={id} className="pch-accordion-body" hidden={!shown}>
        {children}
      </div>
    </div>
  );
}

export const accordions = [hosted<AccordionProps>('Accordion', Accordion, { size: UP_TO_MD })];
