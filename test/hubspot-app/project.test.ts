import { parseProjectConfig } from '@hubspot/project-parsing-lib/projects';
import { translate } from '@hubspot/project-parsing-lib/translate';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { copyProject, PROJECT_DIR, type ProjectCopy } from './project-copy.ts';
import { schemas } from './schemas.ts';

vi.mock('@hubspot/local-dev-lib/http', () => ({ http: { get: async () => Promise.resolve({ data: schemas }) } }));

/** HubSpot's own reading of a project, as at an upload. */
async function upload(projectDir: string) {
  const { srcDir, platformVersion } = parseProjectConfig(projectDir);
  return translate(
    { projectSourceDir: join(projectDir, srcDir), platformVersion, accountId: 1 },
    { skipValidation: false, profile: 'example' },
  );
}

async function refusalOf(spoil: (project: ProjectCopy) => void): Promise<string> {
  const project = copyProject();
  spoil(project);
  return upload(project.directory).then(
    () => 'accepted',
    (error: unknown) => String(error),
  );
}

const APP = 'app/app-hsmeta.json';
const TAB = 'app/cards/contact-tab-hsmeta.json';
const HELPDESK = 'app/cards/ticket-helpdesk-hsmeta.json';
const WEBHOOKS = 'app/webhooks/webhooks-hsmeta.json';

/** The identity of what admins have placed on their record pages: a renamed card is a new one and loses its place. */
const PLACED = [
  'passalong_company_preview',
  'passalong_company_tab',
  'passalong_contact_preview',
  'passalong_contact_tab',
  'passalong_deal_preview',
  'passalong_deal_tab',
  'passalong_ticket_helpdesk',
];

describe('our project, read by HubSpot’s own parser', () => {
  test('is accepted, with no file left aside', async () => {
    const { intermediateRepresentation, skippedHsMetaFiles } = await upload(PROJECT_DIR);
    expect(skippedHsMetaFiles).toEqual([]);
    const nodes = Object.values(intermediateRepresentation.intermediateNodesIndexedByUid);
    const uidsOf = (type: string) => nodes.filter(({ componentType }) => componentType === type).map(({ uid }) => uid);
    expect(uidsOf('APPLICATION')).toEqual(['passalong_app']);
    expect(uidsOf('WEBHOOKS')).toEqual(['passalong_webhooks']);
    expect(uidsOf('CARD').sort()).toEqual(PLACED);
    expect(nodes).toHaveLength(2 + PLACED.length);
  });

  test('carries the public address of its profile into every place that names it', async () => {
    const { intermediateRepresentation } = await upload(PROJECT_DIR);
    const text = JSON.stringify(intermediateRepresentation.intermediateNodesIndexedByUid);
    expect(text).not.toContain('${');
    expect(text).toContain('"fetch":["https://passalong.example.com"]');
    expect(text).toContain('"img":["https://passalong.example.com"]');
  });
});

