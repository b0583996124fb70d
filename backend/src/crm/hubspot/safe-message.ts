import { isJsonObject, listOrEmpty, textOrNull } from './answer-shape.ts';
import type { ErrorBody } from './rejection.ts';

const EMAIL = /[^\s"'<>,;:()[\]{}]+@[^\s"'<>,;:()[\]{}]+/g;
const MAX_CHARACTERS = 300;
/** HubSpot puts a JSON list, values included, behind this opening. */
const INVALID_VALUES = /^Property values were not valid:\s*(\[.*)$/s;

/** One entry of HubSpot's list of invalid values: the property and the reason's code, without the value. */
export type InvalidProperty = { readonly name: string; readonly code: string; readonly explanation: string };

/** The entries behind "Property values were not valid", or an empty list for any other message. */
export function readInvalidProperties(message: string | null): readonly InvalidProperty[] {
  const list = message === null ? null : INVALID_VALUES.exec(message);
  if (list?.[1] === undefined) return [];
  try {
    return listOrEmpty(JSON.parse(list[1]))
      .filter(isJsonObject)
      .map((entry) => ({
        name: textOrNull(entry['name']) ?? 'unnamed',
        code: textOrNull(entry['error']) ?? 'INVALID',
        explanation: textOrNull(entry['message']) ?? textOrNull(entry['localizedErrorMessage']) ?? '',
      }));
  } catch {
    return [];
  }
}

/**
 * HubSpot's message fit for a log: what we sent as property values, e-mail addresses and anything beyond 300
 * characters are taken out.
 */
export function safeMessage(error: ErrorBody, sentBody: unknown): string {
  if (error.message === null) return 'HubSpot refused the request without saying why.';
  const invalid = readInvalidProperties(error.message);
  if (invalid.length > 0) {
    return `HubSpot refused property values: ${invalid.map(({ name, code }) => `${name} (${code})`).join(', ')}.`;
  }
  let message = error.message;
  for (const value of sentValues(sentBody)) message = message.replaceAll(value, '[value]');
  return message.replaceAll(EMAIL, '[email]').slice(0, MAX_CHARACTERS);
}

/** Every property value of a request body, longest first, so that a value inside another leaves no rest behind. */
function sentValues(body: unknown, found: string[] = []): readonly string[] {
  if (Array.isArray(body)) for (const element of body) sentValues(element, found);
  else if (isJsonObject(body)) {
    for (const [name, part] of Object.entries(body)) {
      if (name === 'properties' && isJsonObject(part)) collectTexts(part, found);
      else sentValues(part, found);
    }
  }
  return found.sort((a, b) => b.length - a.length);
}

function collectTexts(properties: Readonly<Record<string, unknown>>, found: string[]): void {
  for (const value of Object.values(properties)) if (typeof value === 'string' && value.length > 1) found.push(value);
}
