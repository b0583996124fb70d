import { html, type Html } from './html.ts';

export type SampleInput = {
  /** What a screen reader says when the block takes the focus. */
  readonly label: string;
  readonly code: string;
  /** `json` is coloured. */
  readonly language?: string;
  /** Shown above the block. */
  readonly title?: Html;
};

/** Code in a block that scrolls by itself, so that it can be reached with the keyboard. */
export function sample({ label, code, language, title }: SampleInput): Html {
  const text = language === 'json' ? coloured(code) : html`${code}`;
  const head = title ? html`<figcaption>${title}</figcaption>` : null;
  return html`<figure class="sample">
    ${head}
    <pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>
  </figure>`;
}

/** Keys, texts and other values apart. */
function coloured(code: string): Html {
  const parts = code.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b)/);
  return html`${parts.map((part, index) => {
    if (index % 2 === 0) return part;
    if (part.endsWith(':')) return html`<b>${part}</b>`;
    return part.startsWith('"') ? html`<i>${part}</i>` : html`<u>${part}</u>`;
  })}`;
}

const WIDTH = 64;

/** JSON with what is short on one line: half as long as `JSON.stringify` would make it. */
export function prettyJson(value: unknown, indent = ''): string {
  const flat = flatJson(value);
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= WIDTH) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + prettyJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${prettyJson(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function flatJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flatJson(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
