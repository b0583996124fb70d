import { html } from '../reference/html.ts';
import type { Brand, PublicPage } from './page-shell.ts';

/** Pages that say one thing and have nothing to fill in. */
function notice(page: Pick<PublicPage, 'status' | 'brand' | 'title'> & { readonly text: string }): PublicPage {
  const { text, ...rest } = page;
  return { ...rest, intro: null, brief: true, content: html`<p class="said" dir="auto">${text}</p>` };
}

export function linkNotFound(): PublicPage {
  return notice({
    status: 404,
    brand: null,
    title: 'This link is not valid',
    text: 'It was mistyped or is no longer in use. Ask the person who sent it for a new one.',
  });
}

export function linkResting(brand: Brand): PublicPage {
  return notice({
    status: 404,
    brand,
    title: 'This link is resting',
    text: 'It does not take sign-ups at the moment. Ask the person who sent it, or somebody else you know here.',
  });
}

export function linkMissing(brand: Brand): PublicPage {
  return notice({
    status: 404,
    brand,
    title: 'You need a personal link',
    text: 'Signing up here works by invitation. Open the link somebody sent you, or ask them to send it again.',
  });
}

export function pageNotFound(): PublicPage {
  return notice({
    status: 404,
    brand: null,
    title: 'This page does not exist',
    text: 'It was mistyped or is no longer in use. Ask the person who sent you here for the right address.',
  });
}

export function thanks(brand: Brand, text: string): PublicPage {
  return {
    status: 200,
    brand,
    title: 'Thank you',
    intro: null,
    brief: true,
    content: html`<p class="done" aria-hidden="true">✓</p>
      <p class="said" dir="auto">${text}</p>`,
  };
}
