import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import type { CliContext } from './context.js';
import { declareMessages } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { outputStem, STEM_HELP } from './output-paths.js';
import { withTable } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript plots walk.csv                       walk.plots.svg and walk.plots.png
  bodyscript plots walk.filtered.csv -o figures/  figures/walk.filtered.plots.svg and .png
`;

const AFTER = `
Angles are in degrees (2D, image plane; degrees_2d): bodyscript help angles.
Curves over a step or repetition: bodyscript cycles.
Earlier results under the default name are replaced; with -o, add
--overwrite to replace files.`;

interface PlotsFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
}

/** Declares `bodyscript plots`. */
export function declarePlots(command: Command, context: CliContext): void {
  command
    .description('Plot status, score and joint angles of a landmark table over time. The video is not needed.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES))
    .option('-o, --output <stem>', STEM_HELP)
    .option('--overwrite', 'replace existing files')
    .action(async (table: string, { output, overwrite = false }: PlotsFlags) => {
      const { drawTablePlots } = await import('../postprocess/plots-of-table.js');
      const { signal } = context;
      await withTable(table, signal, async input => {
        const stem = outputStem(output, input);
        const written = await drawTablePlots(input.path, stem, { overwrite, replaceOwn: output === undefined, signal });
        context.log.info(written, { event: 'written', written });
      });
      context.exitCode = EXIT_CODES.done;
    });
  declareMessages(command, context);
}
