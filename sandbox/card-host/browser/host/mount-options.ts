import type {
  AssociationsPage,
  AssociationsQuery,
  CardAlert,
  CardContext,
  CardError,
  CardLocation,
  CrmProperties,
  FetchAnswer,
  FetchRequest,
  PropertyNames,
} from '../wire.ts';

export type MountOptions = {
  readonly bundleUrl: string;
  readonly workerUrl: string;
  readonly location: CardLocation;
  /** Without `location`, which is put in. */
  readonly context: CardContext;
  /** HubSpot's proxy: its limits, its signature and its second try. A rejection means that it was not reached. */
  readonly hubspotFetch: (url: string, request: FetchRequest) => Promise<FetchAnswer>;
  readonly crmProperties: (names: PropertyNames) => Promise<CrmProperties>;
  readonly associations?: (query: AssociationsQuery) => Promise<AssociationsPage>;
  /** Called once; `changed` is called whenever the record changes. Returns what ends it. */
  readonly onCrmPropertiesChanged?: (changed: (properties: CrmProperties) => void) => () => void;
  readonly onAlert?: (alert: CardAlert) => void;
  readonly onRefreshProperties?: () => void;
  readonly onReloadPage?: () => void;
  /** For links that stay in this window; without it the window goes there. */
  readonly onNavigate?: (href: string) => void;
  readonly onError?: (error: CardError) => void;
  /** Origins a card may show in an iframe; none without it. */
  readonly iframeOrigins?: readonly string[];
};

export type MountedCard = {
  readonly unmount: () => void;
  /** Resolves when nothing is loading: bundle, first picture, requests, properties and associations. */
  readonly whenSettled: () => Promise<void>;
};
