/** The only place that knows the version of Salesforce's API: moving to the next one is a change of this line. */
const DATA = '/services/data/v67.0';

/** Salesforce refuses an address with its headers of more than about 16 KB. */
export const MAX_PATH_CHARACTERS = 12_000;

/** Every path of Salesforce the adapter calls, relative to the org's own address. */
export const REST_PATHS = {
  query: (soql: string) => `${DATA}/query?q=${encodeURIComponent(soql)}`,
  /** Deleted and merged records included. */
  queryAll: (soql: string) => `${DATA}/queryAll?q=${encodeURIComponent(soql)}`,
  describe: (sobject: string) => `${DATA}/sobjects/${sobject}/describe`,
  layouts: (sobject: string) => `${DATA}/sobjects/${sobject}/describe/layouts`,
  collection: `${DATA}/composite/sobjects`,
  collectionUpsert: (sobject: string, externalId: string) => `${DATA}/composite/sobjects/${sobject}/${externalId}`,
  organization: `${DATA}/connect/organization`,
} as const;

/** For counters: without what was asked for, and without the cursor of a page. */
export function pathLabel(path: string): string {
  return path.replace(/\?.*$/s, '').replace(/(\/query(?:All)?)\/.*$/, '$1');
}
