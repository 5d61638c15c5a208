import { Argument, Command } from 'commander';
import { PACKAGE } from '../system/package-info.js';
import type { CliContext } from './context.js';
import { DOES } from './first-contact.js';
import { refuseUnknownCommand, refuseUnknownSubcommand } from './first-word.js';
import { examples, helpWidth, wrapped } from './help-text.js';
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
    summary: 'find the people in videos (the default command)',
    declare: async (command, context) => (await import('./declare-analyze.js')).declareAnalyze(command, context),
  },
  {
    name: 'compare',
    summary: 'compare landmarks with a golden file, for regression tests',
    declare: async (command, context) => (await import('./compare-command.js')).declareCompare(command, context),
  },
  {
    name: 'filter',
    summary: 'fill gaps in a landmark table, and smooth it',
    declare: async (command, context) => (await import('./filter-command.js')).declareFilter(command, context),
  },
  {
    name: 'report',
    summary: 'make HTML pages: video, status, angles, quality',
    declare: async (command, context) => (await import('./report-command.js')).declareReport(command, context),
  },
  {
    name: 'render',
    summary: 'draw a landmark table into its video, without analysis',
    declare: async (command, context) => (await import('./render-command.js')).declareRender(command, context),
  },
  {
    name: 'export',
    summary: 'write a landmark table for OpenSim, OpenPose, COCO, Parquet',
    declare: async (command, context) => (await import('./export-command.js')).declareExport(command, context),
  },
  {
    name: 'angles',
    summary: 'write the joint angles of a landmark table',
    declare: async (command, context) => (await import('./angles-command.js')).declareAngles(command, context),
  },
  {
    name: 'plots',
    summary: 'plot a landmark table over time',
    declare: async (command, context) => (await import('./plots-command.js')).declarePlots(command, context),
  },
  {
    name: 'quality',
    summary: 'rate how good the landmarks of a table are',
    declare: async (command, context) => (await import('./quality-command.js')).declareQuality(command, context),
  },
  {
    name: 'cycles',
    summary: 'steps of who walks, repetitions of an exercise: events, cycles, mean curves',
    declare: async (command, context) => (await import('./cycles-command.js')).declareCycles(command, context),
  },
  {
    name: 'measure',
    summary: 'distances, speeds and jumps in metres, each with its uncertainty',
    declare: async (command, context) => (await import('./measure-command.js')).declareMeasure(command, context),
  },
  {
    name: 'plan',
    summary: 'divide many videos into equal parts for a scheduler',
    declare: async (command, context) => (await import('./plan-command.js')).declarePlan(command, context),
  },
  {
    name: 'jobs',
    summary: 'list, retry or clean up the videos of a results folder',
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
  bodyscript clips/ -o results     a folder; the same command again does what is missing
  bodyscript report results        pages that show the results
  bodyscript doctor                check the installation
`;

const AFTER = `
Help: bodyscript help COMMAND or bodyscript help TOPIC; "bodyscript help" lists all topics, such as inputs, csv, modes and exit-codes.
Nothing is uploaded.`;

export function isCommandName(word: string): boolean {
  return COMMANDS.some(({ name }) => name === word);
}

/**
 * The command line.
 * @param argv as the process got it: what it names is loaded, nothing else
 * @param declared `all`: every command with its options, whatever `argv` names
 */
export async function createProgram(
  argv: readonly string[],
  context: CliContext,
  declared: 'named' | 'all' = 'named',
): Promise<Command> {
  const program = new Command(PACKAGE.name)
    .description(DOES)
    .version(PACKAGE.version, '-V, --version', 'the version; with --json, those of what it works with too')
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
    // Without a word, commander shows the help.
    const isDefault = entry.name === 'analyze' && (words.length > 0 || declared === 'all');
    const command = program.command(entry.name, { isDefault }).summary(entry.summary).exitOverride();
    plainOutput(command, context); // Before its own commands are declared, which inherit it.
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

/** Help in colour where it is wanted, and as wide as the terminal; what is wrong with arguments goes to the log. */
function plainOutput(command: Command, context: CliContext): void {
  const color = wantsColor('auto', process.env);
  command.configureOutput({
    getOutHasColors: () => color && process.stdout.isTTY === true,
    getErrHasColors: () => color,
    getOutHelpWidth: () => helpWidth(),
    getErrHelpWidth: () => helpWidth(process.stderr.columns),
    outputError: text =>
      context.log.error(withGuess(text.replace(/^error: /, '').trimEnd(), command), { code: 'USAGE' }),
  });
  command.configureHelp({
    styleTitle: text => `\u001b[1m${text}\u001b[22m`,
    optionDescription: ({ description }) => description,
    argumentDescription: ({ description, defaultValue }) =>
      defaultValue === undefined ? description : `${description} (default: ${defaultValue})`,
  });
}

/** Commander puts its guess on a line of its own, in parentheses; other line breaks are those of an argument. */
function withGuess(text: string, command: Command): string {
  const guess = /\n\((Did you mean .*\?)\)$/;
  return guess.test(text)
    ? text.replace(guess, '. $1')
    : `${text.replace(/\.$/, '')}. See "${fullName(command)} --help".`;
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/** @param topics to complete */
async function declareHelp(program: Command, context: CliContext, topics: readonly string[]): Promise<void> {
  const { declareMessages } = await import('./declare-options.js');
  const topic = new Argument('[topic]', 'a topic or a command');
  topic.argChoices = [...topics, ...COMMANDS.map(({ name }) => name)];
  const help = program
    .command('help')
    .summary('show help on a command or a topic; alone, list the topics')
    .addArgument(topic)
    .exitOverride()
    .action(async (topic: string | undefined) => (await import('./help-command.js')).showHelp(program, topic));
  declareMessages(help, context);
}
