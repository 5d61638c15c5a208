import type { Command } from 'commander';
import { EXIT_CODES, UsageError } from '../errors.js';
import { DEFAULT_OUT } from '../options/default-out.js';
import { isBucketAddress } from '../storage/address.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { examples } from './help-text.js';
import { refuseStdin } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript report results             results/NAME.report.html for each video, results/report.html for all
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
      'Create HTML pages with video, status over time, angles, visibility, quality and methods. They work offline.',
    )
    .argument('[out]', 'results folder, or one table with its run record beside it', DEFAULT_OUT)
    .addHelpText('after', examples(EXAMPLES))
    .option('--overwrite', 'also replace files that bodyscript did not write (its own pages are always replaced)')
    .option('--any-table', 'allow a table that differs from the one its run wrote, e.g. an edited one')
    .action(async (out: string, { overwrite = false, anyTable = false }: ReportFlags) => {
      if (isBucketAddress(out)) {
        throw new UsageError(
          `${out}: a report is made of a folder on this machine`,
          `Copy the results first, e.g. aws s3 cp --recursive ${out} results, then: bodyscript report results`,
        );
      }
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
