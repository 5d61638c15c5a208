/**
 * Characters that act on their surroundings rather than being shown: the control characters (C0, DEL, C1), characters
 * that reverse the writing direction, line and paragraph separators, characters without width or use (a byte order
 * mark, a zero-width space), and lone surrogates. The joiners that scripts and emoji need stay.
 */
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * `
 * `, `\x1b`, `\u202e`: a character in a programmer's notation.
 */
function spelled(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text on one line, with every acting character spelled out. Ordinary Unicode stays. */
export function visible(text: string): string {
  return text.replace(ACTING, spelled);
}

/** The same for text of several lines: line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(ACTING, character => (character === '\n' || character === '\t' ? character : spelled(character)));
}
