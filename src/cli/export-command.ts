import { type Command, Option } from 'commander';
import { EXIT_CODES, UsageError } from '../errors.js';
import { EXPORT_FORMATS, SCALED_FORMATS } from '../formats/export-formats.js';
import { fraction, stature } from '../options/kinds.js';
import { check } from '../options/resolve.js';
import { closest } from '../options/suggest.js';
import type { CliContext } from './context.js';
import { completed, declareMessages } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { outputStem, STEM_HELP } from './output-paths.js';
import { withTable } from './piped-table.js';

const EXAMPLES = `Examples:
  bodyscript export walk.csv --format trc,mot      walk.trc, walk.mot for OpenSim
  bodyscript export walk.filtered.csv --format parquet,coco,openpose -o exports/walk
`;
const AFTER = `
Formats
  trc       OpenSim markers in metres, x right, y up, z towards the camera; one file per person. World landmarks, hips at 0;
            with --person-height, pixels from the lower left corner in one scale, so that markers travel through the frame
  mot       OpenSim motion: coordinates of its full-body models in degrees (knee_angle_r ...), unwrapped; one file per person
  opensim   folder for inverse kinematics: markers, scaling and IK set-ups of each person (bodyscript help opensim)
  c3d       C3D for motion laboratories: the markers of trc in millimetres, and joint angles in degrees; one file per person
  openpose  folder with one JSON file per frame: BODY_25 in pixels
  coco      annotations of 17 keypoints in pixels
  parquet   the long table, with the same numbers
  movement  netCDF for Python's movement and xarray: pixels and confidences by time, space, keypoint and individual
  xlsx      workbook: quality summary, 3D and 2D angles, one row per person and frame
parquet and movement keep all joints with their confidences. The other formats leave out joints with low confidence (or low
visibility, in a table without confidences): --min-confidence 0 keeps all.
A joint left out, or outside the frame, is 0 in coco and openpose; an empty cell in trc (nan in a row's last cell, which
OpenSim requires); residual -1 in c3d; and nan in mot for the angles that need it.
Contents of each format: bodyscript help exports.
An earlier result under the default name is replaced; with -o, add --overwrite to replace it.`;

/** Answers to names of tools given as formats. */
const FOR_TOOLS: Readonly<Record<string, string>> = {
  excel: 'For Excel, use xlsx.',
  pandas: 'For pandas, use parquet or the table itself.',
  python: 'For pandas, use parquet or the table itself; for xarray, use movement.',
  csv: 'The table itself is a CSV file: bodyscript help csv.',
};
const FORMATS = `formats, separated by commas: ${EXPORT_FORMATS.join(', ')}`;

interface ExportFlags {
  readonly format: string;
  readonly output?: string;
  readonly personHeight?: string;
  readonly minConfidence?: string;
  readonly overwrite?: boolean;
}

/** Declares `bodyscript export`. */
export function declareExport(command: Command, context: CliContext): void {
  command
    .description('Convert a landmark table to the formats of other tools.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES))
    .addOption(completed(new Option('-f, --format <names>', FORMATS).makeOptionMandatory(), EXPORT_FORMATS))
    .option('-o, --output <stem>', STEM_HELP)
    .option(
      '--person-height <m>',
      'height of the person in metres, 0.3-3, to scale the markers of trc, opensim and c3d',
    )
    .option('--min-confidence <0-1>', 'leave out joints with lower confidence (default: 0.5)')
    .option('--overwrite', 'replace existing files')
    .action(
      async (
        table: string,
        { format, output, personHeight: height, minConfidence: least, overwrite = false }: ExportFlags,
      ) => {
        const { exportTable } = await import('../postprocess/export-table.js');
        const formats = format.split(',').map(name => {
          const known = EXPORT_FORMATS.find(other => other === name.trim());
          if (!known)
            throw new UsageError(
              `--format must be one or more of ${EXPORT_FORMATS.join(', ')}, separated by commas, got "${name}"`,
              FOR_TOOLS[name.trim().toLowerCase()] ?? guess(name.trim()),
            );
          return known;
        });
        const personHeight = height === undefined ? undefined : check({ kind: stature() }, height, '--person-height');
        if (personHeight !== undefined && !formats.some(format => SCALED_FORMATS.includes(format))) {
          throw new UsageError(
            '--person-height has no effect: it scales the markers of trc, opensim and c3d, and none of them is exported',
            'Leave it out, or add trc to --format.',
          );
        }
        const minConfidence = least === undefined ? undefined : check({ kind: fraction() }, least, '--min-confidence');
        const warn = (message: string) => context.log.warn(message);
        const how = { personHeight, minConfidence, warn };
        const writing = { overwrite, replaceOwn: output === undefined, signal: context.signal };
        await withTable(table, context.signal, async input => {
          const written = await exportTable(input.path, formats, outputStem(output, input), how, writing);
          context.log.info(written.length > 0 ? written : `${input.shown}: contains no person; nothing was written`, {
            event: 'written',
            written,
          });
        });
        context.exitCode = EXIT_CODES.done;
      },
    );
  declareMessages(command, context);
}

/** @returns the remedy for an unknown format */
function guess(format: string): string {
  const near = closest(format, EXPORT_FORMATS);
  return near === undefined ? 'See "bodyscript export --help".' : `Did you mean ${near}?`;
}
