import { objectOrEmpty, textOrNull, type JsonObject } from '../answer-shape.ts';

export * from '../answer-shape.ts';

/** Where the next page of an answer starts, or null when this is the last. */
export function nextCursor(body: JsonObject): string | null {
  return textOrNull(objectOrEmpty(objectOrEmpty(body['paging'])['next'])['after']);
}
