import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { verifySignatureV3, type SignatureVerdict } from '../../crm/hubspot/request-signature.ts';

export type HubSpotSignatureInput = {
  /** PUBLIC_URL: the only base of a signed address; Host and X-Forwarded-* are the caller's to invent. */
  readonly publicUrl: string;
  /** During a rotation any of them may have signed. */
  readonly clientSecrets: readonly string[];
  readonly clock: Clock;
};

/** Whether HubSpot sent this request: a verdict with its reason, for the counter. The caller is told no reason. */
export type VerifyHubSpotRequest = (request: IncomingMessage, body: Uint8Array) => SignatureVerdict;

/** Binds the v3 verifier to our address, secrets and clock. */
export function hubspotSignature(input: HubSpotSignatureInput): VerifyHubSpotRequest {
  const { publicUrl, clientSecrets, clock } = input;
  return (request, body) =>
    verifySignatureV3({
      method: request.method ?? '',
      publicUrl,
      originalUrl: request.url ?? '',
      body,
      secrets: clientSecrets,
      signature: request.headers['x-hubspot-signature-v3'],
      timestamp: request.headers['x-hubspot-request-timestamp'],
      nowMs: clock.now(),
    });
}
