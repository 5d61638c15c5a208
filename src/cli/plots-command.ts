import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import type { CliContext } from './context.js';

const EXAMPLES = `Examples:
  bodyscript plots walk.csv                       walk.plots.svg and walk.plots.png
  bodyscript plots walk.filtered.csv -o figures/  figures/walk.filtered.plots.svg and .png
`;

interface PlotsFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
}

/** Declares `bodyscript plots`. */
export function declarePlots(command: Command, context: CliContext): void {
  command
    .description('Draws status, score and joint angles of a landmark table over time. The video is not needed.')
    .argument('<table>', 'a .csv or .ndjson that analyze or filter wrote')
    .addHelpText('before', EXAMPLES)
    .option(
      '-o, --output <stem>',
      'path of the results without suffix, or a folder that ends with /; that of the table if not given',
    )
    .option('--overwrite', 'replace files that exist')
    .option('--debug', 'show where an error comes from')
    .action(async (table: string, { output, overwrite = false }: PlotsFlags) => {
      const { drawTablePlots } = await import('../postprocess/plots-of-table.js');
      const own = table.replace(/\.(csv|ndjson)$/, '');
      const stem = output?.endsWith('/') ? join(output, basename(own)) : (output ?? own);
      const replaceOwn = output === undefined;
      const written = await drawTablePlots(table, stem, { overwrite, replaceOwn, signal: context.signal });
      context.log.info(written, { event: 'written', written });
      context.exitCode = EXIT_CODES.done;
    });
}
