import { createEndpoint } from '@remote-ui/rpc';
import type { MessageEndpoint } from '@remote-ui/rpc';
import type { Answering } from '../answers.ts';
import { asking } from '../answers.ts';
import type { PageApi } from '../wire.ts';
import { PAGE_METHODS } from '../wire.ts';

// Typed as a window, whose postMessage differs: a worker knows only one other end.
const line = self as unknown as MessageEndpoint;

/** The worker's line to the page. Made before anything is blocked and before the card's code runs. */
export const endpoint = createEndpoint<Answering<PageApi>>(line, { callable: [...PAGE_METHODS] });
export const page = asking<PageApi>(endpoint.call, PAGE_METHODS);

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For what a card may not do: said on the page, and refused to the card. */
export function refuse(message: string): Promise<never> {
  void page.cardFailed({ code: 'action', message });
  return Promise.reject(new Error(message));
}
