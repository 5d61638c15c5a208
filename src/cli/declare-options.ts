import { type Command, Option as CommandOption } from 'commander';
import type { ConfigSection } from '../options/config-file.js';
import { GENERAL, MESSAGES } from '../options/general-table.js';
import { flagOf } from '../options/layers.js';
import type { Option, OptionTable } from '../options/option.js';
import type { CliContext } from './context.js';

/** Collects the values of a repeatable option. */
function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

const COMMON_GROUP = 'Common options:';

/**
 * Declares a table's options, and the general options, under their headings. Values remain strings: `options/` checks
 * them. @param section of the configuration file that the command reads; undefined if it reads none @param common names
 * of the options that the help lists first
 */
export function declareOptions(
  command: Command,
  table: OptionTable,
  section?: ConfigSection,
  common: readonly string[] = [],
): Command {
  let group = '';
  const all: OptionTable = { ...table, ...(section === undefined ? MESSAGES : GENERAL) };
  const isCommon = ([name]: readonly [string, Option]) => common.includes(name);
  const entries = Object.entries(all);
  const first = entries
    .filter(isCommon)
    .sort(([a], [b]) => common.indexOf(a) - common.indexOf(b))
    .map(([name, option]) => [name, { ...option, group: COMMON_GROUP }] as const);
  for (const [name, option] of [...first, ...entries.filter(entry => !isCommon(entry))]) {
    if (option.flags === undefined) continue;
    if (option.group !== group) command.optionsGroup(option.group);
    group = option.group;
    command.addOption(declared(option.flags, option));
    if (option.negated !== undefined) {
      command.addOption(new CommandOption(flagOf(name).replace('--', '--no-'), option.negated));
    }
  }
  return command;
}

/** Declares the general options for a command without its own table, and applies them to the log. */
export function declareMessages(command: Command, context: CliContext): void {
  declareOptions(command, {}).hook('preAction', async (_, called) => {
    const { setUpLog } = await import('./load-options.js');
    setUpLog(called.opts(), context);
  });
}

/** An option with words for completion; commander does not check them. */
export function completed(declaration: CommandOption, choices: readonly string[] | undefined): CommandOption {
  if (choices) declaration.argChoices = [...choices];
  return declaration;
}

function declared(flags: string, option: Option): CommandOption {
  const isOff = option.default === undefined || option.default === false;
  const help = isOff ? option.help : `${option.help} (default: ${String(option.default)})`;
  const declaration = new CommandOption(flags, help);
  if (option.repeats) declaration.argParser(collect);
  return completed(declaration, option.kind.choices ?? option.kind.inert?.filter(word => typeof word === 'string'));
}
