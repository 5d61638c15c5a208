import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BodyscriptError, type ErrorCode, EXIT_CODES, UsageError } from '../errors.js';
import { ANALYZE } from '../options/analyze-table.js';
import { GENERAL } from '../options/general-table.js';
import { variableOf } from '../options/layers.js';
import { isBucketAddress } from '../storage/address.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { examples } from './help-text.js';
import type { Flags } from './load-options.js';
import { say } from './say.js';

/** `samples/wave.mp4`, copied by the build: a computer-generated man waves; 120 frames. */
const CLIP = fileURLToPath(new URL('../demo/wave.mp4', import.meta.url));
const STEM = 'wave';
const DEFAULT_FOLDER = 'bodyscript-demo';

const EXAMPLES = `Examples:
  bodyscript demo               results of a built-in clip in bodyscript-demo/
  bodyscript demo -o try-it     the same in try-it/
`;

/** Declares `bodyscript demo`. */
export function declareDemo(command: Command, context: CliContext): void {
  command
    .description(
      'Analyses a built-in clip of four seconds: shows what the results look like, and that the installation works. Works offline. It replaces its own earlier results and no other file.',
    )
    .option('-o, --out <dir>', `folder for the results (default: ${DEFAULT_FOLDER})`)
    .addHelpText('after', examples(EXAMPLES))
    .action(async ({ out = DEFAULT_FOLDER, ...messages }: Flags & { out?: string }) => {
      context.exitCode = await runDemo(out, messages, context);
    });
  declareMessages(command, context);
}

async function runDemo(out: string, messages: Flags, context: CliContext): Promise<number> {
  if (isBucketAddress(out)) {
    throw new UsageError(`demo: ${out} is a bucket`, 'Give a folder: its page opens from a disk.');
  }
  const { runAnalyze } = await import('./analyze-command.js');
  const { writeTableReport } = await import('../report/table-report.js');
  // Each time the whole analysis: it also shows that the installation works.
  const flags = { ...messages, out, csv: 'auto', overlay: 'auto', force: true };
  const table = join(out, `${STEM}.csv`);
  try {
    const sources = { section: undefined, environment: environmentOfMachine(process.env) };
    const code = await runAnalyze([CLIP], flags, context, sources);
    if (code !== EXIT_CODES.done) return code;
    const onWarning = (message: string) => context.log.warn(message);
    await writeTableReport(table, { onPage: () => {}, onWarning }, { signal: context.signal });
  } catch (error) {
    throw withRemedy(error);
  }
  if (!context.log.isQuiet) say(results(out, table));
  return EXIT_CODES.done;
}

/** Options about the machine and messages: others, from a configuration or a variable, would change the results. */
const OF_MACHINE = [
  'engine',
  'threads',
  'provider',
  'scratch',
  'maxMemory',
  'ffmpeg',
  'ffprobe',
  ...Object.keys(GENERAL),
];

function environmentOfMachine(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.keys(ANALYZE)
    .filter(name => !OF_MACHINE.includes(name))
    .map(variableOf);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !others.includes(name)));
}

/** What to do where the results cannot be written; `analyze` would suggest options that the demo lacks. */
const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  OUTPUT_TAKEN: 'The demo replaces its own results only. Choose another folder: bodyscript demo -o OTHER-FOLDER',
  OUTPUT_NOT_WRITABLE: 'Choose another folder: bodyscript demo -o OTHER-FOLDER',
};

function withRemedy(error: unknown): unknown {
  const remedy = error instanceof BodyscriptError ? REMEDIES[error.code] : undefined;
  if (remedy === undefined) return error;
  const { code, message } = error as BodyscriptError;
  return new BodyscriptError(code, message, { cause: error, remedy });
}

function results(out: string, table: string): string[] {
  const program = process.env.npm_command === 'exec' ? 'npx bodyscript' : 'bodyscript';
  return [
    '',
    'The demo made:',
    `  table          ${table}`,
    `  overlay video  ${join(out, `${STEM}.overlay.mp4`)}`,
    `  page           ${join(out, `${STEM}.report.html`)} (open it in a browser)`,
    '',
    'Next, with your own video:',
    `  ${program} my-video.mp4`,
  ];
}
