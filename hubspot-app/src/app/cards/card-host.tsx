import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { CrmContext, CrmHostActions, UiePlatformActions } from '@hubspot/ui-extensions';
import { connectService } from './api.ts';
import type { Service } from './api.ts';
import { makeFormats } from './formats.ts';
import type { Formats } from './formats.ts';

export type CardActions = Pick<
  CrmHostActions & UiePlatformActions,
  'addAlert' | 'closeOverlay' | 'onCrmPropertiesUpdate'
> & {
  /** HubSpot types it by the browser's Clipboard, which the types of a worker do not have. */
  readonly copyTextToClipboard: (text: string) => Promise<void>;
};

export type CardSurroundings = {
  readonly recordId: number;
  readonly actions: CardActions;
  readonly service: Service;
  readonly formats: Formats;
  /** Sidebars and the preview are narrow: stacked lines instead of a table, and no chart. */
  readonly compact: boolean;
};

const Surroundings = createContext<CardSurroundings | null>(null);

export function useCardHost(): CardSurroundings {
  const surroundings = useContext(Surroundings);
  if (!surroundings) throw new Error('A card is drawn inside CardHost.');
  return surroundings;
}

export type CardHostProps = {
  readonly context: CrmContext;
  readonly actions: CardActions;
  readonly children: ReactNode;
};

function addressOf(variables: CrmContext['variables']): string | null {
  const address = variables?.PUBLIC_URL;
  return typeof address === 'string' && address !== '' ? address.replace(/\/+$/, '') : null;
}

/** What HubSpot tells a card about where it stands, in the form the cards need. */
export function CardHost({ context, actions, children }: CardHostProps) {
  const address = addressOf(context.variables);
  const { locale } = context.user;
  const { timezone } = context.portal;
  const service = useMemo(() => connectService(address), [address]);
  const formats = useMemo(() => makeFormats({ locale, timeZone: timezone }), [locale, timezone]);
  const surroundings: CardSurroundings = {
    recordId: context.crm.objectId,
    actions,
    service,
    formats,
    compact: context.location !== 'crm.record.tab',
  };
  return <Surroundings.Provider value={surroundings}>{children}</Surroundings.Provider>;
}
