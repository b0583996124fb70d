import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConfigInvalid, loadConfig } from '../../backend/src/config.ts';

const APP = { SALESFORCE_CLIENT_ID: 'key', SALESFORCE_CLIENT_SECRET: 'secret' };
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

test('Salesforce is set up by its key and secret, with the public login hosts and no certificate', () => {
  expect(loadConfig(APP).salesforce).toMatchObject({
    clientId: 'key',
    clientSecret: 'secret',
    loginUrl: 'https://login.salesforce.com',
    sandboxLoginUrl: 'https://test.salesforce.com',
    jwtPrivateKey: null,
  });
});

test('the certificate’s key is taken as PEM or as base64 of it', () => {
  for (const value of [pem, Buffer.from(pem).toString('base64')])
    expect(loadConfig({ ...APP, SALESFORCE_JWT_PRIVATE_KEY: value }).salesforce?.jwtPrivateKey?.trim()).toBe(
      pem.trim(),
    );
});

test('what is no key is refused without being repeated', () => {
  const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  for (const value of ['hunter2hunter2', String(encrypted)]) {
    const load = () => loadConfig({ ...APP, SALESFORCE_JWT_PRIVATE_KEY: value });
    expect(load).toThrow(ConfigInvalid);
    expect(load).toThrow(/SALESFORCE_JWT_PRIVATE_KEY: Write the private key as PEM/);
    expect(load).not.toThrow(value.slice(0, 12));
  }
});