describe('HubSpot’s own parser refuses', () => {
  test.each<[string, (project: ProjectCopy) => void, RegExp]>([
    ['a file that is not JSON', (p) => p.write(TAB, '{'), /contact-tab[^]*Invalid JSON/],
    ['a card in the directory of pages', (p) => p.move(TAB, 'app/pages/x-hsmeta.json'), /incorrect for type 'card'/],
    [
      'a second app',
      (p) => {
        p.copyOf(APP, 'app/second-hsmeta.json');
        p.replace('app/second-hsmeta.json', 'passalong_app', 'passalong_second');
      },
      /Only one app component is allowed/,
    ],
    [
      'a second webhooks component',
      (p) => {
        p.copyOf(WEBHOOKS, 'app/webhooks/second-hsmeta.json');
        p.replace('app/webhooks/second-hsmeta.json', 'passalong_webhooks', 'passalong_second');
      },
      /Only one webhooks component is allowed/,
    ],
    ['a type there is not', (p) => p.replace(TAB, '"card"', '"crm-card"'), /Unsupported type: crm-card/],
    ['a place there is not', (p) => p.replace(TAB, 'crm.record.tab', 'crm.record.middle'), /config\.location/],
    ['an object there is not', (p) => p.replace(TAB, '["contacts"]', '["persons"]'), /config\.objectTypes/],
    ['a help desk card on contacts', (p) => p.replace(HELPDESK, '["tickets"]', '["contacts"]'), /config\.objectTypes/],
    [
      'a card without a name',
      (p) => p.replace(TAB, '"name": "Referrals",', ''),
      /Missing required field: 'config\.name'/,
    ],
    ['a card without an entrypoint', (p) => p.replace(TAB, '"entrypoint"', '"entryPoint"'), /config\.entrypoint/],
    ['a key of a card there is not', (p) => p.replace(TAB, '"name"', '"title": "x", "name"'), /additional properties/],
    ['a key beside config there is not', (p) => p.replace(TAB, '"type"', '"kind": 1, "type"'), /top-level.*kind/],
    ['a card without config', (p) => p.write(TAB, '{"uid":"x","type":"card"}'), /Missing required field: 'config'/],
    ['two cards with one uid', (p) => p.replace(TAB, 'passalong_contact_tab', 'passalong_deal_tab'), /Duplicate uid/],
    ['a uid of 65 characters', (p) => p.replace(TAB, 'passalong_contact_tab', 'u'.repeat(65)), /64 characters or less/],
    ['a uid with a space', (p) => p.replace(TAB, 'passalong_contact_tab', 'contact tab'), /only letters, numbers/],
    ['a redirect over http', (p) => p.replace(APP, '${PUBLIC_URL}/hubspot/oauth', 'http://x.example'), /redirectUrls/],
    [
      'a call to this machine',
      (p) => p.replace(APP, '"${PUBLIC_URL}"', '"https://localhost:8080"'),
      /permittedUrls\.fetch/,
    ],
    ['a call over http', (p) => p.replace(APP, '"${PUBLIC_URL}"', '"http://x.example"'), /permittedUrls\.fetch/],
    ['a name with a space at its end', (p) => p.replace(APP, '"Passalong"', '"Passalong "'), /config\.name/],
    ['a name over 200 characters', (p) => p.replace(APP, '"Passalong"', `"${'x'.repeat(201)}"`), /config\.name/],
    ['an app that never asks for oauth', (p) => p.replace(APP, '"oauth",\n        "crm', '"crm'), /requiredScopes/],
    ['a listed app without OAuth', (p) => p.replace(APP, '"type": "oauth"', '"type": "static"'), /config\.auth\.type/],
    [
      'a documentation page over http',
      (p) => p.replace(APP, 'https://example.com/docs', 'http://x'),
      /documentationUrl/,
    ],
    ['a webhook over http', (p) => p.replace(WEBHOOKS, '${PUBLIC_URL}', 'http://x.example'), /targetUrl/],
    ['a subscription there is not', (p) => p.replace(WEBHOOKS, 'object.restore', 'object.revive'), /crmObjects/],
    [
      'a variable no profile has',
      (p) => p.replace(APP, '${PUBLIC_URL}', '${OTHER_URL}'),
      /Missing value for OTHER_URL/,
    ],
  ])('%s', async (_, spoil, reason) => {
    expect(await refusalOf(spoil)).toMatch(reason);
  });

  test.each<[string, string, RegExp]>([
    ['a platform version there is not', '"2026.10"', /Unsupported platform version/],
    ['a project without a platform version', '""', /platformVersion/],
  ])('%s', async (_, version, reason) => {
    const project = copyProject();
    project.replace('../hsproject.json', '"2026.09"', version);
    await expect(upload(project.directory)).rejects.toThrow(reason);
  });

  test('nothing about a card that lies too deep, but leaves it aside, which the first test here would see', async () => {
    const project = copyProject();
    project.move(TAB, 'app/cards/contact/contact-tab-hsmeta.json');
    const { skippedHsMetaFiles } = await upload(project.directory);
    expect(skippedHsMetaFiles).toEqual(['app/cards/contact/contact-tab-hsmeta.json']);
  });
});
