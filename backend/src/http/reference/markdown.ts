import { anchorOf, html, type Html } from './html.ts';
import { sample } from './sample.ts';

/**
 * The Markdown our own descriptions use, and no more: `##` headings, paragraphs, lists, fenced code, `code`, **strong**.
 * Everything else stays the text it is.
 */
export function renderMarkdown(text: string): readonly Html[] {
  return blocksOf(text).map(renderBlock);
}

/** One paragraph's worth: `code` and **strong**. */
export function renderInline(text: string): Html {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
  return html`${parts.map((part) => {
    if (part.startsWith('`') && part.length > 2) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.startsWith('**') && part.length > 4) return html`<strong>${part.slice(2, -2)}</strong>`;
    return part;
  })}`;
}

/** The `##` headings, for navigation. */
export function headingsOf(text: string): readonly string[] {
  return blocksOf(text).flatMap((block) => (block.startsWith('## ') ? [block.slice(3)] : []));
}

/** Split at empty lines, except inside fences. */
function blocksOf(text: string): readonly string[] {
  const pieces = text.trim().split(/^(```[\s\S]*?^```)$/m);
  return pieces.flatMap((piece) =>
    piece.startsWith('```')
      ? [piece]
      : piece
          .split(/\n{2,}/)
          .map((block) => block.trim())
          .filter((block) => block !== ''),
  );
}

function renderBlock(block: string): Html {
  const fence = /^```(\w*)\n([\s\S]*?)\n?```$/.exec(block);
  if (fence) {
    const [, language = '', code = ''] = fence;
    return sample({ label: language === 'json' ? 'Example as JSON' : 'Example as a command', code, language });
  }
  if (block.startsWith('## ')) return html`<h2 id="${anchorOf(block.slice(3))}">${block.slice(3)}</h2>`;
  if (block.startsWith('- ')) {
    const items = block.split(/\n(?=- )/).map((item) => item.slice(2).replace(/\s+/g, ' '));
    return html`<ul>
      ${items.map((item) => html`<li>${renderInline(item)}</li>`)}
    </ul>`;
  }
  return html`<p>${renderInline(block.replace(/\s+/g, ' '))}</p>`;
}
