import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

export interface ViewOptions {
  /** Columns of the terminal. Code may be wider, since its lines are never broken. */
  readonly width: number;
  readonly color: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

interface View {
  readonly width: number;
  readonly colors: Colors;
  readonly color: boolean;
}

/** A part of a page, with the lines of its source. */
interface Block {
  readonly kind: 'heading' | 'code' | 'table' | 'item' | 'text';
  readonly lines: readonly string[];
}

interface OpenBlock {
  readonly kind: Block['kind'];
  readonly lines: string[];
}

const GAP = 2;
/** A line that marks a part of a page for programs; readers do not see it. */
const COMMENT = /^<!--.*-->$/;
/** Columns of a table are at least this wide; longer words make them wider. */
const NARROWEST = 12;

/**
 * Formats a page of Markdown for a terminal: headings, paragraphs, lists, tables, fenced code, `code`, **strong** and
 * links. Comments are left out; other Markdown stays as it is. The pages of `src/help/` use nothing else.
 */
export function viewMarkdown(markdown: string, { width, color }: ViewOptions): string {
  const view: View = { width, color, colors: pc.createColors(color) };
  const blocks = blocksOf(markdown);
  return blocks.map((block, i) => `${spaceBefore(block, blocks[i - 1])}${VIEWS[block.kind](block, view)}`).join('\n');
}

/** A blank line, except between the items of a list. */
function spaceBefore(block: Block, before: Block | undefined): string {
  return before === undefined || (block.kind === 'item' && before.kind === 'item') ? '' : '\n';
}

const STARTS: readonly (readonly [Block['kind'], RegExp])[] = [
  ['heading', /^#{1,6} /],
  ['code', /^```/],
  ['table', /^\|/],
  ['item', /^([-*]|\d+\.) /],
];

function blocksOf(markdown: string): Block[] {
  const blocks: OpenBlock[] = [];
  let open: OpenBlock | undefined;
  for (const line of markdown.split(/\r?\n/)) {
    const isFence = line.startsWith('```');
    if (open?.kind === 'code' ? isFence : line.trim() === '' || COMMENT.test(line)) {
      open = undefined;
      continue;
    }
    const kind = STARTS.find(([, start]) => start.test(line))?.[0] ?? 'text';
    if (open && goesOn(open, kind)) open.lines.push(line);
    else {
      open = { kind, lines: isFence ? [] : [line] };
      blocks.push(open);
    }
  }
  return blocks;
}

/** Whether a line that looks like the start of a kind belongs to the block before it. */
function goesOn(open: OpenBlock, kind: Block['kind']): boolean {
  if (open.kind === 'code') return true;
  return kind === 'table' ? open.kind === 'table' : kind === 'text' && open.kind !== 'heading';
}

const VIEWS: Readonly<Record<Block['kind'], (block: Block, view: View) => string>> = {
  heading: ({ lines }, { colors, ...view }) =>
    colors.bold(inline((lines[0] ?? '').replace(/^#+ /, ''), { colors: pc.createColors(false), ...view })),
  code: ({ lines }) => lines.map(line => `  ${line}`.trimEnd()).join('\n'),
  text: ({ lines }, view) => wrap(inline(lines.map(line => line.trim()).join(' '), view), view.width).join('\n'),
  item: ({ lines }, view) => {
    const [, mark = '', first = ''] = /^(\S+) +(.*)$/.exec(lines[0] ?? '') ?? [];
    const text = inline([first, ...lines.slice(1)].map(line => line.trim()).join(' '), view);
    const indent = ' '.repeat(mark.length + 1);
    return wrap(text, view.width - indent.length)
      .map((line, i) => `${i === 0 ? `${mark} ` : indent}${line}`)
      .join('\n');
  },
  table: ({ lines }, view) => tableLines(lines, view).join('\n'),
};

function tableLines(lines: readonly string[], view: View): string[] {
  const rows = lines
    .filter(line => !/^\|[\s|:-]+\|$/.test(line))
    .map(line => cellsOf(line).map(cell => inCell(cell, view)));
  const widths = columnWidths(rows, view.width);
  const shown = rows.map(row => rowLines(row, widths));
  const head = rows[0]?.some(cell => cell !== '') ? [(shown[0] ?? []).map(line => view.colors.bold(line))] : [];
  const rule = widths.map(width => '-'.repeat(width)).join(' '.repeat(GAP));
  return [...head.flat(), rule, ...shown.slice(1).flat()];
}

/** The cells of a row; `\|` is a bar of the text. */
function cellsOf(line: string): string[] {
  return line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replaceAll('\\|', '|'));
}

/** A cell that contains only code needs no backticks. */
function inCell(cell: string, view: View): string {
  if (!/^`[^`]+`(, `[^`]+`)*$/.test(cell)) return inline(cell, view);
  return styled(cell.replaceAll('`', ''), view.colors.cyan);
}

/** Each column as wide as its text; the widest ones are narrowed if the terminal is too narrow for all. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const columns = Math.max(...rows.map(row => row.length));
  const cells = Array.from({ length: columns }, (_, i) => rows.map(row => row[i] ?? ''));
  const widths = cells.map(column => Math.max(...column.map(lengthOf)));
  const least = cells.map(column => Math.max(NARROWEST, ...column.flatMap(cell => cell.split(' ')).map(lengthOf)));
  const room = width - GAP * (columns - 1);
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const spare = widths.map((each, i) => (each > (least[i] ?? 0) ? each : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((width, i) => wrap(row[i] ?? '', width));
  const height = Math.max(...cells.map(lines => lines.length));
  return Array.from({ length: height }, (_, y) =>
    cells
      .map((lines, i) => padded(lines[y] ?? '', widths[i] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - lengthOf(text)));

const lengthOf = (text: string) => [...stripVTControlCharacters(text)].length;

/** Breaks a text between words; a word longer than the line gets its own line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

function inline(text: string, view: View): string {
  return text.replace(INLINE, (_, code?: string, strong?: string, label?: string, target = '') => {
    if (code !== undefined) return view.color ? styled(code, view.colors.cyan) : `\`${code}\``;
    if (strong !== undefined) return styled(strong, view.colors.bold);
    return linked(label ?? '', target);
  });
}

/** A link to another topic becomes the command that shows it; any other link shows its address. */
function linked(label: string, target: string): string {
  const topic = /^\.?\/?([\w-]+)\.md(?:#.*)?$/.exec(target)?.[1];
  if (topic === undefined) return `${label} (${target})`;
  const command = `bodyscript help ${topic}`;
  return label === topic ? command : `${label} (${command})`;
}

/** Styles each word by itself, so that no style crosses the end of a line. */
function styled(text: string, style: (text: string) => string): string {
  return text
    .split(' ')
    .map(word => (word === '' ? '' : style(word)))
    .join(' ');
}
