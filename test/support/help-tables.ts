import type { Command, Option } from 'commander';
import type { CliContext } from '../../src/cli/context.js';
import { Log } from '../../src/cli/log.js';
import { createProgram } from '../../src/cli/program.js';
import { ERROR_CODES, type ErrorCode } from '../../src/error-codes.js';
import { ANALYZE } from '../../src/options/analyze-table.js';
import { COMPARE } from '../../src/options/compare-table.js';
import { CYCLES } from '../../src/options/cycles-table.js';
import { FILTER } from '../../src/options/filter-table.js';
import { GENERAL } from '../../src/options/general-table.js';
import { flagOf } from '../../src/options/layers.js';
import { MEASURE } from '../../src/options/measure-table.js';
import type { OptionTable, Option as TableOption } from '../../src/options/option.js';
import { PLAN } from '../../src/options/plan-table.js';
import { RENDER } from '../../src/options/render-table.js';

/** The tables of options, by command. */
export const COMMAND_TABLES: Readonly<Record<string, OptionTable>> = {
  analyze: ANALYZE,
  compare: COMPARE,
  cycles: CYCLES,
  filter: FILTER,
  measure: MEASURE,
  plan: PLAN,
  render: RENDER,
};
/** The options that every command has; the table of `config` lists them once. */
const GENERAL_FLAGS: readonly string[] = [...Object.keys(GENERAL).map(flagOf), '--help'];
/**
 * `<!-- options: COMMAND -->` for all options of a command, `<!-- options: COMMAND: GROUP -->` for those of one group
 * of its table, `<!-- options: COMMAND NAME NAME -->` for some of them.
 */
const MARKED = /^<!-- options: (.*?) -->\n[\s\S]*?^<!-- end -->$/gm;
/** `<!-- errors: CODE CODE -->` for what these codes mean. */
const MARKED_ERRORS = /^<!-- errors: (.*?) -->\n[\s\S]*?^<!-- end -->$/gm;

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

/** The options of a group as the tables declare it, wherever the command's help shows them. */
function inGroup(command: Command, group: string): readonly Option[] {
  const table: OptionTable = { ...COMMAND_TABLES[command.name()], ...GENERAL };
  const groupOf = ({ group: heading }: TableOption) => heading.replace(/:$/, '');
  const flags = Object.entries(table)
    .filter(([, option]) => groupOf(option) === group)
    .flatMap(([name]) => [flagOf(name), flagOf(name).replace('--', '--no-')]);
  if (flags.length > 0) return command.options.filter(({ long }) => flags.includes(long ?? ''));
  const groups = [...new Set(Object.values(table).map(groupOf))];
  throw new RangeError(`${command.name()} has no group "${group}"; its groups: ${groups.join(', ')}`);
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
  if (heading !== undefined) return inGroup(command, heading);
  return rest.length > 0 ? byName(command, rest) : ownOptions(command);
}

const cell = (text: string) => text.replaceAll('|', String.raw`\|`);

function tableOf(options: readonly Option[]): string {
  const rows = options.map(({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`);
  return ['| option | what it does |', '|---|---|', ...rows].join('\n');
}

/** @throws RangeError where there is no such code */
function tableOfErrors(codes: readonly string[]): string {
  const rows = codes.map(code => {
    if (!(code in ERROR_CODES)) throw new RangeError(`no error has the code ${code}`);
    const { meaning, remedy } = ERROR_CODES[code as ErrorCode];
    return `| \`${code}\` | ${cell(meaning)} | ${cell(remedy)} |`;
  });
  return ['| code | meaning | what to do |', '|---|---|---|', ...rows].join('\n');
}

/** What the markers of a page say of options. */
export function markersIn(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, marker = '']) => marker);
}

/** A page with the tables that its markers ask for. */
export async function withTables(page: string): Promise<string> {
  const tables = new Map<string, string>();
  for (const marker of markersIn(page)) tables.set(marker, tableOf(await selectedOptions(marker)));
  return page
    .replaceAll(MARKED, (_, marker: string) => `<!-- options: ${marker} -->\n${tables.get(marker)}\n<!-- end -->`)
    .replaceAll(MARKED_ERRORS, (_, codes: string) => {
      return `<!-- errors: ${codes} -->\n${tableOfErrors(codes.split(' '))}\n<!-- end -->`;
    });
}
