import { EXIT_CODES } from '../errors.js';
import { PACKAGE } from '../system/package-info.js';
import type { CliContext } from './context.js';
import { Log } from './log.js';
import { reportError } from './report-error.js';
import { SignalWatch } from './signals.js';

const VERSION_FLAGS = ['-V', '--version'];

/** Runs the command line and sets the exit code: the one place that does. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went away (| head) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (VERSION_FLAGS.includes(argv[2] ?? '')) return showVersion(argv.includes('--json'));
  using signals = new SignalWatch(code => process.exit(code));
  const log = new Log({ level: 'info', json: argv.includes('--log-json'), color: false });
  const context: CliContext = { signal: signals.signal, log, exitCode: EXIT_CODES.done, alsoRead: [] };
  try {
    const { createProgram } = await import('./program.js');
    const program = await createProgram(argv, context);
    await program.parseAsync([...argv]);
    process.exitCode = context.exitCode;
  } catch (error) {
    process.exitCode = isCommanders(error)
      ? error.exitCode === 0
        ? EXIT_CODES.done
        : EXIT_CODES.usage
      : reportError(error, context.log, argv.includes('--debug'));
  }
}

async function showVersion(asJson: boolean): Promise<void> {
  const text = asJson ? JSON.stringify((await import('./versions.js')).versions(), null, 2) : PACKAGE.version;
  process.stdout.write(`${text}\n`);
}

/** What commander throws where it has printed help, or what is wrong with the arguments. */
function isCommanders(error: unknown): error is { exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
