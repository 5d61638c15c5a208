import { existsSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { closest } from '../options/suggest.js';

/** Words that need no quotes in a shell. */
const PLAIN = /^[\w./:=,%+-]+$/;

/** Names of other programs' commands that resemble the wrong command of ours. */
const SYNONYMS: Readonly<Record<string, string>> = { complete: 'completion' };

/**
 * The first word is a video unless it is a command. A word without a dot or slash is taken for a command if no such
 * file exists. @param words the arguments after the program's name @throws UsageError that suggests the closest command
 */
export function refuseUnknownCommand([word, ...rest]: readonly string[], commands: readonly string[]): void {
  if (word === undefined || !/^[a-z][a-z-]*$/i.test(word) || commands.includes(word) || existsSync(word)) return;
  const near = SYNONYMS[word] ?? closest(word, commands);
  throw new UsageError(
    `"${word}" is neither a command nor a file`,
    near === undefined
      ? 'To list the commands: bodyscript --help'
      : `Did you mean "${['bodyscript', near, ...(rest.every(other => PLAIN.test(other)) ? rest : ['...'])].join(' ')}"?`,
  );
}

/**
 * `jobs` alone lists the videos, so a misspelt subcommand looks like an argument. @throws UsageError that names the
 * command that was meant
 */
export function refuseUnknownSubcommand([command, word]: readonly string[], subcommands: readonly string[]): void {
  if (word === undefined || word.startsWith('-') || subcommands.includes(word)) return;
  const near = closest(word, subcommands);
  throw new UsageError(
    `"${word}" is not a command of "bodyscript ${command}"`,
    near === undefined ? `Its commands: ${subcommands.join(', ')}` : `Did you mean "bodyscript ${command} ${near}"?`,
  );
}
