import { CommanderError } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { createProgram } from './program.js';
import { reportError } from './report-error.js';
import { SignalWatch } from './signals.js';

/** Runs the command line and sets the exit code: the one place that does. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went away (| head) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  using signals = new SignalWatch(code => process.exit(code));
  try {
    const program = createProgram(signals.signal, code => {
      process.exitCode = code;
    });
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
      return;
    }
    const report = reportError(error, argv.includes('--debug'));
    process.stderr.write(`${report.text}\n`);
    process.exitCode = report.exitCode;
  }
}
