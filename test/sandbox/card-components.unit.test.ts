import { describe, expect, test } from 'vitest';

import { readAppProject } from '../../sandbox/hubspot/webhooks/app-project.ts';
import { SMALL_CARD, startBench, writeProject, APP_ID } from './harness.ts';

const upload = (files: Record<string, string | object> = {}) =>
  readAppProject({
    projectDir: writeProject(files),
    variables: { PUBLIC_URL: 'https://passalong.example.com', WHERE: 'crm.preview' },
    appId: 1,
    clientId: 'c',
    clientSecrets: ['s'],
  });

const card = (config: object, more: object = {}) => ({
  'cards/small-hsmeta.json': { ...SMALL_CARD, config: { ...SMALL_CARD.config, ...config }, ...more },
});

describe('a card of an app project', () => {
  test('is read with its place, its objects and its file', () => {
    const app = upload({ 'cards/tickets-hsmeta.json': { ...SMALL_CARD, uid: 'other', config: HELP_DESK } });
    expect(app.cards).toEqual([
      { uid: 'small_card', ...SMALL_CARD.config },
      { uid: 'other', ...HELP_DESK },
    ]);
    expect(app.permittedUrls).toEqual({
      fetch: ['https://passalong.example.com'],
      iframe: [],
      img: ['https://passalong.example.com'],
    });
  });

  test('takes variables like every other component', () => {
    expect(upload(card({ location: '${WHERE}' })).cards[0]?.location).toBe('crm.preview');
  });

  test('shows on an account as soon as the app is installed there, and no sooner', async () => {
    const { control, portal } = await startBench();
    const variables = { PUBLIC_URL: 'https://passalong.example.com' };
    const app = { projectDir: writeProject(), variables, clientId: 'c', clientSecrets: ['s'] };
    control.uploadApp({ ...app, appId: APP_ID + 1 });
    const uids = () => portal.cards().flatMap(({ appId, uid }) => (appId === APP_ID + 1 ? [uid] : []));
    expect(uids()).toEqual([]);
    portal.install(APP_ID + 1);
    expect(uids()).toEqual(['small_card']);
  });

  test.each<[string, Record<string, string | object>, RegExp]>([
    ['no place', card({ location: undefined }), /"location"/],
    ['a place HubSpot does not have', card({ location: 'crm.record.middle' }), /crm\.record\.middle is none of/],
    ['an object HubSpot does not have', card({ objectTypes: ['contact'] }), /"contact" is none of/],
    ['no objects', card({ objectTypes: [] }), /at least one/],
    ['an object twice', card({ objectTypes: ['deals', 'deals'] }), /twice/],
    ['the help desk without tickets', card({ location: 'helpdesk.sidebar' }), /tickets/],
    ['a file that is not there', card({ entrypoint: '/app/cards/Gone.tsx' }), /does not exist/],
    ['a file outside the cards', card({ entrypoint: '/app/cards/../Small.tsx' }), /below \/app\/cards/],
    ['a name with HubSpot in it', card({ name: 'HubSpot referrals' }), /HubSpot/],
    ['no name', card({ name: ' ' }), /"name"/],
    ['a preview image that is not there', card({ previewImage: { file: './gone.png' } }), /gone\.png/],
    ['a preview image that is none', card({ previewImage: { file: './Small.tsx' } }), /png/],
    ['another type', card({}, { type: 'settings' }), /type must be card/],
    ['a uid with a space', card({}, { uid: 'small card' }), /uid/],
    ['a uid of another component', card({}, { uid: 'small_app' }), /another component has the uid/],
    ['a uid of another card', { 'cards/again-hsmeta.json': SMALL_CARD }, /another component has the uid/],
    ['a deeper directory', { 'cards/deep/x-hsmeta.json': { ...SMALL_CARD, uid: 'deep' } }, /directly in app\/cards/],
  ])('with %s is refused', (_, files, reason) => {
    expect(() => upload(files)).toThrow(reason);
  });
});

const HELP_DESK = { ...SMALL_CARD.config, location: 'helpdesk.sidebar', objectTypes: ['tickets'] };

test.each<[string, object, RegExp]>([
  ['without one of its lists', { fetch: [], img: [] }, /lacks the list "iframe"/],
  ['with plain http elsewhere', { fetch: ['http://passalong.example.com'], iframe: [], img: [] }, /must be https/],
  ['with something that is no address', { fetch: [], iframe: [], img: ['passalong'] }, /img: passalong/],
])('permittedUrls %s are refused', (_, permittedUrls, reason) => {
  const config = { name: 'Small', auth: { redirectUrls: [], requiredScopes: ['oauth'] }, permittedUrls };
  expect(() => upload({ 'app-hsmeta.json': { uid: 'small_app', type: 'app', config } })).toThrow(reason);
});
