import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { readAppProject } from '../../sandbox/hubspot/webhooks/app-project.ts';
import { PROJECT_DIR } from './harness.ts';

const upload = (
  projectDir: string,
  variables: Record<string, string> = { PUBLIC_URL: 'https://passalong.example.com' },
) => readAppProject({ projectDir, variables, appId: 1, clientId: 'c', clientSecrets: ['s'] });

function changedProject(file: string, change: (text: string) => string): string {
  const directory = mkdtempSync(join(tmpdir(), 'hubspot-app-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(PROJECT_DIR, directory, { recursive: true });
  const path = join(directory, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return directory;
}

const APP = 'src/app/app-hsmeta.json';
const WEBHOOKS = 'src/app/webhooks/webhooks-hsmeta.json';

describe('our HubSpot project', () => {
  test('uploads, with the public address put in', () => {
    expect(upload(PROJECT_DIR)).toMatchObject({
      name: 'Passalong',
      redirectUrls: ['https://passalong.example.com/hubspot/oauth/callback'],
      permittedUrls: { fetch: ['https://passalong.example.com'] },
      targetUrl: 'https://passalong.example.com/hubspot/webhooks',
      maxConcurrentRequests: 10,
    });
  });

  test('asks for exactly the scopes the service uses', () => {
    expect(upload(PROJECT_DIR).requiredScopes).toEqual([
      'oauth',
      'crm.objects.contacts.read',
      'crm.objects.contacts.write',
      'crm.schemas.contacts.read',
      'crm.schemas.contacts.write',
      'crm.objects.deals.read',
      'crm.objects.deals.write',
      'crm.schemas.deals.read',
      'crm.schemas.deals.write',
      'crm.objects.companies.read',
      'crm.objects.owners.read',
      'crm.lists.read',
    ]);
  });

  test('hears no property twice and none the service writes', () => {
    const { subscriptions } = upload(PROJECT_DIR);
    const keys = subscriptions.map(
      ({ kind, objectTypeId, propertyName }) => `${kind} ${objectTypeId} ${propertyName ?? ''}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.includes('passalong_'))).toEqual([]);
    expect(keys).toContain('propertyChange 0-3 dealstage');
  });

  test('needs its variables', () => {
    expect(() => upload(PROJECT_DIR, {})).toThrow(/PUBLIC_URL/);
  });

  test('a redirect over plain http is refused, except to this machine', () => {
    expect(() => upload(PROJECT_DIR, { PUBLIC_URL: 'http://passalong.example.com' })).toThrow(/https/);
    expect(upload(PROJECT_DIR, { PUBLIC_URL: 'http://127.0.0.1:3000' }).targetUrl).toBe(
      'http://127.0.0.1:3000/hubspot/webhooks',
    );
  });

  test.each<[string, string, (text: string) => string, RegExp]>([
    [
      'a subscription without the scope it needs',
      APP,
      (text) => text.replace('"crm.objects.deals.read",', ''),
      /crm\.objects\.deals\.read/,
    ],
    ['scopes without oauth', APP, (text) => text.replace(/\[\s*"oauth",/, '['), /must contain oauth/],
    ['an unknown top-level key', APP, (text) => text.replace('"uid"', '"name": "x", "uid"'), /unknown keys name/],
    ['a uid with a space', APP, (text) => text.replace('passalong_app', 'passalong app'), /uid/],
    [
      'too little concurrency',
      WEBHOOKS,
      (text) => text.replace('"maxConcurrentRequests": 10', '"maxConcurrentRequests": 5'),
      /over 5/,
    ],
    ['an unknown subscription', WEBHOOKS, (text) => text.replace('object.restore', 'object.revive'), /object\.revive/],
    [
      'a property change of nothing',
      WEBHOOKS,
      (text) => text.replace(/,\s*"propertyName": "lifecyclestage"/, ''),
      /propertyName/,
    ],
    ['a platform version that is over', 'hsproject.json', (text) => text.replace('2026.09', '2023.2'), /2023\.2/],
  ])('%s is refused', (_, file, change, reason) => {
    expect(() => upload(changedProject(file, change))).toThrow(reason);
  });
});
