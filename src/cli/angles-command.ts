import { type Command, Option } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { CSV_DIALECTS } from '../formats/csv-dialect.js';
import { choice } from '../options/kinds.js';
import { check } from '../options/resolve.js';
import type { CliContext } from './context.js';
import { completed, declareMessages } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { outputPath } from './output-paths.js';
import { withTable } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript angles walk.csv                      walk.angles.csv: one row per frame, person and angle
  bodyscript filter walk.csv && bodyscript angles walk.filtered.csv       smoothed angles
  bodyscript angles walk.csv -o - | mlr --icsv --opprint filter '$angle == "left_knee"'
`;
const AFTER = `
degrees_2d     2D angle (image plane); right if the joint moves in that plane
degrees_3d     3D angle, from world landmarks
plane_degrees  how far the joint's plane is turned out of the image plane
out_of_plane   1 if that is more than 30 degrees
Zeros, signs and accuracy of both: bodyscript help angles.
An earlier result under the default name is replaced; with -o, add
--overwrite to replace a file.`;

interface AnglesFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly csvDialect?: string;
}

/** Declares `bodyscript angles`. */
export function declareAngles(command: Command, context: CliContext): void {
  command
    .description('Compute the joint and segment angles of a landmark table, raw or filtered. The video is not needed.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES))
    .option('-o, --output <file>', 'output file, folder for it, or - for stdout (default: TABLE.angles.csv)')
    .addOption(
      completed(
        new Option(
          '--csv-dialect <name>',
          'plain (commas, decimal points) or excel-eu (semicolons, decimal commas) (default: plain)',
        ),
        CSV_DIALECTS,
      ),
    )
    .option('--overwrite', 'replace an existing file')
    .action(async (table: string, { output, overwrite = false, csvDialect = 'plain' }: AnglesFlags) => {
      const { writeAngles } = await import('../postprocess/angles-of-table.js');
      const dialect = check({ kind: choice(CSV_DIALECTS) }, csvDialect, '--csv-dialect');
      const writing = { overwrite, replaceOwn: output === undefined, signal: context.signal };
      await withTable(table, context.signal, async input => {
        const path = outputPath(output, input, '.angles.csv');
        await writeAngles(input.path, path, writing, dialect === 'plain' ? undefined : dialect);
        if (path !== '-') context.log.info([path], { event: 'written', written: [path] });
      });
      context.exitCode = EXIT_CODES.done;
    });
  declareMessages(command, context);
}
