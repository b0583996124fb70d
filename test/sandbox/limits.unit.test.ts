import { describe, expect, test } from 'vitest';

import { APP_ID, PORTAL_ID, contacts, request, startBench } from './harness.ts';

describe('rate limits', () => {
  test('the 111th call within ten seconds gets 429 with Retry-After, and the window slides', async () => {
    const { api, clock, control } = await startBench();
    for (let call = 0; call < 55; call += 1) await api('GET', contacts(''));
    clock.advance(4000);
    for (let call = 0; call < 54; call += 1) await api('GET', contacts(''));
    const last = await api('GET', contacts(''));
    expect([
      last.status,
      last.headers.get('x-hubspot-ratelimit-remaining'),
      last.headers.get('x-hubspot-ratelimit-max'),
    ]).toEqual([200, '0', '110']);
    const refused = await api('GET', contacts(''));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('6');
    expect(refused.body).toMatchObject({
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    });
    expect(control.log.calls({ status: 429 })).toMatchObject([{ portalId: PORTAL_ID, retryAfterSeconds: 6 }]);
    clock.advance(6000);
    expect((await api('GET', contacts(''))).headers.get('x-hubspot-ratelimit-remaining')).toBe('54');
  });

  test('each account has its own', async () => {
    const { api, control, hubspot } = await startBench();
    control.createPortal({ portalId: 102 });
    const other = control.portal(102).install(APP_ID);
    for (let call = 0; call < 110; call += 1) await api('GET', contacts(''));
    expect((await api('GET', contacts(''))).status).toBe(429);
    expect((await request(hubspot.url, 'GET', contacts(''), undefined, other.accessToken)).status).toBe(200);
  });

  test('searches are counted apart, five a second, and carry no rate headers', async () => {
    const { api, clock } = await startBench();
    for (let call = 0; call < 5; call += 1) {
      const answer = await api('POST', contacts('/search'), {});
      expect([answer.status, answer.headers.get('x-hubspot-ratelimit-max')]).toEqual([200, null]);
    }
    const refused = await api('POST', contacts('/search'), {});
    expect([refused.status, refused.body.message, refused.headers.get('retry-after')]).toEqual([
      429,
      'You have reached your secondly limit.',
      null,
    ]);
    expect((await api('GET', contacts(''))).headers.get('x-hubspot-ratelimit-remaining')).toBe('109');
    clock.advance(1000);
    expect((await api('POST', contacts('/search'), {})).status).toBe(200);
  });

  test('can be switched off for benchmarks', async () => {
    const { api, control } = await startBench();
    control.limits.enable(false);
    for (let call = 0; call < 120; call += 1) expect((await api('GET', contacts(''))).status).toBe(200);
  });
});
