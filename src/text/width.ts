/** Code points that take two columns of a terminal (Unicode's East Asian Width W and F), as pairs from-to. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18df2],
  [0x1b000, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];
/** Emoji that are pictures by themselves, and characters that a variation selector turns into one. */
const PICTURE = /^\p{Emoji_Presentation}|\ufe0f/u;
/** Combining marks and format characters. */
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function widthOfOne(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (code < 0x300) return PICTURE.test(grapheme) ? 2 : 1;
  if (PICTURE.test(grapheme) || WIDE.some(([from, to]) => code >= from && code <= to)) return 2;
  return NO_WIDTH.test(grapheme) ? 0 : 1;
}

/** Columns that a text takes in a terminal. @param text without escape sequences, on one line */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOfOne(segment);
  return width;
}

/** The text with spaces after it, so that it takes at least these columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** The text's beginning that fits. @param columns 0 or more */
function cutTo(text: string, columns: number): string {
  return taken(
    Array.from(graphemes.segment(text), ({ segment }) => segment),
    columns,
  );
}

/**
 * The text without its middle where it is too long: the end of a file's name says more than its middle.
 * @param columns that it may take, 0 or more
 */
export function shortened(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 3) return cutTo(text, columns);
  const all = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const end = Math.floor((columns - 1) / 2);
  const tail = taken(all.toReversed(), end, true);
  return `${taken(all, columns - 1 - widthOf(tail))}…${tail}`;
}

/** As many as fit. */
function taken(all: readonly string[], columns: number, isReversed = false): string {
  const kept: string[] = [];
  let width = 0;
  for (const grapheme of all) {
    width += widthOfOne(grapheme);
    if (width > columns) break;
    kept.push(grapheme);
  }
  return (isReversed ? kept.reverse() : kept).join('');
}

/**
 * A line broken at its spaces where it is too long; a word that is too long stays whole.
 * @param indent columns before the second row and all after it
 */
export function hanging(line: string, columns: number, indent: number): string[] {
  // In what is left of a narrow terminal, a column of words is worse than its own breaks.
  if (columns < 2 * indent) return [line];
  const rows: string[] = [];
  let row = line.slice(0, line.length - line.trimStart().length);
  let isEmpty = true;
  for (const word of line.trimStart().split(/(?<=\S)(?= )/)) {
    if (!isEmpty && widthOf(row + word) > columns) {
      rows.push(row);
      row = ' '.repeat(indent) + word.trimStart();
    } else row += word;
    isEmpty = false;
  }
  return [...rows, row];
}
