import { visibleLines } from './visible.js';

/** Text for a writer of XML, which escapes markup itself: without the characters that no XML may hold. */
export function forXml(text: string): string {
  return visibleLines(text).replace(/[\ufffe\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16)}`);
}
