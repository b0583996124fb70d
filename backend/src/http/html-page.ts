import type { Response } from 'express';

export type HtmlPage = {
  readonly title: string;
  /** Plain text, one paragraph each. */
  readonly paragraphs: readonly string[];
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  /** One button that sends what is hidden behind it. */
  readonly form?: {
    readonly action: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly button: string;
  };
  /** Small print, such as the request id. */
  readonly footnote?: string;
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe inside HTML and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 38rem; margin: 12vh auto; padding: 0 1.5rem; color: #1f2933; overflow-wrap: anywhere; }
  h1 { font-size: 1.6rem; line-height: 1.25; }
  a { color: #0b5cad; }
  button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0.5rem 1.25rem; border: 0; border-radius: 0.5rem;
    background: #0b5cad; color: #fff; cursor: pointer; }
  button:hover { background: #094a8b; }
  :focus-visible { outline: 3px solid #0b5cad; outline-offset: 3px; }
  small { color: #52606d; }
  @media (prefers-color-scheme: dark) {
    body { background: #14181d; color: #e4e7eb; } a { color: #7cb7ff; } small { color: #9aa5b1; }
    button { background: #7cb7ff; color: #14181d; } button:hover { background: #a5ceff; }
    :focus-visible { outline-color: #7cb7ff; }
  }`;

/** A whole page without scripts or anything loaded from elsewhere. */
export function renderPage(page: HtmlPage): string {
  const paragraphs = page.paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`);
  const links = (page.links ?? []).map(
    ({ href, text }) => `<p><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></p>`,
  );
  const footnote = page.footnote ? `<p><small>${escapeHtml(page.footnote)}</small></p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(page.title)}</h1>
${[...paragraphs, renderForm(page.form), ...links, footnote].join('\n')}
</main>
</body>
</html>
`;
}

function renderForm(form: HtmlPage['form']): string {
  if (form === undefined) return '';
  const fields = Object.entries(form.fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<form method="post" action="${escapeHtml(form.action)}">${fields.join('')}<p><button>${escapeHtml(form.button)}</button></p></form>`;
}

export function sendPage(response: Response, status: number, page: HtmlPage): void {
  response.status(status).type('html').send(renderPage(page));
}
