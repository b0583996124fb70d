import { expect, it } from 'vitest';
import { CrmMisconfigured } from '../../backend/src/crm/errors.ts';
import { LoginHostRefused } from '../../backend/src/crm/salesforce/oauth-errors.ts';
import { createSalesforceHosts } from '../../backend/src/crm/salesforce/oauth-hosts.ts';

const production = createSalesforceHosts({
  loginUrl: 'https://login.salesforce.com',
  sandboxLoginUrl: 'https://test.salesforce.com',
});
const local = createSalesforceHosts({ loginUrl: 'http://127.0.0.1:4001', sandboxLoginUrl: 'http://127.0.0.1:4002' });

it.each([
  [null, 'https://login.salesforce.com'],
  ['production', 'https://login.salesforce.com'],
  ['sandbox', 'https://test.salesforce.com'],
  ['https://test.salesforce.com', 'https://test.salesforce.com'],
  ['acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
  ['https://ACME.my.salesforce.com/', 'https://acme.my.salesforce.com'],
  ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
  ['https://acme-dev-ed.develop.my.salesforce.com', 'https://acme-dev-ed.develop.my.salesforce.com'],
  ['https://acme.my.salesforce.mil', 'https://acme.my.salesforce.mil'],
])('people may sign in at %s', (wanted, origin) => {
  expect(production.loginUrl(wanted)).toBe(origin);
});

const STRANGERS = [
  'https://acme.my.salesforce.com.evil.example',
  'https://evil.example/acme.my.salesforce.com',
  'https://evil.example#acme.my.salesforce.com',
  'https://evil.example?acme.my.salesforce.com',
  'https://acme.my.salesforce.com@evil.example',
  'https://user:secret@acme.my.salesforce.com',
  'https://acme.my.salesforce.com:8443',
  'http://acme.my.salesforce.com',
  'https://acme.my.salesforce.com/secur/frontdoor.jsp',
  'https://my.salesforce.com',
  'https://evilmy.salesforce.com',
  'https://a.b.c.my.salesforce.com',
  'https://acme.my.salesforce.com\\@evil.example',
  'https://acme。my。salesforce。com.evil.example',
  'http://127.0.0.1:4001',
  'https://localhost',
  'https://[::1]',
  'https://10.0.0.1',
  'https://169.254.169.254',
  'https://2130706433',
  'file:///etc/passwd',
  'javascript:alert(1)',
  `https://${'a'.repeat(250)}.my.salesforce.com`,
  '',
  ' ',
];

it.each(STRANGERS)('nobody is sent to sign in at %s', (wanted) => {
  expect(() => production.loginUrl(wanted)).toThrow(LoginHostRefused);
});

it('an org’s API is only ever called at an address of Salesforce’s', () => {
  expect(production.instanceUrl('https://acme.my.salesforce.com')).toBe('https://acme.my.salesforce.com');
  expect(production.instanceUrl('https://na1.salesforce.com/')).toBe('https://na1.salesforce.com');
  for (const stated of [...STRANGERS, 'https://salesforce.com', 'https://evilsalesforce.com']) {
    if (stated.includes('evilmy') || stated.includes('//my.') || stated.includes('a.b.c')) continue;
    expect(() => production.instanceUrl(stated), stated).toThrow(CrmMisconfigured);
  }
});

it('addresses of this machine are taken only where production itself is a local copy', () => {
  expect(local.loginUrl('http://127.0.0.1:4777')).toBe('http://127.0.0.1:4777');
  expect(local.instanceUrl('http://localhost:5000')).toBe('http://localhost:5000');
  for (const stranger of ['http://10.0.0.1:4001', 'http://127.0.0.1.evil.example', 'http://127.0.0.2:80'])
    expect(() => local.loginUrl(stranger)).toThrow(LoginHostRefused);
});
