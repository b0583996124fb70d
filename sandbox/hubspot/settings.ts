/** Behaviours of HubSpot that vary or that tests want to vary. Changed through `control.settings`. */
export interface Settings {
  /** HubSpot's merges make a third id; older ones kept the primary's. */
  mergeCreatesNewId: boolean;
  /** How far the search index trails the store. */
  searchIndexLagMs: number;
  /** Which shape property, creation, deletion, merge, restore and association events have. */
  eventShape: 'object' | 'legacy' | 'both';
  /** `new`: a refresh answers a new refresh token and the old one stops. */
  refreshTokens: 'keep' | 'new';
  accessTokenLifetimeSeconds: number;
  deliveryTimeoutMs: number;
}

export function defaultSettings(): Settings {
  return {
    mergeCreatesNewId: true,
    searchIndexLagMs: 0,
    eventShape: 'object',
    refreshTokens: 'keep',
    accessTokenLifetimeSeconds: 1800,
    deliveryTimeoutMs: 5000,
  };
}
