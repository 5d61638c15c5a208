import { visible } from './visible.js';

/** Characters without a meaning in Markdown, and in GitHub's extensions. */
const MEANINGLESS = /[^\p{L}\p{M}\p{N} .,/%()=+-]/gu;

/** Entities are never markup in Markdown, and work in tables, lists and HTML alike. `www.` would become a link. */
function spelled(text: string): string {
  return visible(text)
    .replace(MEANINGLESS, character => `&#${character.codePointAt(0)};`)
    .replace(/\b(www)\./gi, '$1&#46;');
}

/**
 * A name for Markdown, as code: no markup, no HTML, and no `@name` or `#number` that a forge would notify or link to.
 * It is valid in a line of text, in a table cell and between HTML tags.
 */
export function markdownName(text: string): string {
  return `<code>${spelled(text)}</code>`;
}

/** A sentence for Markdown, shown literally. A zero-width space follows `@` and `#`, so that no user is notified. */
export function markdownText(text: string): string {
  return spelled(text).replace(/&#(?:64|35);/g, entity => `${entity}&#8203;`);
}
