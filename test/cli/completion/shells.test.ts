import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTurn } from '../../support/full-tests.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { areInstalled, Terminal } from '../../support/terminal.js';

const BIN = fileURLToPath(new URL('../../../bin/bodyscript.js', import.meta.url));
const folder = await temporaryFolder();
const programs = join(folder, 'programs');
const home = join(folder, 'home');
const MINUTE = 60_000;

/** Without any start-up file, and so without the bash-completion package and zsh's compinit. */
const SHELLS = [
  { shell: 'bash', command: ['bash', '--norc', '--noprofile'], load: 'eval "$(bodyscript completion bash)"' },
  { shell: 'zsh', command: ['zsh', '-f'], load: 'eval "$(bodyscript completion zsh)"' },
  { shell: 'fish', command: ['fish', '--no-config'], load: 'bodyscript completion fish | source' },
] as const;
const PROMPT = {
  bash: "PS1='ready> '",
  zsh: "PS1='ready> '",
  fish: "function fish_prompt; echo 'ready> '; end",
} as const;

/** What is typed after `bodyscript `, and what the tab key makes of it. */
const UNIQUE: readonly (readonly [about: string, typed: string, completed: string | RegExp])[] = [
  ['a command', 'compl', 'completion'],
  ['a subcommand', 'jobs sh', 'jobs show'],
  ['a topic of help', 'help exit', 'help exit-codes'],
  ['a video without a command', 'plai', 'plain.mp4'],
  ['an option', 'analyze --fix', 'analyze --fix-swaps'],
  ['an option without a command', 'plain.mp4 --fix', 'plain.mp4 --fix-swaps'],
  ['a value', 'analyze --mode sm', 'analyze --mode smart'],
  ['a value after an equals sign', 'analyze --engine=nat', 'analyze --engine=native'],
  ['a level of messages', 'doctor --log-level deb', 'doctor --log-level debug'],
  ['one more value of a list', 'analyze --export c3d,xl', 'analyze --export c3d,xlsx'],
  ['a format', 'export table.csv -f parq', 'export table.csv -f parquet'],
  ['a file after an option', 'analyze --csv tab', 'analyze --csv table.csv'],
  ['a file after an equals sign', 'analyze --csv=tab', 'analyze --csv=table.csv'],
  ['a folder, not the file called alike', 'analyze -o resu', 'analyze -o results/'],
  ['a folder after an equals sign', 'analyze --out=resu', 'analyze --out=results/'],
  ['a file after the end of options', 'analyze -- --od', 'analyze -- --odd.mp4'],
  ['a folder with a blank', 'analyze my', String.raw`analyze my\ clips/`],
  ['a file with a blank', String.raw`analyze my\ clips/`, String.raw`analyze my\ clips/a\ b.mp4`],
  ['a file in quotes', 'analyze "my clips/a', 'analyze "my clips/a b.mp4"'],
  ['a file with a colon', 'analyze cam', /analyze cam\\?:one\.mp4$/],
  ['a file whose colon is typed', 'analyze cam:', 'analyze cam:one.mp4'],
  ['a folder whose colon is typed', 'analyze -o day:', 'analyze -o day:1/'],
  ['a file below the home folder', 'analyze ~/pla', 'analyze ~/plain.mp4'],
  ['a folder below the home folder after an equals sign', 'analyze --out=~/resu', 'analyze --out=~/results/'],
  ['a file that stdout goes to', 'quality table.csv > tab', 'quality table.csv > table.csv'],
];

/** Whole lines: the program may have a path, and something may stand before it. */
const LINES: readonly (readonly [about: string, typed: string, completed: string])[] = [
  ['a program installed elsewhere', './local/bodyscript jobs sh', './local/bodyscript jobs show'],
  ['a program below the home folder', '~/local/bodyscript jobs sh', '~/local/bodyscript jobs show'],
  ['a command after a variable', 'CI=1 bodyscript jobs sh', 'CI=1 bodyscript jobs show'],
  ['a command after another', 'true; bodyscript jobs sh', 'true; bodyscript jobs show'],
  ['a command that reads a pipe', 'true | bodyscript jobs sh', 'true | bodyscript jobs show'],
];

