/** What ends a command, or sends its streams elsewhere: the next word is a file. */
const REDIRECTION = /^(\d*|&)(>>?|<|>\||>&)$/;

export interface SplitLine {
  /** The words, without quotes; the last one is where the cursor is, and may be empty. */
  readonly words: readonly string[];
  /** Whether the last word is a file that a stream comes from or goes to. */
  readonly isRedirection: boolean;
}

/**
 * Splits a line of bash up to the cursor into words, as bash does: by blanks that no quote or backslash protects. Bash
 * itself hands a completion words that it broke at `=` and `:` too. Variables and globs stay as they are.
 */
export function splitLine(line: string): SplitLine {
  const words = [...line.matchAll(/(?:\\.|\\$|'[^']*(?:'|$)|"(?:\\.|[^"\\])*(?:"|\\?$)|[^\s\\'"])+/gs)];
  const last = words.at(-1);
  const raw = words.map(([word]) => word);
  if (last === undefined || last.index + last[0].length < line.length) raw.push('');
  return { words: raw.map(unquoted), isRedirection: REDIRECTION.test(raw.at(-2) ?? '') };
}

function unquoted(word: string): string {
  return word.replaceAll(
    /\\(.?)|'([^']*)'?|"((?:\\.|[^"\\])*)(?:"|\\?$)/gs,
    (_, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? double?.replaceAll(/\\([$`"\\\n])/g, '$1') ?? '',
  );
}
