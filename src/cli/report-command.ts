import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { DEFAULT_OUT } from '../options/default-out.js';
import type { CliContext } from './context.js';

const EXAMPLES = `Examples:
  bodyscript report results        results/walk.report.html for each video, and results/report.html for all
`;

/** Declares `bodyscript report`. */
export function declareReport(command: Command, context: CliContext): void {
  command
    .description(
      'Pages to look at: video, status over time, angles, visibility, quality, and how it was made. They open from disk, and ask for nothing elsewhere.',
    )
    .argument('[out]', 'folder of results', DEFAULT_OUT)
    .addHelpText('before', EXAMPLES)
    .option('--overwrite', 'replace pages that it did not write; its own are always replaced')
    .option('--debug', 'show where an error comes from')
    .action(async (out: string, { overwrite = false }: { overwrite?: boolean }) => {
      const { writeReports } = await import('../report/folder-report.js');
      const events = {
        onPage: (path: string) => context.log.info(path, { event: 'written', path }),
        onWarning: (message: string) => context.log.warn(message),
      };
      await writeReports(out, events, {
        overwrite,
        signal: context.signal,
      });
      context.exitCode = EXIT_CODES.done;
    });
}
