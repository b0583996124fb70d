import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { ProgramDefinition } from '../../../../shared/program-definition.ts';
import { html, type Html } from '../reference/html.ts';
import { pageStyle } from './page-style.ts';

/** Whose page it is. Null where we do not know it: a page for nobody's link carries nobody's name. */
export type Brand = {
  readonly name: string;
  readonly color: string;
  readonly logoUrl: string | null;
  /** How its words are read; the whole page is laid out that way. */
  readonly direction: 'ltr' | 'rtl';
};

export type PublicPage = {
  readonly status: number;
  readonly brand: Brand | null;
  /** The heading and the page's name in the browser. */
  readonly title: string;
  /** Beneath the heading; null = nothing. */
  readonly intro: string | null;
  readonly content: Html;
  /** One thing to read, in the middle of the screen, where a form has room beside it. (Default: false) */
  readonly brief?: boolean;
};

const NEUTRAL = '#1f5fbf';

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

export function brandOf({ name, page }: Pick<ProgramDefinition, 'name' | 'page'>): Brand {
  const firstLetter = /\p{L}/u.exec(page.signUp.title)?.[0] ?? '';
  return {
    name: page.brandName ?? name,
    color: page.color,
    logoUrl: page.logoUrl,
    direction: RIGHT_TO_LEFT.test(firstLetter) ? 'rtl' : 'ltr',
  };
}

/** A whole page without a script; only the brand's own logo comes from elsewhere. */
export function renderPublicPage(page: PublicPage): { readonly text: string; readonly policy: string } {
  const style = pageStyle(colorOf(page.brand));
  const document = html`<html lang="en" dir="${page.brand?.direction ?? 'ltr'}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${titleOf(page)}</title>
      ${{ markup: `<style>${style}</style>` }}
    </head>
    ${page.brand === null ? plainBody(page) : brandedBody(page, page.brand)}
  </html>`;
  return { text: `<!doctype html>\n${document.markup}\n`, policy: policyFor(style, page.brand) };
}

export function sendPublicPage(response: Response, page: PublicPage): void {
  const { text, policy } = renderPublicPage(page);
  response.status(page.status).setHeader('Content-Security-Policy', policy).type('html').send(text);
}

function titleOf({ title, brand, status }: PublicPage): string {
  // Said first by screen readers: that something is to be mended.
  const prefix = status === 422 ? 'Error: ' : '';
  return `${prefix}${title}${brand === null ? '' : ` · ${brand.name}`}`;
}

/** Headings longer than this are set smaller. */
const LONG_TITLE = 60;

function brandedBody({ title, intro, content, brief }: PublicPage, brand: Brand): Html {
  return html`<body class="${brief ? 'brief' : 'wide'}">
    <header class="hero">
      <div>
        ${brandMark(brand)}
        <h1 dir="auto" class="${title.length > LONG_TITLE ? 'long' : ''}">${title}</h1>
        ${intro === null ? null : html`<p class="lead" dir="auto">${intro}</p>`}
      </div>
    </header>
    <main><div class="card">${content}</div></main>
  </body>`;
}

function plainBody({ title, intro, content }: PublicPage): Html {
  return html`<body class="plain">
    <main>
      <div class="card">
        <h1>${title}</h1>
        ${intro === null ? null : html`<p>${intro}</p>`} ${content}
      </div>
    </main>
  </body>`;
}

function brandMark({ name, logoUrl }: Brand): Html {
  if (logoUrl !== null && originOf(logoUrl) !== null) {
    return html`<p class="brand">
      <span class="logo"><img src="${logoUrl}" alt="${name}" referrerpolicy="no-referrer" /></span>
    </p>`;
  }
  const letter = [...name.trim()][0] ?? '';
  return html`<p class="brand">
    <span class="letter" aria-hidden="true">${letter.toLocaleUpperCase()}</span> <span dir="auto">${name}</span>
  </p>`;
}

/** Settings are checked when they are saved; here only what would break the style sheet. */
function colorOf(brand: Brand | null): string {
  return brand !== null && /^#[0-9a-f]{6}$/i.test(brand.color) ? brand.color : NEUTRAL;
}

/** The style by its hash, the logo by its origin, forms to ourselves, and nothing else. */
function policyFor(style: string, brand: Brand | null): string {
  const logo = brand?.logoUrl ? originOf(brand.logoUrl) : null;
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    ...(logo === null ? [] : [`img-src ${logo}`]),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' ? origin : null;
}
