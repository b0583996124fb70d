import { CrmUnavailable } from './errors.ts';

/** Many times the largest answer a CRM has a reason to send; whatever is larger would be kept in memory whole. */
const MAX_BYTES = 20_000_000;

type Answer = { readonly body: AsyncIterable<Uint8Array> | null };

/** The body of an answer. Raises `CrmUnavailable` as soon as it grows too large, and reads no further. */
export async function readAnswerText({ body }: Answer, maxBytes = MAX_BYTES): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new CrmUnavailable('The CRM sent an answer that is larger than any we know.');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
