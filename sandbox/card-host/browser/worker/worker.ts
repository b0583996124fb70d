import { createRemoteRoot } from '@remote-ui/core';
import * as RemoteUI from '@remote-ui/react';
import { retain } from '@remote-ui/rpc';
import * as React from 'react';
import type { ReactElement } from 'react';
import { answering } from '../answers.ts';
import type { CardContext, CardLocation, WorkerApi } from '../wire.ts';
import { blockGlobals, blockImportScripts } from './block-globals.ts';
import { CardBoundary } from './card-boundary.ts';
import { hubspotFetch } from './hubspot-fetch.ts';
import { endpoint, messageOf, page } from './page.ts';
import { propertiesChanged } from './subscriptions.ts';
import { extensionApi, setContext, workerApi } from './worker-api.ts';

type RenderCard = (api: typeof extensionApi) => ReactElement;

const importScripts = (self as unknown as { importScripts: (url: string) => void }).importScripts.bind(self);
let renderCard: RenderCard | undefined;

const logged = (level: 'debug' | 'info' | 'warn' | 'error') => (message: unknown) =>
  void page.log(level, String(message));

Object.assign(self, {
  __HUBSPOT_EXTENSION_WORKER__: true,
  React,
  RemoteUI,
  extend_V2: (render: RenderCard) => void (renderCard = render),
  hsFetch: hubspotFetch,
  logger: { debug: logged('debug'), info: logged('info'), warn: logged('warn'), error: logged('error') },
  hsWorkerAPI: workerApi,
});
blockGlobals();

// Handlers as well: what they throw comes by here after the page has been told that they failed.
self.addEventListener('unhandledrejection', (event) => {
  void page.cardFailed({ code: 'handler', message: messageOf(event.reason) });
});

const worker: WorkerApi = {
  load(bundleUrl) {
    importScripts(bundleUrl);
    blockImportScripts();
    if (renderCard) return Promise.resolve();
    return Promise.reject(new Error('The bundle never called hubspot.extend.'));
  },

  async render(channel, context: CardContext & { location: CardLocation }) {
    retain(channel);
    setContext(context);
    const root = createRemoteRoot(channel);
    RemoteUI.createRoot(root).render(React.createElement(CardBoundary, null, renderCard?.(extensionApi)));
    await root.mount();
  },

  propertiesChanged,

  async idle() {
    // React works through its queue in tasks of its own; two turns let it finish what data has just set off.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setTimeout(resolve));
  },
};
endpoint.expose(answering(worker));
