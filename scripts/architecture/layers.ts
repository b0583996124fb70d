/**
 * Who may import whom, as data. The lint rule in eslint.config.js and test/architecture/directions.test.ts both read it.
 * A file belongs to the first layer whose pattern matches its path; a file of a new folder belongs to none, which the test
 * refuses, so that nobody adds a folder without saying where it stands.
 */
export type Layer = {
  name: string;
  files: RegExp;
  /** Layers it may import; its own is always among them unless `apart` says otherwise. */
  layers: readonly string[];
  /** Layers it may take types from, and nothing that runs. */
  typesOf?: readonly string[];
  /** Packages from npm; undefined means any. */
  packages?: readonly string[];
  /** Parts of Node; undefined means any. */
  builtins?: readonly string[];
  /** The first group of the pattern names a sibling; siblings do not know each other. */
  apart?: boolean;
};

/** Ids, the clock's type and the error base: words without a world. */
const words = ['words', 'shared'];
const domain = ['domain', 'domain stores'];

/** What works around the domain. They may use each other, but no two files in a circle. */
const capability: Pick<Layer, 'layers' | 'typesOf'> = {
  layers: [...words, ...domain, 'contracts', 'crm port', 'workspaces', 'ingest', 'sync', 'db', 'observability'],
  typesOf: ['crm adapters'],
};

export const layers: readonly Layer[] = [
  { name: 'contracts', files: /^shared\/contracts\//, layers: ['shared'], packages: ['zod'], builtins: [] },
  { name: 'shared', files: /^shared\//, layers: [], packages: [], builtins: [] },

  {
    name: 'composition',
    files: /^backend\/src\/(main|service|connect-\w+|config|settings|secret-keys)\.ts$/,
    layers: ['*'],
  },
  { name: 'words', files: /^backend\/src\/(errors\/.*|[\w-]+)\.ts$/, layers: ['shared'], builtins: ['node:crypto'] },
  { name: 'db', files: /^backend\/src\/db\//, layers: words },
  { name: 'observability', files: /^backend\/src\/observability\//, layers: words },

  // The two CRMs know the port, never each other and nothing of the domain.
  { name: 'crm adapters', files: /^backend\/src\/crm\/(\w+)\//, layers: [...words, 'crm port'], apart: true },
  { name: 'crm port', files: /^backend\/src\/crm\/[\w-]+\.ts$/, layers: words, packages: [], builtins: [] },

  {
    name: 'domain stores',
    files: /^backend\/src\/(?:referrals|qualification|rewards|metrics|enrolment|capture|matching|cards)\/.*-store\.ts$/,
    layers: [...words, 'domain', 'contracts', 'crm port', 'db'],
    builtins: ['node:crypto'],
  },
  {
    // A use case is handed what it works with, so it knows the types of stores elsewhere, and calls none by itself.
    name: 'domain',
    files: /^backend\/src\/(?:referrals|qualification|rewards|metrics|enrolment|capture|matching|cards)\//,
    layers: [...words, 'domain stores', 'crm port'],
    typesOf: ['db', 'contracts', 'workspaces', 'ingest', 'sync'],
    packages: [],
    builtins: ['node:crypto'],
  },
  { name: 'workspaces', files: /^backend\/src\/workspaces\//, ...capability },
  { name: 'ingest', files: /^backend\/src\/ingest\//, ...capability },
  { name: 'sync', files: /^backend\/src\/sync\//, ...capability },
  { name: 're-evaluation', files: /^backend\/src\/re-evaluation\//, ...capability },
  {
    name: 'connectors',
    files: /^backend\/src\/connectors\/(\w[\w-]*)\//,
    layers: [...words, ...domain, 'connector port', 'observability'],
    apart: true,
  },
  { name: 'connector port', files: /^backend\/src\/connectors\/[\w-]+\.ts$/, layers: [...words, ...domain] },

  // Only routes and job handlers call use cases.
  {
    name: 'http',
    files: /^backend\/src\/http\//,
    layers: [...capability.layers, 're-evaluation', 'crm adapters', 'connector port', 'connectors', 'jobs'],
  },
  {
    name: 'jobs',
    files: /^backend\/src\/jobs\//,
    layers: [...capability.layers, 're-evaluation', 'crm adapters', 'connector port', 'connectors'],
  },

  // The second opinion: written from the CRMs' documents, it shares nothing with the service.
  { name: 'sandbox', files: /^sandbox\//, layers: [] },

  { name: 'migrations', files: /^migrations\//, layers: ['db'], packages: ['knex'], builtins: [] },
  { name: 'around', files: /^(test|scripts|bench|hubspot-app|salesforce-package|[\w.]+\.[jt]s$)/, layers: ['*'] },
];
