import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  method: string;
  /** the public URL as HubSpot calls it: scheme, host, path, query */
  uri: string;
  /** raw text, empty for GET */
  body: string;
  timestampMs: number;
}

/** HubSpot decodes these sequences of the URI before signing, and no others. */
const DECODED: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

export const signedUri = (uri: string): string =>
  uri.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (sequence) => DECODED[sequence.toUpperCase()] ?? sequence);

/** X-HubSpot-Signature-v3 */
export function signV3(secret: string, { method, uri, body, timestampMs }: SignedRequest): string {
  const text = `${method.toUpperCase()}${signedUri(uri)}${body}${timestampMs}`;
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64');
}

/** X-HubSpot-Signature of workflow actions and cards */
export function signV2(secret: string, { method, uri, body }: Omit<SignedRequest, 'timestampMs'>): string {
  return createHash('sha256').update(`${secret}${method.toUpperCase()}${uri}${body}`, 'utf8').digest('hex');
}

/** X-HubSpot-Signature of CRM webhooks: over the body only, so it can be replayed anywhere */
export function signV1(secret: string, body: string): string {
  return createHash('sha256').update(`${secret}${body}`, 'utf8').digest('hex');
}
