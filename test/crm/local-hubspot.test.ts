import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CrmAuthorizationRevoked, CrmMisconfigured } from '../../backend/src/crm/errors.ts';
import { HubSpotCodeRefused } from '../../backend/src/crm/hubspot/oauth-errors.ts';
import { createHubSpotOAuth } from '../../backend/src/crm/hubspot/oauth.ts';
import { codeChallengeOf, createCodeVerifier } from '../../backend/src/workspaces/pkce.ts';
import { verifySignatureV3 } from '../../backend/src/crm/hubspot/request-signature.ts';
import { createHubSpotTokenSource } from '../../backend/src/crm/hubspot/token-source.ts';
import { readWebhookEvents } from '../../backend/src/crm/hubspot/webhook-events.ts';
import { startHubSpotHarness, type HubSpotHarness } from './support/hubspot-harness.ts';
import { startLoopbackServer, type LoopbackServer } from './support/loopback-server.ts';

let service: LoopbackServer;
let harness: HubSpotHarness;
beforeAll(async () => {
  service = await startLoopbackServer();
  harness = await startHubSpotHarness({ publicUrl: service.url });
});
afterAll(async () => {
  await harness.close();
  await service.close();
});

const oauthWith = (clientSecret: string) =>
  createHubSpotOAuth({
    apiUrl: harness.hubspot.url,
    appUrl: harness.hubspot.url,
    clientId: 'client-1',
    clientSecret,
    clock: harness.clock,
  });

