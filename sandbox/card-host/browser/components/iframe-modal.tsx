import { useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useSession } from '../host/session.ts';
import { OpenDialog } from './dialog.tsx';

/** What `openIframeModal` opens, once the page has found the address permitted. */
export function IframeModal() {
  const { overlays, overlayRoot } = useSession();
  const { iframe } = useSyncExternalStore(overlays.subscribe, overlays.state);
  if (!iframe) return null;
  const { uri, width, height, title = 'Window of the app', flush } = iframe.request;
  const close = (): void => {
    overlays.showIframe(null);
    iframe.onClose();
  };
  const className = `pch-modal pch-iframe${flush ? ' pch-iframe-flush' : ''}`;
  return createPortal(
    <OpenDialog modal {...{ title, className, close }} label={undefined} testId={undefined}>
      <iframe src={uri} width={width} height={height} title={title} />
    </OpenDialog>,
    overlayRoot,
  );
}
