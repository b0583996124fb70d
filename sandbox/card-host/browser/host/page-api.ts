import { release, retain } from '@remote-ui/rpc';
import type { FetchAnswer, PageApi } from '../wire.ts';
import type { MountOptions } from './mount-options.ts';
import type { OpenWork } from './open-work.ts';
import type { CardSession } from './session.ts';

type PageApiInput = { readonly options: MountOptions; readonly session: CardSession; readonly work: OpenWork };

/** What the page does when the worker asks. */
export function createPageApi({ options, session, work }: PageApiInput): PageApi {
  return {
    hubspotFetch: (url, request) =>
      work.track(options.hubspotFetch(url, request).catch((error: unknown) => noConnection(url, error))),
    crmProperties: (names) => work.track(readProperties(names, options)),
    associations: (query) => work.track(options.associations?.(query) ?? missing('associations', session)),
    addAlert: (alert) => done(() => options.onAlert?.(alert)),
    copyTextToClipboard: (text) => copyText(text, session),
    refreshObjectProperties: () => done(() => options.onRefreshProperties?.()),
    reloadPage: () => done(() => (options.onReloadPage ?? (() => window.location.reload()))()),
    closeOverlay: (id) => done(() => session.overlays.close(id)),
    openIframeModal: (request, onClose) =>
      done(() => {
        const origin = URL.canParse(request.uri) ? new URL(request.uri).origin : request.uri;
        if (options.iframeOrigins?.includes(origin)) {
          session.overlays.showIframe({ request, onClose: keepUntilCalled(onClose) });
          return;
        }
        session.report({
          code: 'action',
          message: `openIframeModal was refused: ${origin} is not among the app's permitted iframe addresses.`,
        });
      }),
    log: (level, message) => done(() => console[level](`[card] ${message}`)),
    cardFailed: (error) => done(() => session.report(error)),
  };
}

/** The page itself could not ask. Limits, signatures and the second try are the proxy's, behind the page. */
function noConnection(url: string, error: unknown): FetchAnswer {
  console.warn(`[card] no connection for ${url}: ${String(error)}`);
  const message = `${new URL(url).origin} cannot be reached.`;
  return { status: 502, body: JSON.stringify({ status: 'error', category: 'BAD_GATEWAY', message }) };
}

/** A function of the card is let go when the call that brought it is over, unless somebody says that it is still needed. */
function keepUntilCalled(onClose: (() => void) | undefined): () => void {
  if (!onClose) return () => undefined;
  retain(onClose);
  return () => {
    // It answers from the other thread, whatever its type says.
    void Promise.resolve(onClose()).finally(() => release(onClose));
  };
}

/** Exactly the names that were asked for: one the record does not know is null, as on HubSpot. */
async function readProperties(names: readonly string[] | '*', { crmProperties }: MountOptions) {
  const found = await crmProperties(names);
  if (names === '*') return found;
  return Object.fromEntries(names.map((name) => [name, found[name] ?? null]));
}

async function copyText(text: string, { report }: CardSession): Promise<void> {
  try {
    if (!navigator.userActivation.isActive) throw new Error('it needs a click or a key just before');
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const message = `copyTextToClipboard was refused: ${error instanceof Error ? error.message : String(error)}.`;
    report({ code: 'action', message });
    throw new Error(message);
  }
}

function missing(name: string, { report }: CardSession): Promise<never> {
  const message = `This page does not answer ${name}.`;
  report({ code: 'action', message });
  return Promise.reject(new Error(message));
}

function done(act: () => unknown): Promise<void> {
  act();
  return Promise.resolve();
}