describe('an installation at the local HubSpot', () => {
  it('goes from the consent page to tokens, and its code works once', async () => {
    const codeVerifier = createCodeVerifier();
    const redirectUri = `${service.url}/hubspot/oauth/callback`;
    const scopes = harness.hubspot.control.apps()[0]!.requiredScopes;
    const oauth = oauthWith('secret-1');
    const url = oauth.authorizeUrl({ redirectUri, scopes, state: 's-1', codeChallenge: codeChallengeOf(codeVerifier) });
    const consent = await fetch(`${url}&portalId=34&decision=grant`, { method: 'POST', redirect: 'manual' });
    const callback = new URL(consent.headers.get('location')!);
    expect(callback.searchParams.get('state')).toBe('s-1');
    const exchange = { code: callback.searchParams.get('code')!, redirectUri, codeVerifier };
    const grant = await oauth.exchangeCode(exchange);
    expect(grant).toMatchObject({ hubId: '34', scopes });
    expect(await oauth.introspect(grant.refreshToken, 'refresh_token')).toMatchObject({
      active: true,
      hubId: '34',
      clientId: 'client-1',
    });
    await expect(oauth.exchangeCode(exchange)).rejects.toBeInstanceOf(HubSpotCodeRefused);
    await oauth.revoke(grant.refreshToken);
    expect(await oauth.introspect(grant.refreshToken, 'refresh_token')).toEqual({ active: false });
  });

  it('that starts in the marketplace is exchanged without state or verifier', async () => {
    const { url } = harness.hubspot.control.portal(34).marketplaceInstall(harness.appId);
    const code = new URL(url).searchParams.get('code')!;
    const redirectUri = `${service.url}/hubspot/oauth/callback`;
    expect((await oauthWith('secret-1').exchangeCode({ code, redirectUri, codeVerifier: null })).hubId).toBe('34');
  });

  it('with a wrong secret of ours is misconfigured, and ends no connection', async () => {
    const vault = harness.vaults.get('34')!;
    const source = createHubSpotTokenSource({ vault, oauth: oauthWith('wrong'), clock: harness.clock });
    await source.discard(harness.otherAccount, await source.accessToken(harness.otherAccount));
    await expect(source.accessToken(harness.otherAccount)).rejects.toBeInstanceOf(CrmMisconfigured);
    expect(vault.revocations).toEqual([]);
  });

  it('that an admin removes is found out at the next call, and then nothing more is sent', async () => {
    const { crm, poorAccount, hubspot } = harness;
    hubspot.control.portal(35).uninstall(harness.appId);
    await expect(crm.readAccount(poorAccount)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    const calls = hubspot.control.log.calls().length;
    for (let again = 0; again < 5; again += 1)
      await expect(crm.readAccount(poorAccount)).rejects.toBeInstanceOf(CrmAuthorizationRevoked);
    expect(hubspot.control.log.calls()).toHaveLength(calls);
    expect(harness.vaults.get('35')!.revocations).toHaveLength(1);
  });
});

describe('a delivery of the local HubSpot', () => {
  it.each(['object', 'legacy'] as const)(
    'in the %s form verifies, and every event of it is read',
    async (eventShape) => {
      const { control } = harness.hubspot;
      control.settings.set({ eventShape });
      const verdicts: boolean[] = [];
      const bodies: unknown[] = [];
      service.answer(({ method, path, headers, text }) => {
        const verdict = verifySignatureV3({
          method,
          publicUrl: service.url,
          originalUrl: path,
          body: Buffer.from(text),
          secrets: ['secret-1'],
          signature: headers['x-hubspot-signature-v3'],
          timestamp: headers['x-hubspot-request-timestamp'],
          nowMs: harness.nowMs(),
        });
        verdicts.push(verdict.ok);
        bodies.push(JSON.parse(text));
        return { status: 200 };
      });
      const { user, words } = harness;
      const [one, two] = [
        await user.createContact(`${eventShape}-1@example.com`),
        await user.createContact(`${eventShape}-2@example.com`),
      ];
      const deal = await user.createDeal('Deal', words.openStage, [one]);
      await user.setContact(one, { [words.choice]: words.choices[1] });
      await user.deleteContact(two);
      await user.restoreContact(two);
      const survivor = await user.mergeContacts(one, two);
      control.portal(33).privacyDelete(survivor);
      await control.deliveries.deliverNow();
      expect(verdicts.length).toBeGreaterThan(0);
      expect(verdicts.every(Boolean)).toBe(true);
      const read = bodies.map(readWebhookEvents);
      expect(read.flatMap(({ unreadable }) => unreadable)).toEqual([]);
      const signals = read.flatMap((events) => events.signals);
      const kinds = new Set(signals.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(
        ['association_changed', 'changed', 'created', 'deleted', 'merged', 'privacy_deleted', 'restored'].sort(),
      );
      const idsOf = (kind: string) =>
        signals
          .filter((signal) => signal.kind === kind)
          .flatMap(({ records }) => records.map(({ recordId }) => recordId));
      expect(idsOf('merged')).toEqual(expect.arrayContaining([one, two, survivor]));
      expect(idsOf('association_changed')).toEqual(expect.arrayContaining([deal, one]));
      expect(signals.every(({ externalAccountId }) => externalAccountId === '33')).toBe(true);
    },
  );
});

describe('many calls of one account at once', () => {
  const manyReads = () =>
    Array.from({ length: 30 }, () =>
      harness.crm.findContactsByEmail(harness.account, { emails: ['a@b.eu'], fields: [] }),
    );
  const statuses = () => {
    const counts: Record<string, number> = {};
    for (const { path, status } of harness.hubspot.control.log.calls())
      counts[`${path} ${String(status)}`] = (counts[`${path} ${String(status)}`] ?? 0) + 1;
    return counts;
  };
  const TOKEN = '/oauth/2026-09/token 200';
  const READ = '/crm/objects/2026-09/contacts/batch/read';

  it('whose token is refused refresh it once, and each goes out once more', async () => {
    await harness.crm.readAccount(harness.account);
    await harness.weather.endAccessTokens();
    harness.hubspot.control.log.clear();
    await Promise.all(manyReads());
    const refused = statuses()[`${READ} 401`] ?? 0;
    expect(refused).toBeGreaterThan(0);
    expect(statuses()).toEqual({ [`${READ} 401`]: refused, [TOKEN]: 1, [`${READ} 207`]: 30 });
  });

  it('that are told to wait all wait, and none is lost or made anew before the time', async () => {
    const { hubspot, account } = harness;
    hubspot.control.faults.add({ kind: 'rateLimited', portalId: 33, retryAfterSeconds: 5 });
    const retryAtMs = harness.nowMs() + 5_000;
    for (const read of manyReads()) await expect(read).rejects.toMatchObject({ code: 'crm_rate_limited', retryAtMs });
    await harness.weather.clear();
    hubspot.control.log.clear();
    await expect(harness.crm.readOwners(account)).rejects.toMatchObject({ retryAtMs });
    expect(hubspot.control.log.calls()).toEqual([]);
    harness.advance(5_000);
    await Promise.all(manyReads());
    expect(statuses()).toEqual({ [`${READ} 207`]: 30 });
  });
});

describe('reading from the local HubSpot', () => {
  it('finds every one of more than ten thousand records changed at one timestamp', async () => {
    const { user, crm, account } = harness;
    harness.advance(3_600_000);
    const at = new Date(harness.nowMs());
    const made = new Set<string>();
    for (let index = 0; index < 10_050; index += 1)
      made.add(await user.createContact(`bulk-${String(index)}@example.com`));
    let afterId: string | null = null;
    do {
      const page = await crm.readChangedRecords(account, { objectType: 'contact', from: at, to: at, afterId });
      for (const { id } of page.records) made.delete(id);
      ({ nextAfterId: afterId } = page);
    } while (afterId !== null);
    expect(made.size).toBe(0);
  }, 60_000);

  it('finds a contact also by an e-mail it got in a merge', async () => {
    const { user, crm, account } = harness;
    const [first, second] = [
      await user.createContact('kept@example.com'),
      await user.createContact('Merged@example.com'),
    ];
    const survivor = await user.mergeContacts(first, second);
    const found = await crm.findContactsByEmail(account, {
      emails: ['merged@example.com', 'kept@example.com'],
      fields: [],
    });
    expect([...found].map(([email, { id }]) => [email, id]).sort()).toEqual([
      ['kept@example.com', survivor],
      ['merged@example.com', survivor],
    ]);
  });
});
