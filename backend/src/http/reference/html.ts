import { escapeHtml } from '../html-page.ts';

/** Markup that is safe to send as it is. Only `html` makes it. */
export type Html = { readonly markup: string };

export type HtmlValue = Html | string | number | null | readonly HtmlValue[];

/** A template in which every value is escaped, unless it is markup already; null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: parts.map((part, index) => part + markupOf(values[index] ?? null)).join('') };
}

function markupOf(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(markupOf).join('');
  return escapeHtml(String(value));
}

/** A code that may break at its underscores, and nowhere else as long as that is enough. */
export function breakable(code: string): Html {
  return html`${code.split(/(?<=_)/).map((part, index) => (index === 0 ? part : html`<wbr />${part}`))}`;
}

/** Text as the fragment of an address: letters, digits and hyphens. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
