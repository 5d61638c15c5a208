import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { DEFAULT_OUT } from '../options/default-out.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { examples } from './help-text.js';
import { refuseStdin } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript report results             results/walk.report.html for each video, and results/report.html for all
  bodyscript report walk.filtered.csv   walk.filtered.report.html, with how it was filtered, from walk.run.json beside it
`;

interface ReportFlags {
  readonly overwrite?: boolean;
  readonly anyTable?: boolean;
}

/** Declares `bodyscript report`. */
export function declareReport(command: Command, context: CliContext): void {
  command
    .description(
      'Pages to look at: video, status over time, angles, visibility, quality, and how it was made. They open from disk, and ask for nothing elsewhere.',
    )
    .argument('[out]', 'folder of results, or one table with its run record beside it', DEFAULT_OUT)
    .addHelpText('after', examples(EXAMPLES))
    .option('--overwrite', 'replace pages that it did not write; its own are always replaced')
    .option('--any-table', 'permit a table that is not the one its run wrote, such as one that was changed since')
    .action(async (out: string, { overwrite = false, anyTable = false }: ReportFlags) => {
      refuseStdin('report', [out], 'Save the table as a file, and name it.');
      const { writeReports } = await import('../report/folder-report.js');
      const events = {
        onPage: (path: string) => context.log.info(path, { event: 'written', path }),
        onWarning: (message: string) => context.log.warn(message),
      };
      const writing = { overwrite, anyTable, signal: context.signal };
      if (/\.(csv|ndjson)$/.test(out)) {
        const { writeTableReport } = await import('../report/table-report.js');
        await writeTableReport(out, events, writing);
      } else await writeReports(out, events, writing);
      context.exitCode = EXIT_CODES.done;
    });
  declareMessages(command, context);
}
