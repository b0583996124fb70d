import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySignatureV2, verifySignatureV3 } from '../../backend/src/crm/hubspot/request-signature.ts';

const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const NOW_MS = 1_700_000_000_000;
const BODY = Buffer.from('{"a":"ü"}');

/** Vectors published in HubSpot's dev server and SDK tests. */
const VECTORS = [
  {
    secret: 'f6e94c08-85d0-4608-bcc6-e1850176e7b8',
    method: 'POST',
    publicUrl: 'https://www.hubspot.com',
    originalUrl: '/webhook',
    body: 'REQUEST_BODY',
    timestamp: '1632188626483',
    v3: 'jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU=',
  },
  {
    secret: '12345678-aaaa-bbbb-cccc-ddddeeeeffff',
    method: 'GET',
    publicUrl: 'https://hubspot.com',
    originalUrl: '/?appId=1&portalId=2&userId=3',
    body: '',
    timestamp: '1111111111',
    v3: 'zTfXjo07jfzGouo4wvyAj3qEMUTVJ0PPYPACrluQtQI=',
  },
  {
    secret: SECRET,
    method: 'POST',
    publicUrl: 'https://www.example.com',
    originalUrl: '/webhook_uri',
    body: "{'example_field':'example_value'}",
    timestamp: '1693657560000',
    v3: 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
  },
  {
    secret: SECRET,
    method: 'POST',
    publicUrl: 'https://www.example.com',
    originalUrl: '/webhook_uri',
    body: "{'example_field':'example_value'}",
    timestamp: '1700000300000',
    v3: 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
  },
];

type Overrides = Partial<Parameters<typeof verifySignatureV3>[0]> & { readonly signedUrl?: string };

function signed(overrides: Overrides = {}) {
  const request = {
    method: 'POST',
    publicUrl: 'https://app.example.com',
    originalUrl: '/hubspot/webhooks',
    body: BODY,
    secrets: [SECRET],
    timestamp: String(NOW_MS),
    nowMs: NOW_MS,
    ...overrides,
  };
  const url = overrides.signedUrl ?? request.publicUrl + request.originalUrl;
  const signature = createHmac('sha256', SECRET)
    .update(`POST${url}`)
    .update(request.body)
    .update(String(request.timestamp))
    .digest('base64');
  return { signature, ...request };
}

