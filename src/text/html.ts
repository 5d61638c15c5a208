import { visibleLines } from './visible.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML and XML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, character => ENTITIES[character] ?? character);
}

/** Trusted HTML: made by the `html` tag, or by this program alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/**
 * An HTML template: inserted values of any type are escaped, except HTML made in the same way. Lists are inserted item
 * by item; undefined and false insert nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) text += `${piece(value)}${strings[i + 1]}`;
  return new Html(text);
}

function piece(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(piece).join('');
  return value === undefined || value === false ? '' : escapeHtml(String(value));
}
