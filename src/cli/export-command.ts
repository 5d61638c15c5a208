import { type Command, Option } from 'commander';
import { EXIT_CODES, UsageError } from '../errors.js';
import { EXPORT_FORMATS, SCALED_FORMATS } from '../formats/export-formats.js';
import { fraction, stature } from '../options/kinds.js';
import { check } from '../options/resolve.js';
import type { CliContext } from './context.js';
import { completed, declareMessages } from './declare-options.js';
import { outputStem, STEM_HELP } from './output-paths.js';

const EXAMPLES = `Examples:
  bodyscript export walk.csv --format trc,mot      walk.trc, walk.mot for OpenSim
  bodyscript export walk.filtered.csv --format parquet,coco,openpose -o exports/walk
`;
const AFTER = `
Formats
  trc       OpenSim markers in metres, x right, y up, z towards the camera; a file for each person. World landmarks, hips at 0;
            with --person-height the picture's pixels, from its lower left corner: with the way through it, in one scale
  mot       OpenSim motion: coordinates of its full-body models in degrees (knee_angle_r ...), without leaps; a file for each person
  opensim   a folder for inverse kinematics: markers, scaling and IK set-ups of each person (bodyscript help opensim)
  c3d       C3D for motion laboratories: the markers of trc in millimetres, and the joint angles in degrees; a file for each person
  openpose  a folder of JSON, one for each frame: BODY_25 in pixels
  coco      keypoint annotations of 17 keypoints in pixels
  parquet   the long table, the same numbers
  movement  netCDF for Python's movement and xarray: pixels and confidences by time, space, keypoint and individual
  xlsx      a workbook: the quality as a summary, the angles in space and in the picture, a row for each person of a frame
parquet and movement keep all joints with their confidences; elsewhere one that is not sure is absent: by its confidence, or by its visibility in a table without confidences (--min-confidence; 0 keeps all).
coco and openpose have zeros for it, and for one outside the picture; trc empty cells (nan in a row's last cell,
without which OpenSim refuses the row), c3d the residual -1, and mot nan for the angles that need it.
"bodyscript help exports" has what each holds and leaves out.
Its own earlier result under the default name is replaced; with -o, --overwrite permits it.`;

/** What people ask for by the name of the tool that reads it. */
const FOR_TOOLS: Readonly<Record<string, string>> = {
  excel: 'For Excel, use xlsx.',
  pandas: 'For pandas, use parquet or the table itself.',
  python: 'For pandas, use parquet or the table itself; for xarray, use movement.',
  csv: 'The table itself is a CSV file: bodyscript help csv.',
};
const FORMATS = `${EXPORT_FORMATS.join(', ')}; with commas`;

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
    .description('Writes a landmark table in the formats of other tools.')
    .argument('<table>', 'a .csv or .ndjson that analyze or filter wrote')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', AFTER)
    .addOption(completed(new Option('-f, --format <names>', FORMATS).makeOptionMandatory(), EXPORT_FORMATS))
    .option('-o, --output <stem>', STEM_HELP)
    .option('--person-height <m>', 'metres from head to heel, to scale the markers of trc, opensim and c3d')
    .option('--min-confidence <0-1>', 'leave out joints that are less sure; 0.5 if not given')
    .option('--overwrite', 'replace files that exist')
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
              FOR_TOOLS[name.trim().toLowerCase()] ?? 'See "bodyscript export --help".',
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
        const stem = outputStem(output, table);
        const warn = (message: string) => context.log.warn(message);
        const how = { personHeight, minConfidence, warn };
        const written = await exportTable(table, formats, stem, how, {
          overwrite,
          replaceOwn: output === undefined,
          signal: context.signal,
        });
        context.log.info(written.length > 0 ? written : `${table}: contains no person; nothing was written`, {
          event: 'written',
          written,
        });
        context.exitCode = EXIT_CODES.done;
      },
    );
  declareMessages(command, context);
}