describe('the v3 signature of a HubSpot request', () => {
  it.each(VECTORS)('is recognised for the published vector at $timestamp', (vector) => {
    const body = Buffer.from(vector.body);
    const nowMs = Number(vector.timestamp) + 1_000;
    const request = { ...vector, body, nowMs, secrets: [vector.secret], signature: vector.v3 };
    expect(verifySignatureV3(request)).toEqual({ ok: true });
  });

  it('covers every byte of the body, the method, the path and the timestamp', () => {
    const request = signed();
    const forgeries = [
      { ...request, body: Buffer.from('{"a":"u"}') },
      { ...request, body: Buffer.concat([BODY, Buffer.from([0x20])]) },
      { ...request, method: 'PUT' },
      { ...request, originalUrl: '/hubspot/webhooks?portalId=2' },
      { ...request, publicUrl: 'https://evil.example.com' },
      { ...request, timestamp: String(NOW_MS + 1) },
      { ...request, secrets: ['another-secret'] },
      { ...request, signature: String(request.signature).toLowerCase() },
      { ...request, signature: `${String(request.signature)}=` },
    ];
    for (const forgery of forgeries) {
      expect(verifySignatureV3(forgery)).toEqual({ ok: false, reason: 'signature_mismatch' });
    }
  });

  it('is accepted up to five minutes from our clock in both directions and refused beyond with the reason', () => {
    const at = (offsetMs: number) => verifySignatureV3(signed({ timestamp: String(NOW_MS + offsetMs) }));
    expect(at(-300_000)).toEqual({ ok: true });
    expect(at(300_000)).toEqual({ ok: true });
    expect(at(-300_001)).toEqual({ ok: false, reason: 'stale_timestamp' });
    expect(at(300_001)).toEqual({ ok: false, reason: 'future_timestamp' });
  });

  it.each(['1e12', '0x18BCFE56800', ' 1700000000000', '1700000000000.0', '-1', 'NaN', '9'.repeat(400)])(
    'is refused when the timestamp is %s, however well it is signed',
    (timestamp) => {
      expect(verifySignatureV3(signed({ timestamp }))).toEqual({ ok: false, reason: 'malformed_timestamp' });
    },
  );

  it('is refused by name when the signature or the timestamp is missing or repeated', () => {
    expect(verifySignatureV3({ ...signed(), signature: undefined })).toEqual({
      ok: false,
      reason: 'missing_signature',
    });
    expect(verifySignatureV3({ ...signed(), signature: '' })).toEqual({ ok: false, reason: 'missing_signature' });
    expect(verifySignatureV3({ ...signed(), timestamp: undefined })).toEqual({
      ok: false,
      reason: 'missing_timestamp',
    });
    const twice = ['one', 'two'];
    expect(verifySignatureV3({ ...signed(), signature: twice })).toEqual({ ok: false, reason: 'missing_signature' });
  });

  it('is accepted under any of several secrets while they rotate, and never under an empty one', () => {
    expect(verifySignatureV3(signed({ secrets: ['the-new-one', SECRET] }))).toEqual({ ok: true });
    const empty = createHmac('sha256', '').update('POSThttps://app.example.com/hubspot/webhooks').update(BODY);
    const signature = empty.update(String(NOW_MS)).digest('base64');
    expect(verifySignatureV3({ ...signed(), signature, secrets: [''] }).ok).toBe(false);
  });

  it('is recognised when HubSpot signed the appended e-mail decoded, and when it signed it as sent', () => {
    const originalUrl = '/hubspot/contacts/7/card?userEmail=a%2Bb%40example.com&portalId=2';
    const decoded = 'https://app.example.com/hubspot/contacts/7/card?userEmail=a%2Bb@example.com&portalId=2';
    expect(verifySignatureV3(signed({ originalUrl, signedUrl: decoded }))).toEqual({ ok: true });
    expect(verifySignatureV3(signed({ originalUrl }))).toEqual({ ok: true });
  });

  it('decodes exactly the thirteen sequences HubSpot decodes, in either case, and each once', () => {
    const decodedOnes = '%3A%2f%3F%40%21%24%27%28%29%2A%2C%3b';
    const kept = '%2B%20%26%3D%25%2540%23';
    const signedUrl = `https://app.example.com/x?q=:/?@!$'()*,;${kept}`;
    expect(verifySignatureV3(signed({ originalUrl: `/x?q=${decodedOnes}${kept}`, signedUrl }))).toEqual({ ok: true });
  });

  it('is taken over PUBLIC_URL with or without a slash at its end', () => {
    const signedUrl = 'https://app.example.com/hubspot/webhooks';
    expect(verifySignatureV3(signed({ publicUrl: 'https://app.example.com/', signedUrl }))).toEqual({ ok: true });
  });
});

describe('the v2 signature of a HubSpot request', () => {
  const vector = VECTORS[0]!;
  const request = {
    ...vector,
    body: Buffer.from(vector.body),
    secrets: ['the-new-one', vector.secret],
    signature: '57bb01a6e6ac92919b5e715d68f40265328701bbf1cf3fd73772887069945766',
  };

  it('is recognised for the published vector, under any of several secrets', () => {
    expect(verifySignatureV2(request)).toEqual({ ok: true });
  });

  it('is refused for another body, for no signature, and for the body-only hash of v1', () => {
    const mismatch = { ok: false, reason: 'signature_mismatch' };
    expect(verifySignatureV2({ ...request, body: Buffer.from('x') })).toEqual(mismatch);
    const v1 = createHash('sha256').update(`${vector.secret}${vector.body}`).digest('hex');
    expect(verifySignatureV2({ ...request, signature: v1 })).toEqual(mismatch);
    expect(verifySignatureV2({ ...request, signature: undefined })).toEqual({ ok: false, reason: 'missing_signature' });
  });
});
