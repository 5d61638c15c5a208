import type { Command, Option } from 'commander';
import type { CliContext } from '../../src/cli/context.js';
import { Log } from '../../src/cli/log.js';
import { createProgram } from '../../src/cli/program.js';
import { GENERAL } from '../../src/options/general-table.js';
import { flagOf } from '../../src/options/layers.js';

/** The options that every command has; the table of `config` lists them once. */
const GENERAL_FLAGS: readonly string[] = [...Object.keys(GENERAL).map(flagOf), '--help'];
/**
 * `<!-- options: COMMAND -->` for all options of a command, `<!-- options: COMMAND: HEADING -->` for those under one
 * heading of its help, `<!-- options: COMMAND NAME NAME -->` for some of them.
 */
const MARKED = /^<!-- options: (.*?) -->\n[\s\S]*?^<!-- end -->$/gm;

/** A program whose command `words[0]` is declared in full; the others are known by name. */
export function programFor(words: readonly string[]): Promise<Command> {
  const context: CliContext = {
    signal: new AbortController().signal,
    log: new Log({ level: 'error', json: false, color: false, colorStdout: false }),
    exitCode: 0,
    alsoRead: [],
  };
  return createProgram(['node', 'bodyscript', ...words], context);
}

/** A command by its words, such as `jobs list`, and the words after those. */
export async function commandOf(words: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  let command: Command = await programFor(words);
  let rest = words;
  for (;;) {
    const next = command.commands.find(other => other.name() === rest[0]);
    if (!next) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

/** The options of a command that are its own. */
export function ownOptions(command: Command): Option[] {
  return command.options.filter(({ long }) => !GENERAL_FLAGS.includes(long ?? ''));
}

const headingOf = (option: Option) => (option.helpGroupHeading ?? 'Options:').replace(/:$/, '');

function underHeading(command: Command, heading: string): readonly Option[] {
  const options = command.options.filter(option => headingOf(option) === heading && option.long !== '--help');
  if (options.length > 0) return options;
  const headings = [...new Set(command.options.map(headingOf))];
  throw new RangeError(`${command.name()} has no options under "${heading}"; its headings: ${headings.join(', ')}`);
}

function byName(command: Command, names: readonly string[]): readonly Option[] {
  return names.map(name => {
    const option = command.options.find(({ long }) => long === `--${name}`);
    if (option) return option;
    throw new RangeError(`${command.name()} has no option --${name}`);
  });
}

/** The options that a marker names. @throws RangeError where there are no such options */
export async function selectedOptions(marker: string): Promise<readonly Option[]> {
  const [path = '', heading] = marker.split(': ');
  const { command, rest } = await commandOf(path.split(' '));
  if (heading !== undefined) return underHeading(command, heading);
  return rest.length > 0 ? byName(command, rest) : ownOptions(command);
}

const cell = (text: string) => text.replaceAll('|', String.raw`\|`);

function tableOf(options: readonly Option[]): string {
  const rows = options.map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`);
  return ['| option | what it does |', '|---|---|', ...rows].join('\n');
}

/** What the markers of a page say. */
export function markersIn(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, marker = '']) => marker);
}

/** A page with the tables that its markers ask for. */
export async function withTables(page: string): Promise<string> {
  const tables = new Map<string, string>();
  for (const marker of markersIn(page)) tables.set(marker, tableOf(await selectedOptions(marker)));
  return page.replaceAll(MARKED, (_, marker: string) => {
    return `<!-- options: ${marker} -->\n${tables.get(marker)}\n<!-- end -->`;
  });
}
