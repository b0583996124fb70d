import type { ReactNode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';
import { hubspot } from '@hubspot/ui-extensions';
import type { ExtensionPointLocation } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import { SERVICE } from './card-service.ts';

type Draw = (api: { context: unknown; actions: unknown }) => ReactNode;
type CardLocation = Extract<ExtensionPointLocation, 'crm.record.tab' | 'crm.preview' | 'helpdesk.sidebar'>;

/** The cards are opened by what they registered, so an entrypoint that draws something else fails its tests. */
const registered: Draw[] = [];
const extend = vi.spyOn(hubspot, 'extend').mockImplementation(((draw: Draw) => registered.push(draw)) as never);
await import('../../hubspot-app/src/app/cards/ContactCard.tsx');
await import('../../hubspot-app/src/app/cards/DealCard.tsx');
await import('../../hubspot-app/src/app/cards/CompanyCard.tsx');
await import('../../hubspot-app/src/app/cards/TicketCard.tsx');
extend.mockRestore();
const CARDS = ['contact', 'deal', 'company', 'ticket'] as const;

export const NOW = '2026-11-20T12:30:00.000Z';
export const RECORD_ID = 501;

/** Every test stands at the same moment and leaves nothing behind: the files of this folder share one process. */
export function standStill(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

export type OpenOptions = {
  readonly location?: CardLocation;
  readonly locale?: string;
  readonly timezone?: string;
  readonly variables?: Record<string, string>;
  readonly prepare?: (mocks: Renderer['mocks']) => void;
};
export type Renderer = ReturnType<typeof createRenderer<CardLocation>>;
export type OpenedCard = Renderer & {
  /** Everything drawn, including what waits in panels and modals. */
  readonly shown: () => string;
  readonly shows: (...texts: string[]) => Promise<void>;
};

export function openCard(card: (typeof CARDS)[number], options: OpenOptions = {}): OpenedCard {
  const { location = 'crm.record.tab', locale = 'en-gb', timezone = 'Europe/Berlin' } = options;
  const renderer = createRenderer<CardLocation>(location);
  const { mocks } = renderer;
  mocks.context.variables = options.variables ?? { PUBLIC_URL: SERVICE };
  mocks.context.user.locale = locale;
  mocks.context.portal.timezone = timezone;
  mocks.context.crm.objectId = RECORD_ID;
  options.prepare?.(mocks);
  const draw = registered[CARDS.indexOf(card)];
  if (!draw) throw new Error(`No card registered for ${card}`);
  renderer.render(draw({ context: mocks.context, actions: mocks.actions }));
  const shown = () => renderer.getRootNode().toString();
  const shows = async (...texts: string[]) => {
    const missing = () => texts.filter((text) => !shown().includes(text));
    try {
      await renderer.waitFor(() => {
        if (missing().length > 0) throw new Error('not yet');
      });
    } catch (error) {
      throw new Error(`Not shown: ${missing().join(', ')}\n${shown()}`, { cause: error });
    }
  };
  return { ...renderer, shown, shows };
}
