import { visibleLines } from './visible.js';

/** Text for an XML writer that escapes markup itself: without the characters that XML forbids. */
export function forXml(text: string): string {
  return visibleLines(text).replace(/[\ufffe\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16)}`);
}
