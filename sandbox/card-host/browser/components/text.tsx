import type { HeadingProps, TextProps } from '@hubspot/ui-extensions';
import { createContext, useContext, useLayoutEffect, useRef, useState } from 'react';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';

/** Whether a text stands within another: then it is no paragraph of its own. */
const WithinText = createContext(false);

function Text({ variant = 'bodytext', inline, children, format = {}, truncate, testId }: TextProps) {
  const within = useContext(WithinText);
  const Element = inline || within ? 'span' : 'p';
  const { fontWeight = 'regular', italic, lineDecoration = 'none', textTransform = 'none' } = format;
  const cut = useCutText(truncate);
  return (
    <WithinText.Provider value>
      <Element
        ref={cut.ref}
        className={classes(
          'pch-text',
          `pch-text-${variant}`,
          `pch-weight-${fontWeight}`,
          italic && 'pch-italic',
          lineDecoration !== 'none' && `pch-${lineDecoration}`,
          textTransform !== 'none' && `pch-${textTransform}`,
          truncate && 'pch-truncate',
        )}
        // Cut where the reading ends, which is on the left of a right-to-left name.
        dir={truncate ? 'auto' : undefined}
        style={cut.maxWidth === undefined ? {} : { maxWidth: cut.maxWidth }}
        title={cut.title}
        {...testAttribute({ testId })}
      >
        {children}
      </Element>
    </WithinText.Provider>
  );
}

/** What does not fit on the line stands in the tooltip. */
function useCutText(truncate: TextProps['truncate']) {
  const ref = useRef<HTMLParagraphElement>(null);
  const [title, setTitle] = useState<string>();
  const { maxWidth, tooltipText } = typeof truncate === 'object' ? truncate : {};
  useLayoutEffect(() => {
    const element = ref.current;
    const cut = Boolean(truncate) && element !== null && [element, ...element.children].some(overflows);
    setTitle(cut ? (tooltipText ?? element.textContent ?? undefined) : undefined);
  });
  return { ref, title, maxWidth };
}

const overflows = ({ scrollWidth, clientWidth }: Element): boolean => scrollWidth > clientWidth && clientWidth > 0;

function Heading({ children, inline, testId }: HeadingProps) {
  return (
    <h3 className={classes('pch-heading', inline && 'pch-nowrap')} {...testAttribute({ testId })}>
      {children}
    </h3>
  );
}

export const texts = [
  hosted<TextProps>('Text', Text, { variant: ['bodytext', 'microcopy'] }),
  hosted<HeadingProps>('Heading', Heading),
];
