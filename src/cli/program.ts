import { Argument, Command } from 'commander';
import { PACKAGE } from '../system/package-info.js';
import { argumentError } from './argument-errors.js';
import type { CliContext } from './context.js';
import { DOES } from './first-contact.js';
import { refuseUnknownCommand, refuseUnknownSubcommand } from './first-word.js';
import { examples, helpWidth, wrapped } from './help-text.js';
import { wantsColor } from './log.js';

/** A command; its code is loaded when it runs, since `--version` and `compare` need no engine. */
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
    name: 'submit',
    summary: 'put videos into a queue, for workers on many machines',
    declare: async (command, context) => (await import('./submit-command.js')).declareSubmit(command, context),
  },
  {
    name: 'work',
    summary: 'analyse the videos of a queue',
    declare: async (command, context) => (await import('./work-command.js')).declareWork(command, context),
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
  {
    name: 'demo',
    summary: 'analyse a built-in clip, to see what the results look like',
    declare: async (command, context) => (await import('./demo-command.js')).declareDemo(command, context),
  },
  {
    name: 'completion',
    summary: 'print a completion script for bash, zsh, fish or powershell',
    declare: async command => (await import('./completion-command.js')).declareCompletion(command),
  },
];

const EXAMPLES = `Examples:
  bodyscript demo                  results of a built-in clip in bodyscript-demo/
  bodyscript walk.mp4              landmarks and overlay in bodyscript-out/
  bodyscript clips/ -o results     a folder; run it again to resume
  bodyscript report results        pages that show the results
  bodyscript doctor                check the installation
`;

const AFTER = `
Help: bodyscript help COMMAND or bodyscript help TOPIC; "bodyscript help" lists all topics, such as inputs, csv, modes and exit-codes.
Nothing is uploaded, unless you give an s3:// address.`;

export function isCommandName(word: string): boolean {
  return COMMANDS.some(({ name }) => name === word);
}

/**
 * The command line. @param argv the process's arguments: only the named command is loaded @param declared `all`: every
 * command with its options, whatever `argv` names
 */
export async function createProgram(
  argv: readonly string[],
  context: CliContext,
  declared: 'named' | 'all' = 'named',
): Promise<Command> {
  const program = new Command(PACKAGE.name)
    .description(DOES)
    .version(PACKAGE.version, '-V, --version', 'print the version; with --json, also of dependencies')
    .enablePositionalOptions()
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES))
    .helpCommand(false)
    .exitOverride();
  const words = argv.slice(2);
  const isAboutProgram = /^(-h|--help|help)$/.test(words[0] ?? '--help');
  const first = words.find(word => !word.startsWith('-'));
  const isOther = COMMANDS.some(({ name }) => name === first);
  refuseUnknownCommand(words, [...COMMANDS.map(({ name }) => name), 'help']);
  for (const entry of COMMANDS) {
    // Without arguments, commander shows the help.
    const isDefault = entry.name === 'analyze' && (words.length > 0 || declared === 'all');
    const command = program.command(entry.name, { isDefault }).summary(entry.summary).exitOverride();
    plainOutput(command, context); // Set before its subcommands are declared, since they inherit it.
    const isNamed = words.includes(entry.name) || declared === 'all';
    if (isNamed || (isDefault && !isAboutProgram && !isOther)) await entry.declare(command, context);
    else command.helpOption('-h, --help');
    if (words[0] === entry.name && command.commands.length > 0) {
      refuseUnknownSubcommand(
        words,
        command.commands.map(sub => sub.name()),
      );
    }
  }
  plainOutput(program, context);
  await declareHelp(program, context, declared === 'all' ? (await import('./help-pages.js')).helpTopics() : []);
  return program;
}

/** Help in colour if the terminal has it, and as wide as the terminal; errors of arguments go to the log. */
function plainOutput(command: Command, context: CliContext): void {
  for (const inner of command.commands) plainOutput(inner, context);
  const color = wantsColor('auto', process.env);
  command.configureOutput({
    getOutHasColors: () => color && process.stdout.isTTY === true,
    getErrHasColors: () => color,
    getOutHelpWidth: () => helpWidth(),
    getErrHelpWidth: () => helpWidth(process.stderr.columns),
    outputError: text => context.log.error(argumentError(text, command), { code: 'USAGE' }),
  });
  command.configureHelp({
    styleTitle: text => `\u001b[1m${text}\u001b[22m`,
    optionDescription: ({ description }) => description,
    argumentDescription: ({ description, defaultValue }) =>
      defaultValue === undefined ? description : `${description} (default: ${defaultValue})`,
  });
}

/** @param topics to complete */
async function declareHelp(program: Command, context: CliContext, topics: readonly string[]): Promise<void> {
  const { declareMessages } = await import('./declare-options.js');
  const topic = new Argument('[topic]', 'a topic or a command');
  topic.argChoices = [...topics, ...COMMANDS.map(({ name }) => name)];
  const help = program
    .command('help')
    .summary('show help on a command or topic')
    .addArgument(topic)
    .addArgument(new Argument('[subcommand]', 'a command below that one, e.g. list of jobs'))
    .exitOverride()
    .action(async (topic?: string, below?: string) =>
      (await import('./help-command.js')).showHelp(program, topic, below),
    );
  declareMessages(help, context);
}
