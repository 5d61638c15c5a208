/** Longest line of help; longer ones are hard to read. */
const WIDEST = 100;
/** Width for a pipe, and for a terminal of unknown width. */
const USUAL_WIDTH = 80;
/** Columns. */
const NARROWEST_SECOND = 30;
const BELOW = ' '.repeat(6);

/** Columns for text that people read on stdout. A terminal of unknown size, such as a container's, has 0 columns. */
export function helpWidth(columns: number | undefined = process.stdout.columns): number {
  return Math.min(columns || USUAL_WIDTH, WIDEST);
}

/** Wraps the text of a command's help at words, for commander. */
export function wrapped(text: string): () => string {
  return () =>
    text
      .split('\n')
      .flatMap(line => wrapLine(line, helpWidth()))
      .join('\n');
}

/**
 * Examples at the end of a command's help, for commander. @param text a heading, then one example per line and, after
 * two or more spaces, its description
 */
export function examples(text: string): () => string {
  return () => {
    const [heading = '', ...lines] = text.trimEnd().split('\n');
    return ['', heading, ...layOut(lines.map(readExample), helpWidth())].join('\n');
  };
}

interface Example {
  readonly command: string;
  readonly does: string;
}

function readExample(line: string): Example {
  const [, command = line.trim(), does = ''] = /^ *(.*?\S)(?: {2,}(.*))?$/.exec(line) ?? [];
  return { command, does };
}

/** Two columns if the second is wide enough; otherwise the description is below its example. */
function layOut(all: readonly Example[], width: number): string[] {
  const column = Math.max(...all.map(({ command }) => command.length)) + 4;
  return all.flatMap(({ command, does }) => {
    if (does === '') return [`  ${command}`];
    if (width - column < NARROWEST_SECOND) return [`  ${command}`, ...wrapLine(`${BELOW}${does}`, width)];
    const [first = '', ...rest] = wrapLine(does, width - column);
    return [`  ${command}`.padEnd(column) + first, ...rest.map(line => `${' '.repeat(column)}${line}`)];
  });
}

/** Breaks a line at words; further lines are indented like the first, or like its second column. */
function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ *(?:\S+ {2,})?/.exec(line)?.[0].length ?? 0;
  const at = line.lastIndexOf(' ', width);
  if (at <= indent) return [line];
  return [line.slice(0, at).trimEnd(), ...wrapLine(`${' '.repeat(indent)}${line.slice(at + 1)}`, width)];
}
