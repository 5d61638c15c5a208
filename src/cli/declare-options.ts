import { type Command, Option as CommandOption } from 'commander';
import type { ConfigSection } from '../options/config-file.js';
import { GENERAL, MESSAGES } from '../options/general-table.js';
import { flagOf } from '../options/layers.js';
import type { Option, OptionTable } from '../options/option.js';
import type { CliContext } from './context.js';

/** For options that may be given several times. */
function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/**
 * Declares a table's options, and those of all commands, under their headings. Values stay texts: `options/` checks
 * them.
 * @param section of the configuration file that the command reads; undefined where it reads none
 */
export function declareOptions(command: Command, table: OptionTable, section?: ConfigSection): Command {
  let group = '';
  const all: OptionTable = { ...table, ...(section === undefined ? MESSAGES : GENERAL) };
  for (const [name, option] of Object.entries(all)) {
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

/** Declares the options of all commands for one that has no table of its own, and has the log heed them. */
export function declareMessages(command: Command, context: CliContext): void {
  declareOptions(command, {}).hook('preAction', async (_, called) => {
    const { setUpLog } = await import('./load-options.js');
    setUpLog(called.opts(), context);
  });
}

/** An option whose words completion offers; commander does not check them. */
export function completed(declaration: CommandOption, choices: readonly string[] | undefined): CommandOption {
  if (choices) declaration.argChoices = [...choices];
  return declaration;
}

function declared(flags: string, option: Option): CommandOption {
  const isOff = option.default === undefined || option.default === false;
  const help = isOff ? option.help : `${option.help} (default: ${String(option.default)})`;
  const declaration = new CommandOption(flags, help);
  if (option.repeats) declaration.argParser(collect);
  return completed(declaration, option.kind.choices);
}
