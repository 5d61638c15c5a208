/**
 * Characters that do something to where they are shown in place of being shown: the control characters (C0, DEL, C1),
 * what turns the direction of writing around, what separates lines and paragraphs, what has no width and no use (a byte
 * order mark, a zero-width space), and halves of surrogate pairs. The joiners that scripts and emoji need stay.
 */
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `\n`, `\x1b`, `\u202e`: a character as a programmer would write it. */
function spelled(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text on one line, with everything that would act spelled out. Ordinary Unicode stays. */
export function visible(text: string): string {
  return text.replace(ACTING, spelled);
}

/** The same for text of several lines: line breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(ACTING, character => (character === '\n' || character === '\t' ? character : spelled(character)));
}
