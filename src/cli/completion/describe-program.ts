import type { Argument, Command, Option } from 'commander';
import type { CompletedArgument, CompletedCommand, CompletedOption, CompletedValue, Paths } from './catalogue.js';

/** Longer descriptions do not fit beside the words. */
const LONGEST_HELP = 64;
/** What is between `<` and `>` in the help says which names of the file system an option takes. */
const FOLDERS = /^(dir|folder)$/;
const FILES = /^(file|path|stem|list|clip)$/;

/** Describes a command and those below it for completion. */
export function describeCommand(command: Command): CompletedCommand {
  const help = command.createHelp();
  const standard = (command as { _defaultCommandName?: string | null })._defaultCommandName;
  return {
    name: command.name(),
    help: shortened(command.summary() || command.description()),
    options: help.visibleOptions(command).map(describeOption),
    arguments: command.registeredArguments.map(describeArgument),
    commands: command.commands.map(describeCommand),
    ...(standard ? { standard } : {}),
  };
}

function describeOption(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter(flag => flag !== undefined);
  const help = shortened(option.description);
  const placeholder = /<(.+)>/.exec(option.flags)?.[1];
  return placeholder === undefined ? { flags, help } : { flags, help, value: describeValue(option, placeholder) };
}

function describeValue({ argChoices = [], description }: Option, placeholder: string): CompletedValue {
  const nouns = placeholder.split('|');
  return {
    words: argChoices.map(word => ({ word, help: helpOfWord(word, description) })),
    isList: /^(names|formats)$/.test(placeholder),
    paths: pathsOf(nouns),
  };
}

function pathsOf(nouns: readonly string[]): Paths {
  if (nouns.some(noun => FILES.test(noun))) return 'files';
  return nouns.some(noun => FOLDERS.test(noun)) ? 'folders' : 'none';
}

function describeArgument({ argChoices, variadic }: Argument): CompletedArgument {
  const words = (argChoices ?? []).map(word => ({ word, help: '' }));
  return { words, isList: false, paths: words.length === 0 ? 'files' : 'none', isVariadic: variadic };
}

/** Where the help explains a word, as in `still: each frame by itself; track: ...`. */
function helpOfWord(word: string, help: string): string {
  const parts = help.split(/; | \(default/);
  return shortened(parts.find(part => part.startsWith(`${word}: `))?.slice(word.length + 2) ?? '');
}

function shortened(help: string): string {
  if (help.length <= LONGEST_HELP) return help;
  return `${help.slice(0, LONGEST_HELP).replace(/[\s,;:(]*\S*$/, '')}…`;
}
