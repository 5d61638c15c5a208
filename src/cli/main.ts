import { EXIT_CODES } from '../errors.js';
import { PACKAGE } from '../system/package-info.js';
import type { CliContext } from './context.js';
import { behindCommand } from './leading-options.js';
import { Log } from './log.js';
import { reportError } from './report-error.js';
import { StdoutWatch } from './say.js';
import { endBySignal, SignalWatch } from './signals.js';

const VERSION_FLAGS = ['-V', '--version'];

/** Runs the command line and sets the exit code; nothing else sets it. */
export async function main(argv: readonly string[]): Promise<void> {
  const stdout = new StdoutWatch();
  process.stderr.on('error', () => {}); // No stream is left to report it on.
  using signals = new SignalWatch(code => {
    endBySignal(code);
    process.exit(code);
  });
  const log = new Log({ level: 'info', json: argv.includes('--log-json'), color: false, colorStdout: false });
  const context: CliContext = { signal: signals.signal, log, exitCode: EXIT_CODES.done, alsoRead: [] };
  const report = (error: unknown) => reportError(error, context.log, argv.includes('--debug'));
  const code = await run(argv, context).catch(error => (isCommanders(error) ? commandersCode(error) : report(error)));
  // The failure has been reported already, and may be the reason that stdout failed.
  process.exitCode = await (WITH_RESULTS.includes(code) ? stdout.written().then(() => code, report) : code);
}

/**
 * Exit codes of commands that wrote their results: only for these is a failure of stdout still to be reported. The
 * others have reported an error.
 */
const WITH_RESULTS: readonly number[] = [EXIT_CODES.done, EXIT_CODES.someFailed, EXIT_CODES.different];

/** @returns the exit code */
async function run(argv: readonly string[], context: CliContext): Promise<number> {
  if (VERSION_FLAGS.includes(argv[2] ?? '')) {
    await showVersion(argv.includes('--json'));
    return EXIT_CODES.done;
  }
  if (argv.length <= 2) {
    process.stderr.write((await import('./first-contact.js')).FIRST_CONTACT);
    return EXIT_CODES.usage;
  }
  const { createProgram, isCommandName } = await import('./program.js');
  const words = [...argv.slice(0, 2), ...behindCommand(argv.slice(2), isCommandName)];
  const program = await createProgram(words, context);
  await program.parseAsync(words);
  return context.exitCode;
}

async function showVersion(asJson: boolean): Promise<void> {
  const text = asJson ? JSON.stringify((await import('./versions.js')).versions(), null, 2) : PACKAGE.version;
  process.stdout.write(`${text}\n`);
}

function commandersCode({ exitCode }: { exitCode: number }): number {
  return exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
}

/** What commander throws where it has printed help, or what is wrong with the arguments. */
function isCommanders(error: unknown): error is { exitCode: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
