import { createRemoteReceiver } from '@remote-ui/core';
import type { RemoteReceiver } from '@remote-ui/core';
import { createEndpoint, fromWebWorker } from '@remote-ui/rpc';
import { createRoot } from 'react-dom/client';
import type { Answering } from '../answers.ts';
import { answering, asking } from '../answers.ts';
import type { WorkerApi } from '../wire.ts';
import { WORKER_METHODS } from '../wire.ts';
import { CardArea } from './card-area.tsx';
import { createCardState } from './card-state.ts';
import type { CardStateStore } from './card-state.ts';
import type { MountOptions, MountedCard } from './mount-options.ts';
import { createOpenWork } from './open-work.ts';
import type { OpenWork } from './open-work.ts';
import { createOverlays } from './overlays.ts';
import { createPageApi } from './page-api.ts';
import type { CardSession } from './session.ts';

/** Runs a card's bundle in a worker of its own and draws it into `element`. */
export function mountCard(element: HTMLElement, options: MountOptions): MountedCard {
  const cardState = createCardState(options.onError);
  const session = createSession(options, cardState);
  const work = createOpenWork();
  const receiver = createRemoteReceiver();
  const { worker, api, expose } = startWorker(options.workerUrl, cardState);
  expose(answering(createPageApi({ options, session, work })));

  element.classList.add('pch');
  const root = createRoot(element);
  root.render(<CardArea receiver={receiver} cardState={cardState} session={session} />);

  void work.track(start({ api, receiver, options, cardState }));
  const endUpdates = options.onCrmPropertiesChanged?.((properties) => {
    void work.track(api.propertiesChanged(Object.keys(properties)));
  });

  return {
    unmount() {
      endUpdates?.();
      worker.terminate();
      root.unmount();
      session.overlayRoot.remove();
    },
    whenSettled: () => settled({ work, api, receiver, cardState }),
  };
}

type Running = { api: WorkerApi; receiver: RemoteReceiver; cardState: CardStateStore };

async function start({ api, receiver, options, cardState }: Running & { options: MountOptions }): Promise<void> {
  const { bundleUrl, context, location } = options;
  try {
    await api.load(new URL(bundleUrl, document.baseURI).href);
    await api.render(receiver.receive, { ...context, location });
    cardState.show();
  } catch (error) {
    cardState.report({ code: 'bundle', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Nothing open, nothing begun while the worker and the page caught up with the last answer. */
async function settled({ work, api, receiver, cardState }: Running & { work: OpenWork }): Promise<void> {
  let begun: number;
  do {
    begun = work.begun();
    await Promise.race([work.none(), failed(cardState)]);
    if (cardState.state().phase === 'failed') break;
    await api.idle();
    await receiver.flush();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  } while (begun !== work.begun());
}

/** A worker that broke down answers nothing any more. */
function failed({ state, subscribe }: CardStateStore): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (state().phase === 'failed') resolve();
    };
    subscribe(look);
    look();
  });
}

function startWorker(workerUrl: string, cardState: CardStateStore) {
  const worker = new Worker(workerUrl);
  worker.addEventListener('error', (event) => {
    cardState.report({ code: 'worker', message: event.message || `${workerUrl} cannot be loaded.` });
  });
  const endpoint = createEndpoint<Answering<WorkerApi>>(fromWebWorker(worker), { callable: [...WORKER_METHODS] });
  return {
    worker,
    api: asking<WorkerApi>(endpoint.call, WORKER_METHODS),
    expose: (offered: Parameters<typeof endpoint.expose>[0]) => endpoint.expose(offered),
  };
}

function createSession({ context, onNavigate }: MountOptions, { report }: CardStateStore): CardSession {
  const overlayRoot = document.createElement('div');
  overlayRoot.className = 'pch pch-overlays';
  document.body.append(overlayRoot);
  return {
    appName: context.extension.appName,
    timezone: context.portal.timezone,
    report,
    navigate: onNavigate ?? ((href) => window.location.assign(href)),
    overlays: createOverlays((message) => report({ code: 'misuse', message })),
    overlayRoot,
  };
}
