import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureRefusal =
  | 'missing_signature'
  | 'missing_timestamp'
  | 'malformed_timestamp'
  | 'stale_timestamp'
  | 'future_timestamp'
  | 'signature_mismatch';

/** A decision with its reason, so that a counter can name why requests are refused. */
export type SignatureVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: SignatureRefusal };

/** A header as Node states it. A repeated one counts as missing: two signatures prove nothing. */
export type HeaderValue = string | readonly string[] | undefined;

export type SignedRequest = {
  readonly method: string;
  /** `PUBLIC_URL` from the configuration, never a Host or X-Forwarded header. */
  readonly publicUrl: string;
  /** Path and query as they arrived, still percent-encoded (`req.originalUrl`). */
  readonly originalUrl: string;
  /** The raw bytes, before any JSON parsing; empty for GET. */
  readonly body: Uint8Array;
  /** The app's client secrets; during a rotation, any of them may have signed. */
  readonly secrets: readonly string[];
};

export type SignedRequestV3 = SignedRequest & {
  /** `X-HubSpot-Signature-v3` */
  readonly signature: HeaderValue;
  /** `X-HubSpot-Request-Timestamp`, milliseconds */
  readonly timestamp: HeaderValue;
  readonly nowMs: number;
};

/** `signature` is `X-HubSpot-Signature`. It carries no time: accept it for idempotent workflow actions only. */
export type SignedRequestV2 = SignedRequest & { readonly signature: HeaderValue };

const MAX_AGE_MS = 300_000;
/** The only sequences HubSpot decodes before it signs. */
const DECODED_BY_HUBSPOT = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** Checks a v3 signature: base64 HMAC-SHA256 over method, URL, body and timestamp. */
export function verifySignatureV3(request: SignedRequestV3): SignatureVerdict {
  const { signature, timestamp } = request;
  if (!isSingle(signature)) return { ok: false, reason: 'missing_signature' };
  if (!isSingle(timestamp)) return { ok: false, reason: 'missing_timestamp' };
  if (!/^\d{1,15}$/.test(timestamp)) return { ok: false, reason: 'malformed_timestamp' };
  const ageMs = request.nowMs - Number(timestamp);
  if (ageMs > MAX_AGE_MS) return { ok: false, reason: 'stale_timestamp' };
  if (ageMs < -MAX_AGE_MS) return { ok: false, reason: 'future_timestamp' };
  const method = request.method.toUpperCase();
  return matchesAny(request, signature, (secret, url) =>
    createHmac('sha256', secret).update(method).update(url).update(request.body).update(timestamp).digest('base64'),
  );
}

/** Checks a v2 signature: hex SHA-256 over secret, method, URL and body. */
export function verifySignatureV2(request: SignedRequestV2): SignatureVerdict {
  const { signature } = request;
  if (!isSingle(signature)) return { ok: false, reason: 'missing_signature' };
  const method = request.method.toUpperCase();
  return matchesAny(request, signature, (secret, url) =>
    createHash('sha256').update(secret).update(method).update(url).update(request.body).digest('hex'),
  );
}

/**
 * HubSpot signs the URL with some sequences decoded (`%40` in the `userEmail` it appends) and has been seen to sign it
 * as sent. Both are tried: each is a code under our secret, so trying both gives nothing away.
 */
function matchesAny(
  request: SignedRequest,
  signature: string,
  sign: (secret: string, url: string) => string,
): SignatureVerdict {
  const asReceived = request.publicUrl.replace(/\/+$/, '') + request.originalUrl;
  const decoded = asReceived.replace(DECODED_BY_HUBSPOT, decodeURIComponent);
  const urls = decoded === asReceived ? [decoded] : [decoded, asReceived];
  const presented = Buffer.from(signature);
  const secrets = request.secrets.filter((secret) => secret !== '');
  const matched = urls.some((url) => secrets.some((secret) => equals(presented, Buffer.from(sign(secret, url)))));
  return matched ? { ok: true } : { ok: false, reason: 'signature_mismatch' };
}

function isSingle(header: HeaderValue): header is string {
  return typeof header === 'string' && header !== '';
}

/** The length of a signature is no secret; its content is compared in constant time. */
function equals(presented: Buffer, expected: Buffer): boolean {
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}
