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
  bodyscript angles walk.csv                      walk.angles.csv: a row for each frame, person and angle
  bodyscript filter walk.csv && bodyscript angles walk.filtered.csv       smoothed angles
  bodyscript angles walk.csv -o - | mlr --icsv --opprint filter '$angle == "left_knee"'
`;
const AFTER = `
degrees_2d     in the picture: right where the joint bends in its plane
degrees_3d     in space, from world landmarks
plane_degrees  how far the angle's plane is turned out of the picture's
out_of_plane   1 where that is more than 30 degrees
"bodyscript help angles" has zeros, signs, and the errors of both kinds.
Its own earlier result under the default name is replaced; with -o,
--overwrite permits it.`;

interface AnglesFlags {
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly csvDialect?: string;
}

/** Declares `bodyscript angles`. */
export function declareAngles(command: Command, context: CliContext): void {
  command
    .description('Writes the joint and segment angles of a landmark table, raw or filtered. The video is not needed.')
    .argument('<table>', 'a .csv or .ndjson that analyze or filter wrote; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES))
    .option('-o, --output <file>', 'the angles, or a folder for them; TABLE.angles.csv if not given; - for stdout')
    .addOption(
      completed(
        new Option(
          '--csv-dialect <name>',
          'plain: commas and decimal points; excel-eu: semicolons and decimal commas (default: plain)',
        ),
        CSV_DIALECTS,
      ),
    )
    .option('--overwrite', 'replace a file that exists')
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
