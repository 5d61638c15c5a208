import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BodyscriptError, EXIT_CODES } from '../errors.js';
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
  const { runAnalyze } = await import('./analyze-command.js');
  const { writeTableReport } = await import('../report/table-report.js');
  const flags = { ...messages, out, csv: 'auto', overlay: 'auto' };
  const table = join(out, `${STEM}.csv`);
  try {
    const code = await runAnalyze([CLIP], flags, context, null); // A configuration file would change the results.
    if (code !== EXIT_CODES.done) return code;
    const onWarning = (message: string) => context.log.warn(message);
    await writeTableReport(table, { onPage: () => {}, onWarning }, { signal: context.signal });
  } catch (error) {
    throw isTaken(error) ? new BodyscriptError(error.code, error.message, { cause: error, remedy: REMEDY }) : error;
  }
  say(results(out, table));
  return EXIT_CODES.done;
}

const REMEDY = 'The demo replaces its own results only. Choose another folder: bodyscript demo -o OTHER-FOLDER';

function isTaken(error: unknown): error is BodyscriptError {
  return error instanceof BodyscriptError && error.code === 'OUTPUT_TAKEN';
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
