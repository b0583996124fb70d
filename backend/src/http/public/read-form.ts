import type { IncomingMessage } from 'node:http';
import { BodyTooLarge } from '../http-errors.ts';
import { readRawBody, TOO_LARGE } from '../raw-body.ts';
import { FormUnreadable } from './public-errors.ts';

/** Every field at its longest, in a script of three bytes a letter, is less. */
const LIMIT_BYTES = 262_144;

/** What a web form posted. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const body = await readRawBody(request, LIMIT_BYTES);
  if (body === TOO_LARGE) throw new BodyTooLarge(LIMIT_BYTES);
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice(8) ?? 'utf-8';
  const plain = request.headers['content-encoding'] === undefined && /^"?utf-?8"?$/.test(charset);
  if (type.trim() !== 'application/x-www-form-urlencoded' || !plain) throw new FormUnreadable();
  return new URLSearchParams(body.toString('utf8'));
}
