import type { ImageProps, LinkProps } from '@hubspot/ui-extensions';
import type { MouseEvent, ReactNode } from 'react';
import { hosted, testAttribute } from '../host/hosted.tsx';
import { extensionEvent, useCall, useReactions, useSession } from '../host/session.ts';
import { useOverlay } from './overlay-slot.tsx';

type Href = NonNullable<LinkProps['href']>;
export type Target = { readonly url: string; readonly external: boolean };

/** Without a word about it, what leads out of the CRM opens in a window of its own. */
export function targetOf(href: Href): Target {
  const { url, external } = typeof href === 'string' ? { url: href, external: undefined } : href;
  return { url, external: external ?? !leadsIntoCrm(url) };
}

function leadsIntoCrm(url: string): boolean {
  const { origin, hostname, pathname } = new URL(url, document.baseURI);
  if (origin === window.location.origin || /^app(-\w+)?\.hubspot\.com$/.test(hostname)) return true;
  return LOOPBACK.has(hostname) && /^\/contacts\/\d+\/record\//.test(pathname);
}

/** Where a local HubSpot stands, whose records are of the CRM too. */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

type AnchorProps = {
  readonly target: Target;
  readonly className: string;
  readonly children: ReactNode;
  readonly describedBy?: string | undefined;
  readonly testId?: string | undefined;
  readonly onFollow?: (() => void) | undefined;
  readonly preventDefault?: boolean | undefined;
};

/** Links within the CRM are handed to the page, unless the reader asks the browser for a new tab. */
export function Anchor({ target, className, children, describedBy, testId, onFollow, preventDefault }: AnchorProps) {
  const { navigate } = useSession();
  const follow = (event: MouseEvent): void => {
    onFollow?.();
    if (preventDefault) event.preventDefault();
    if (preventDefault || target.external || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(target.url);
  };
  return (
    <a
      className={className}
      href={target.url}
      aria-describedby={describedBy}
      onClick={follow}
      {...(target.external ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
      {...testAttribute({ testId })}
    >
      {children}
      {target.external ? <ExternalMark /> : null}
    </a>
  );
}

function ExternalMark() {
  return (
    <>
      <svg className="pch-external" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M9 2h5v5M14 2 7 9M12 9v4.5H2.5V4H7" />
      </svg>
      <span className="pch-sr"> (opens in a new tab)</span>
    </>
  );
}

function Link({ children, href, variant = 'primary', onClick, preventDefault, overlay, testId }: LinkProps) {
  const trigger = useOverlay(overlay);
  const call = useCall();
  const reactions = useReactions();
  const className = `pch-link pch-link-${variant}`;
  const follow = (): void => {
    void call(onClick, extensionEvent('click'), reactions);
    trigger.open();
  };
  if (href) {
    return trigger.around(
      <Anchor
        target={targetOf(href)}
        className={className}
        describedBy={trigger.describedBy}
        testId={testId}
        onFollow={follow}
        preventDefault={preventDefault}
      >
        {children}
      </Anchor>,
    );
  }
  return trigger.around(
    <button
      type="button"
      className={className}
      aria-describedby={trigger.describedBy}
      aria-haspopup={trigger.hasPopup}
      onClick={follow}
      {...testAttribute({ testId })}
    >
      {children}
    </button>,
  );
}

function Image({ alt = '', href, onClick, src, width, height, overlay, testId }: ImageProps) {
  const trigger = useOverlay(overlay);
  const call = useCall();
  const reactions = useReactions();
  const press = (): void => {
    void call(onClick, extensionEvent('click'), reactions);
    trigger.open();
  };
  const picture = (
    <img className="pch-image" src={src} alt={alt} width={width} height={height} {...testAttribute({ testId })} />
  );
  if (href) {
    return trigger.around(
      <Anchor target={targetOf(href)} className="pch-image-link" onFollow={press}>
        {picture}
      </Anchor>,
    );
  }
  if (!onClick && !trigger.hasPopup) return trigger.around(picture);
  return trigger.around(
    <button type="button" className="pch-image-link" aria-haspopup={trigger.hasPopup} onClick={press}>
      {picture}
    </button>,
  );
}

export const links = [
  hosted<LinkProps>('Link', Link, { variant: ['primary', 'destructive', 'light', 'dark'] }),
  hosted<ImageProps>('Image', Image),
];
