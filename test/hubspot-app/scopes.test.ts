import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { API_PATHS } from '../../backend/src/crm/hubspot/api-paths.ts';
import { HUBSPOT_SCOPES } from '../../backend/src/crm/hubspot/scopes.ts';
import { Router } from '../../sandbox/hubspot/http/router.ts';
import { ROUTES } from '../../sandbox/hubspot/http/routes.ts';
import { readApiCalls, type ApiCall } from './api-calls.ts';
import { addressOf, scopesOf, scopesOfSubscriptions } from './path-scopes.ts';
import { PROJECT_DIR } from './project-copy.ts';

type Auth = Record<'requiredScopes' | 'optionalScopes' | 'conditionallyRequiredScopes', string[]>;

const configOf = (file: string) =>
  (JSON.parse(readFileSync(join(PROJECT_DIR, 'src/app', file), 'utf8')) as { config: any }).config;
const auth: Auth = configOf('app-hsmeta.json').auth;
const declared = [...auth.requiredScopes, ...auth.optionalScopes, ...auth.conditionallyRequiredScopes];
const heard = scopesOfSubscriptions(configOf('webhooks/webhooks-hsmeta.json'));

const service = readApiCalls();

const unused = (scopes: readonly string[], calls: readonly ApiCall[]): string[] => {
  const needed = new Set([...calls.flatMap(scopesOf), ...heard]);
  return scopes.filter((scope) => !needed.has(scope));
};
const missing = (scopes: readonly string[], calls: readonly ApiCall[]): string[] =>
  [...new Set([...calls.flatMap(scopesOf), ...heard])].filter((scope) => !scopes.includes(scope));
const uncalled = (calls: readonly ApiCall[]): string[] =>
  Object.keys(API_PATHS).filter((path) => !calls.some((call) => call.path === path));
const told = ({ method, path, filledWith }: ApiCall): string => `${method} ${path} ${filledWith.join(' ')}`.trim();

describe('the scopes the app asks for', () => {
  test('are the ones the service sends along, each once', () => {
    expect([...declared].sort()).toEqual([...HUBSPOT_SCOPES].sort());
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('are each needed by a call the sources make or a change they hear of', () => {
    expect(unused(declared, service.calls)).toEqual([]);
  });

  test('cover every call the sources can make', () => {
    expect(missing(declared, service.calls)).toEqual([]);
  });
});

test('the shared-data table says for every kind of record which way its data goes', () => {
  const text = readFileSync(join(PROJECT_DIR, '../docs/shared-data.md'), 'utf8');
  const section = text.split('## Which way data goes')[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  const table = Object.fromEntries(
    rows.map((row) => row.split('|').map((cell) => cell.trim())).map((cells) => [cells[1], cells.slice(2, 5)]),
  );
  const asked = (area: string, right: string) => (declared.includes(`crm.${area}.${right}`) ? 'yes' : 'no');
  const areas = {
    contact: 'objects.contacts',
    deal: 'objects.deals',
    company: 'objects.companies',
    owner: 'objects.owners',
    list: 'lists',
    ticket: 'objects.tickets',
  };
  const directions = Object.entries(areas).map(([kind, area]) => {
    const [read, written] = [asked(area, 'read'), asked(area, 'write')];
    const way = written === 'yes' ? /^both ways$/ : read === 'yes' ? /^from the CRM only/ : /^none$/;
    return [kind, [read, written, expect.stringMatching(way)]];
  });
  expect(table).toEqual(Object.fromEntries(directions));
});

describe('the table of paths', () => {
  test('has no path that nobody calls', () => {
    expect(uncalled(service.calls)).toEqual([]);
  });

  test('is the only place that knows an address of HubSpot’s API', () => {
    expect(service.strays).toEqual([]);
  });

  test('reads companies for their card and for rules on them, and never writes one', () => {
    const withCompanies = service.calls.filter(({ filledWith }) => filledWith.includes('company')).map(told);
    expect(withCompanies).toContain('POST objectBatch company read');
    expect(withCompanies).toContain('POST search company');
    expect(withCompanies).toContain('POST associationsRead company contact');
    expect(withCompanies.filter((call) => /create|update|propertyBatch|POST propert/.test(call))).toEqual([]);
  });
});

describe('the local HubSpot', () => {
  const router = new Router(ROUTES);
  const demandOf = (call: ApiCall): string[][] | null => {
    const match = router.find(call.method, addressOf(call));
    if (match === null || match === 'wrong method') return null;
    return match.route.scopes?.(match.params) ?? [];
  };

  test('answers at every address the service calls, by the same method', () => {
    expect(service.calls.filter((call) => demandOf(call) === null).map(told)).toEqual([]);
    expect(demandOf({ path: 'owners', filledWith: ['1'], method: 'DELETE' })).toBeNull();
  });

  test.each(service.calls.map((call) => [told(call), call] as const))(
    'demands for %s what we took from HubSpot’s reference',
    (_, call) => {
      const ours = scopesOf(call);
      const theirs = demandOf(call) ?? [];
      const unmet = theirs.filter((group) => !group.some((scope) => ours.includes(scope)));
      expect(unmet).toEqual([]);
      expect(ours.filter((scope) => !theirs.flat().includes(scope))).toEqual([]);
    },
  );
});

describe('it shows when', () => {
  test('a scope is asked for that nothing needs', () => {
    expect(unused([...declared, 'crm.objects.companies.write'], service.calls)).toEqual([
      'crm.objects.companies.write',
    ]);
  });

  test('a scope is not asked for that something needs', () => {
    const without = declared.filter((scope) => scope !== 'crm.lists.read');
    expect(missing(without, service.calls)).toEqual(['crm.lists.read']);
  });

  test('nobody reads lists any more', () => {
    const { calls } = readApiCalls({
      'backend/src/crm/hubspot/contact-lists.ts': (text) => text.replaceAll('API_PATHS.listSearch', '""'),
      'backend/src/crm/hubspot/list-members.ts': (text) => text.replaceAll('API_PATHS.listMembers', 'String'),
    });
    expect(unused(declared, calls)).toEqual(['crm.lists.read']);
  });

  test('a path loses its last caller', () => {
    const { calls } = readApiCalls({
      'backend/src/crm/hubspot/owners.ts': (text) => text.replace('API_PATHS.owners(after)', 'after ?? ""'),
    });
    expect(uncalled(calls)).toEqual(['owners']);
    expect(unused(declared, calls)).toEqual(['crm.objects.owners.read']);
  });

  test('a caller three functions away begins to write to companies', () => {
    const { calls } = readApiCalls({
      'backend/src/sync/capture/update-people.ts': (text) =>
        text.replace("objectType: 'contact', writes", "objectType: 'company', writes"),
    });
    expect(missing(declared, calls)).toEqual(['crm.objects.companies.write']);
  });

  test('an address is written down beside the table', () => {
    const { strays } = readApiCalls({
      'backend/src/crm/hubspot/owners.ts': (text) =>
        text.replace('API_PATHS.owners(after)', "API_PATHS.owners(after) + '/crm/owners/2026-09/x'"),
    });
    expect(strays).toEqual(['backend/src/crm/hubspot/owners.ts: /crm/owners/2026-09/x']);
  });
});
