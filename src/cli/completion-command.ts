import { readFileSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import { UsageError } from '../errors.js';
import { closest } from '../options/suggest.js';
import { PACKAGE } from '../system/package-info.js';
import { examples } from './help-text.js';

/**
 * The scripts of `completion/shells/`, which the build copies, and the line that loads each of them. PowerShell's comes
 * from @bomb.sh/tab, whose directives `completion/complete.ts` writes.
 */
const SHELLS = {
  bash: { file: 'bodyscript.bash', line: 'eval "$(bodyscript completion bash)"', place: '~/.bashrc' },
  zsh: { file: 'bodyscript.zsh', line: 'eval "$(bodyscript completion zsh)"', place: '~/.zshrc' },
  fish: { file: 'bodyscript.fish', line: 'bodyscript completion fish | source', place: '~/.config/fish/config.fish' },
  powershell: { file: undefined, line: 'bodyscript completion powershell | Out-String | iex', place: '$PROFILE' },
} as const;
type Shell = keyof typeof SHELLS;
const SHELL_NAMES = Object.keys(SHELLS) as Shell[];

const EXAMPLES = `Examples:
  eval "$(bodyscript completion bash)"  in this bash, now
  bodyscript completion fish | source   in this fish, now
`;

/** Declares `bodyscript completion`. */
export function declareCompletion(command: Command): void {
  const shell = new Argument('[shell]', SHELL_NAMES.join(', '));
  shell.argChoices = SHELL_NAMES;
  command
    .description(
      'Prints a script that completes commands, options, their values and file names at the tab key.\nTo load it in each new shell, add one line to the file named:',
    )
    .addArgument(shell)
    .addHelpText('after', `\n${installLines().join('\n')}`)
    .addHelpText('after', examples(EXAMPLES))
    .action((name: string | undefined) => printScript(shellNamed(name)));
}

function installLines(): string[] {
  return SHELL_NAMES.flatMap(name => [`  ${name}, ${SHELLS[name].place}:`, `      ${SHELLS[name].line}`]);
}

/** @throws UsageError */
function shellNamed(name: string | undefined): Shell {
  const known = SHELL_NAMES.find(shell => shell === name);
  if (known) return known;
  const near = name === undefined ? usersShell() : closest(name, SHELL_NAMES);
  const { line, place } = SHELLS[SHELL_NAMES.find(shell => shell === near) ?? 'bash'];
  const wrong = name === undefined ? 'completion: name a shell' : `completion: "${name}" is not a supported shell`;
  throw new UsageError(
    `${wrong} (${SHELL_NAMES.join(', ')})`,
    `To turn on completion, add this line to ${place}: ${line}`,
  );
}

function usersShell(): string | undefined {
  return process.env.SHELL?.split('/').at(-1);
}

async function printScript(shell: Shell): Promise<void> {
  const { file } = SHELLS[shell];
  if (file === undefined) (await import('@bomb.sh/tab')).script(shell, PACKAGE.name, PACKAGE.name);
  else process.stdout.write(readFileSync(new URL(`completion/shells/${file}`, import.meta.url)));
}