/** Several candidates, which a second tab shows. */
const SEVERAL: readonly (readonly [
  about: string,
  typed: string,
  shown: readonly string[],
  hidden: readonly string[],
])[] = [
  ['commands and files', '', ['analyze', 'doctor', 'plain.mp4'], ['--mode']],
  ['values alone', 'analyze --mode ', ['smart', 'track', 'quality'], ['plain.mp4']],
  ['networks and files', 'analyze --model ', ['lite', 'heavy', 'plain.mp4'], []],
  ['folders alone', 'analyze -o ', ['results/', 'day:1/'], ['plain.mp4', 'results.csv']],
  ['nothing where a number is expected', 'analyze --every ', [], ['plain.mp4', 'results']],
];

beforeAll(async () => {
  for (const path of [programs, join(home, 'my clips'), join(home, 'results'), join(home, 'day:1')]) {
    await mkdir(path, { recursive: true });
  }
  for (const name of ['plain.mp4', 'cam:one.mp4', 'table.csv', 'results.csv', '--odd.mp4', 'my clips/a b.mp4']) {
    await writeFile(join(home, name), '');
  }
  await writeFile(join(programs, 'bodyscript'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(join(programs, 'bodyscript'), 0o755);
  await mkdir(join(home, 'local'));
  await copyFile(join(programs, 'bodyscript'), join(home, 'local', 'bodyscript'));
});

// Each completion in one shell in turn; in all of them if time allows.
describe.each(SHELLS)('the tab key in $shell', ({ shell, command, load }) => {
  const turn = SHELLS.findIndex(other => other.shell === shell);
  const canRun = areInstalled('tmux', shell);
  let terminal: Terminal;

  beforeAll(async () => {
    if (!canRun) return;
    const env = { HOME: home, PATH: `${programs}:${process.env.PATH}`, BASH_SILENCE_DEPRECATION_WARNING: '1' };
    terminal = new Terminal(command, { cwd: home, env, columns: 120 });
    terminal.type(`${PROMPT[shell]}; ${load}; echo lo''aded`);
    terminal.press('Enter');
    await terminal.shows(/^loaded$/m);
  }, MINUTE);
  afterAll(() => terminal?.[Symbol.dispose]());
  beforeEach(async () => {
    if (!canRun) return;
    await terminal.clear(/^ready>$/);
  }, MINUTE);

  test.skipIf(!canRun).each(inTurn(UNIQUE, turn, SHELLS.length))(
    'completes %s',
    async (_, typed, completed) => {
      terminal.type(`bodyscript ${typed}`);
      terminal.press('Tab');
      const pattern = typeof completed === 'string' ? `${escaped(completed)}$` : completed.source;
      await terminal.shows(new RegExp(`^ready> bodyscript ${pattern}`, 'm'));
    },
    MINUTE,
  );

  test.skipIf(!canRun).each(inTurn(LINES, turn, SHELLS.length))(
    'completes %s',
    async (_, typed, completed) => {
      terminal.type(typed);
      terminal.press('Tab');
      await terminal.shows(new RegExp(`^ready> ${escaped(completed)}`, 'm'));
    },
    MINUTE,
  );

  test.skipIf(!canRun)(
    'completes a program that is not on PATH',
    async () => {
      const off = shell === 'fish' ? 'set OLD $PATH; set PATH /usr/bin /bin' : 'OLD=$PATH; PATH=/usr/bin:/bin';
      terminal.type(`${off}; echo wi''thout`);
      terminal.press('Enter');
      await terminal.shows(/^without$/m);
      terminal.type('./local/bodyscript jobs sh');
      terminal.press('Tab');
      await terminal.shows(/^ready> \.\/local\/bodyscript jobs show/m);
      await terminal.clear(/^ready>$/);
      terminal.type(shell === 'fish' ? 'set PATH $OLD' : 'PATH=$OLD');
      terminal.press('Enter');
    },
    MINUTE,
  );

  test.skipIf(!canRun).each(inTurn(SEVERAL, turn, SHELLS.length))(
    'shows %s',
    async (_, typed, shown, hidden) => {
      terminal.type(`bodyscript ${typed}`);
      terminal.press('Tab', 'Tab');
      for (const word of shown) await terminal.shows(new RegExp(`(^|\\s)${escaped(word)}(\\s|$)`, 'm'));
      if (shown.length === 0) {
        terminal.type('2');
        await terminal.shows(new RegExp(`^ready> bodyscript ${typed}2$`, 'm'));
      }
      const screen = terminal.screen();
      for (const word of hidden) expect(screen).not.toContain(word);
    },
    MINUTE,
  );
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
