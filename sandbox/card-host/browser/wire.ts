import type { RemoteChannel } from '@remote-ui/core';

/** What goes between the page and the worker in which a card runs. Plain data and functions, carried by @remote-ui/rpc. */
export type CrmProperties = Record<string, string | null>;
export type PropertyNames = readonly string[] | '*';

export type CardLocation = 'crm.record.tab' | 'crm.record.sidebar' | 'crm.preview' | 'helpdesk.sidebar';

export type CardContext = {
  user: {
    id: number;
    email: string;
    emails: string[];
    firstName: string;
    lastName: string;
    roles: string[];
    teams: { id: number; name: string; teammates: number[] }[];
    locale?: string;
    language?: string;
    permissions: string[];
  };
  portal: { id: number; timezone: string; dataHostingLocation?: string };
  crm: { objectId: number; objectTypeId: string };
  extension: { appId: number; appName: string; cardTitle: string };
  variables: Record<string, string | number | boolean>;
};

export type FetchRequest = {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
  /** Milliseconds. */
  timeout?: number;
};

export type FetchAnswer = { status: number; headers?: Record<string, string>; body: string };

export type AssociationsQuery = {
  toObjectType: string;
  properties: readonly string[];
  pageLength: number;
  offset: number;
};

export type AssociationsPage = {
  results: {
    toObjectId: number;
    associationTypes: { category: string; typeId: number; label: string }[];
    properties: CrmProperties;
  }[];
  hasMore: boolean;
  nextOffset: number;
};

export type CardAlert = {
  type: 'info' | 'warning' | 'success' | 'danger' | 'tip';
  title?: string;
  message: string;
};

export type IframeRequest = { uri: string; width: number; height: number; title?: string; flush?: boolean };

/** What went wrong in a card or was asked of the page in vain. The first four end the card. */
export type CardErrorCode =
  'unknown_component' | 'bundle' | 'render' | 'worker' | 'unknown_variant' | 'misuse' | 'handler' | 'action';

export type CardError = { code: CardErrorCode; message: string };

/** What the page does for a card. */
export type PageApi = {
  hubspotFetch(url: string, request: FetchRequest): Promise<FetchAnswer>;
  crmProperties(names: PropertyNames): Promise<CrmProperties>;
  associations(query: AssociationsQuery): Promise<AssociationsPage>;
  addAlert(alert: CardAlert): Promise<void>;
  copyTextToClipboard(text: string): Promise<void>;
  refreshObjectProperties(): Promise<void>;
  reloadPage(): Promise<void>;
  closeOverlay(id: string): Promise<void>;
  openIframeModal(request: IframeRequest, onClose?: () => void): Promise<void>;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): Promise<void>;
  cardFailed(error: CardError): Promise<void>;
};

export const PAGE_METHODS = [
  'hubspotFetch',
  'crmProperties',
  'associations',
  'addAlert',
  'copyTextToClipboard',
  'refreshObjectProperties',
  'reloadPage',
  'closeOverlay',
  'openIframeModal',
  'log',
  'cardFailed',
] as const satisfies readonly (keyof PageApi)[];

/** What the page asks of the worker. */
export type WorkerApi = {
  /** Runs the bundle; rejects when it fails or never calls `hubspot.extend`. */
  load(bundleUrl: string): Promise<void>;
  render(channel: RemoteChannel, context: CardContext & { location: CardLocation }): Promise<void>;
  propertiesChanged(names: readonly string[]): Promise<void>;
  /** Resolves after everything the worker had to do when asked. */
  idle(): Promise<void>;
};

export const WORKER_METHODS = [
  'load',
  'render',
  'propertiesChanged',
  'idle',
] as const satisfies readonly (keyof WorkerApi)[];
