import type { IncomingMessage } from 'node:http';

/** Larger than allowed: the rest of it is not kept. */
export const TOO_LARGE = Symbol('too large');

/**
 * The bytes of a request as they came, which is what a signature is over. By hand, because this is the hottest path of
 * the product. Resolves to `TOO_LARGE` as soon as that is known; what still arrives is thrown away. Rejects when the
 * caller breaks off.
 */
export function readRawBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | typeof TOO_LARGE> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
      request.resume();
      resolve(TOO_LARGE);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        chunks.length = 0;
        resolve(TOO_LARGE);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('The caller broke off.')));
  });
}
