import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { closest } from '../options/suggest.js';
import { PACKAGE } from '../system/package-info.js';
import { argumentError } from './argument-errors.js';
import type { CliContext } from './context.js';
import { wantsColor } from './log.js';

/** A command whose code is loaded when it is called: `--version` and `compare` need no engine. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  declare(command: Command, context: CliContext): Promise<void>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'analyze',
    summary: 'find people in videos and write their landmarks (default)',
    declare: async (command, context) => (await import('./declare-analyze.js')).declareAnalyze(command, context),
  },
  {
    name: 'compare',
    summary: 'compare landmark tables with golden ones, for regression tests',
    declare: async (command, context) => (await import('./compare-command.js')).declareCompare(command, context),
  },
  {
    name: 'filter',
    summary: 'fill gaps in a landmark table and smooth it',
    declare: async (command, context) => (await import('./filter-command.js')).declareFilter(command, context),
  },
  {
    name: 'report',
    summary: 'create HTML pages with video, status, angles and quality',
    declare: async (command, context) => (await import('./report-command.js')).declareReport(command, context),
  },
  {
    name: 'render',
    summary: 'redraw an overlay from a landmark table, without analysis',
    declare: async (command, context) => (await import('./render-command.js')).declareRender(command, context),
  },
  {
    name: 'export',
    summary: 'convert a landmark table for OpenSim, COCO, Excel, Parquet ...',
    declare: async (command, context) => (await import('./export-command.js')).declareExport(command, context),
  },
  {
    name: 'angles',
    summary: 'compute the joint angles of a landmark table',
    declare: async (command, context) => (await import('./angles-command.js')).declareAngles(command, context),
  },
  {
    name: 'plots',
    summary: 'plot a landmark table over time',
    declare: async (command, context) => (await import('./plots-command.js')).declarePlots(command, context),
  },
  {
    name: 'quality',
    summary: "rate a table's quality",
    declare: async (command, context) => (await import('./quality-command.js')).declareQuality(command, context),
  },
  {
    name: 'cycles',
    summary: 'find steps, strides or repetitions: events, cycles, mean curves',
    declare: async (command, context) => (await import('./cycles-command.js')).declareCycles(command, context),
  },
  {
    name: 'measure',
    summary: 'measure distances, speeds and jumps, with uncertainties',
    declare: async (command, context) => (await import('./measure-command.js')).declareMeasure(command, context),
  },
  {
    name: 'plan',
    summary: 'divide many videos into equal parts for a scheduler',
    declare: async (command, context) => (await import('./plan-command.js')).declarePlan(command, context),
  },
  {
    name: 'jobs',
    summary: 'show the status of each video, retry or clean up',
    declare: async (command, context) => (await import('./jobs-command.js')).declareJobs(command, context),
  },
  {
    name: 'doctor',
    summary: 'check the installation',
    declare: async (command, context) => (await import('./doctor-command.js')).declareDoctor(command, context),
  },
];

const EXAMPLES = `Examples:
  bodyscript walk.mp4                                 landmarks and overlay in bodyscript-out/
  bodyscript clips/ -o results                        a folder; run it again to resume
  bodyscript compare golden/walk.csv results/walk.csv exit code 0: same, 4: different
  bodyscript doctor                                   check the installation
`;

const AFTER = `
More: bodyscript help COMMAND, bodyscript help TOPIC; "bodyscript help" lists all
topics, e.g. inputs, csv, modes and exit-codes.
Nothing is uploaded.`;

export function isCommandName(word: string): boolean {
  return COMMANDS.some(({ name }) => name === word);
}

/**
 * The command line.
 * @param argv as the process got it: what it names is loaded, nothing else
 */
export async function createProgram(argv: readonly string[], context: CliContext): Promise<Command> {
  const program = new Command(PACKAGE.name)
    .description('Find the 33 BlazePose landmarks of people in videos: as a table, and as an overlay video.')
    .version(PACKAGE.version, '-V, --version', 'print the version; with --json, also of dependencies')
    .enablePositionalOptions()
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', AFTER)
    .helpCommand(false)
    .exitOverride();
  const words = argv.slice(2);
  const isComplete = words[0] === 'complete' || words[0] === 'completion';
  const isAboutProgram = /^(-h|--help|help)$/.test(words[0] ?? '--help');
  const first = words.find(word => !word.startsWith('-'));
  const isOther = COMMANDS.some(({ name }) => name === first);
  if (!isOther && first === words[0]) refuseMisspelt(first);
  for (const entry of COMMANDS) {
    const isDefault = entry.name === 'analyze' && words.length > 0; // Without a word, commander shows the help.
    const command = program.command(entry.name, { isDefault }).summary(entry.summary).exitOverride();
    const isNamed = words.includes(entry.name) || isComplete;
    if (isNamed || (isDefault && !isAboutProgram && !isOther)) await entry.declare(command, context);
    else command.helpOption('-h, --help');
  }
  await declareHelp(program, context);
  if (isComplete) await declareCompletion(program);
  else program.command('completion').summary('print a completion script for bash, zsh, fish or powershell');
  plainOutput(program, context);
  return program;
}

/**
 * A first word is a video unless it is a command. One that is no file, and nearly a command, was meant as the latter.
 * @throws UsageError
 */
function refuseMisspelt(word: string | undefined): void {
  if (word === undefined || !/^[a-z]+$/i.test(word) || existsSync(word)) return;
  const near = closest(word, [...COMMANDS.map(({ name }) => name), 'help', 'completion']);
  if (near === undefined || near === word || word === 'complete') return;
  throw new UsageError(`"${word}" is neither a command nor a file`, `Did you mean "bodyscript ${near}"?`);
}

/** Help in colour if the terminal has it, and as wide as the terminal; errors of arguments go to the log. */
function plainOutput(command: Command, context: CliContext): void {
  for (const inner of command.commands) plainOutput(inner, context);
  const color = wantsColor('auto', process.env);
  command.configureOutput({
    getOutHasColors: () => color && process.stdout.isTTY === true,
    getErrHasColors: () => color,
    outputError: text => context.log.error(argumentError(text, command), { code: 'USAGE' }),
  });
  command.configureHelp({
    styleTitle: text => `\u001b[1m${text}\u001b[22m`,
    optionDescription: ({ description }) => description,
  });
}

async function declareHelp(program: Command, context: CliContext): Promise<void> {
  const { declareMessages } = await import('./declare-options.js');
  const help = program
    .command('help')
    .summary('show help on a command or topic')
    .argument('[topic]')
    .exitOverride()
    .action(async (topic: string | undefined) => (await import('./help-command.js')).showHelp(program, topic));
  declareMessages(help, context);
}

async function declareCompletion(program: Command): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  tab(program, { completionCommandName: 'completion' });
}
