import type { Command } from 'commander';
import { closest } from '../options/suggest.js';

type Rewrite = (command: Command, ...found: string[]) => string;

/** Commander's messages, and their replacements: one line with a remedy. */
const REWRITES: readonly (readonly [pattern: RegExp, rewrite: Rewrite])[] = [
  [
    /^(unknown (?:option|command) '.*')\s\(Did you mean (?:one of )?([^?]+)\?\)$/s,
    (_, problem = '', near = '') => `${problem}. Did you mean ${near.split(', ')[0]}?`,
  ],
  [
    /^missing required argument '(.+)'$/,
    (command, name = '') => `missing argument '${name}'. Usage: ${pathOf(command)} ${command.usage()}`,
  ],
  [/^too many arguments.* Expected (\d+) arguments? but got (\d+)\.$/, tooMany],
  [/^(option '.+') argument missing$/s, (command, option = '') => `${option} needs a value. ${seeHelp(command)}`],
  [/^required (option '.+') not specified$/s, (command, option = '') => `missing ${option}. ${seeHelp(command)}`],
];

/**
 * One line for an error of commander's: the fault, then the remedy. @param text as commander writes it: `error: unknown
 * option '--fats'`, and perhaps its guess on a second line
 */
export function argumentError(text: string, command: Command): string {
  const said = text.replace(/^error: /, '').trimEnd();
  for (const [pattern, rewrite] of REWRITES) {
    const [whole, ...found] = pattern.exec(said) ?? [];
    if (whole !== undefined) return rewrite(command, ...found);
  }
  return `${said.replace(/\.$/, '')}. ${seeHelp(command)}`;
}

/** If a command has a default subcommand, commander reports a misspelt one (`jobs lst`) as an argument too many. */
function tooMany(command: Command, expected = '', got = ''): string {
  const [word = ''] = command.args;
  const others = command.parent?.parent ? command.parent.commands.map(other => other.name()) : [];
  const near = expected === '0' ? closest(word, others) : undefined;
  if (near !== undefined) return `unknown command '${word}'. Did you mean ${near}?`;
  const usage = `Usage: ${pathOf(command)} ${command.usage()}`;
  return `too many arguments: expected ${expected}, got ${got} (quote names with spaces). ${usage}`;
}

function seeHelp(command: Command): string {
  return `Run "${pathOf(command)} --help" to see the options.`;
}

/** `bodyscript jobs list`. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
