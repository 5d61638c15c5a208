import type { Command } from 'commander';
import { EXIT_CODES } from '../errors.js';
import { chosenScale } from '../options/measure-scale.js';
import { MEASURE } from '../options/measure-table.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';
import { outputPath } from './output-paths.js';
import { type TableInput, withTable } from './piped-table.js';
import { say } from './say.js';

const EXAMPLES = `Examples:
  bodyscript measure walk.csv --person-height 1.78               walk.measures.csv: distance, speeds, vertical range, jumps
  bodyscript measure walk.csv --calibrate 112,640,868,652,4      two marks on the ground, 4 m apart
  bodyscript measure jump.csv --person-height 1.8 --ground 20,700,1240,655      tilted camera
  bodyscript measure throw.csv --scale 212 --joints right_wrist  path and peak speed of the hand
  bodyscript measure walk.csv --person-height 1.78 --between left_heel,right_heel -o -
`;
const AFTER = `
One scale is used for all frames: it fits people who move across the picture, not towards the camera; a warning says so.
Each value has an uncertainty of one standard deviation. Calibration, formulae, limits: bodyscript help metres.
An earlier result under the default name is replaced; with -o, add --overwrite to replace it.`;

/** Most warnings shown: in a crowd, most people are visible only briefly. */
const DOUBTS_TOLD = 10;

/** Declares `bodyscript measure`. */
export function declareMeasure(command: Command, context: CliContext): void {
  command
    .description('Measure the people of a landmark table in metres: distances, speeds and jumps, with uncertainties.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, MEASURE).action(async (table: string, flags: Flags) => {
    context.exitCode = await withTable(table, context.signal, input => runMeasure(input, flags, context));
  });
}

async function runMeasure(input: TableInput, flags: Flags, context: CliContext): Promise<number> {
  const { shown: table } = input;
  const { loadOptions } = await import('./load-options.js');
  const resolved = await loadOptions(MEASURE, undefined, flags, context);
  const { output, overwrite, ground, joints = [], between, minConfidence, csvDialect: dialect } = resolved.values;
  const csvDialect = dialect === 'plain' ? undefined : dialect;
  const scale = chosenScale(resolved);
  const path = outputPath(output, input, '.measures.csv');
  const { writeMeasures } = await import('../postprocess/measures/write-measures.js');
  const { people, leaps } = await writeMeasures(
    input.path,
    path,
    { scale, ground, joints: [...new Set(joints)], between, minConfidence, csvDialect },
    { overwrite, replaceOwn: output === undefined, alsoRead: context.alsoRead, signal: context.signal },
  );
  if (leaps) context.log.warn(`${table}: its times ${leaps}: nothing is measured across the jump`);
  if (people.length === 0) context.log.warn(`${table}: contains no person`);
  const doubts = people.flatMap(person => person.doubts.map(doubt => `person ${person.id} ${doubt}`));
  for (const doubt of doubts.slice(0, DOUBTS_TOLD)) context.log.warn(`${table}: ${doubt}`);
  const further = doubts.length - DOUBTS_TOLD;
  if (further > 0) context.log.warn(`${table}: ${further} more warnings like these`);
  if (path !== '-') {
    const { measuresText } = await import('../postprocess/measures/measures-table.js');
    const measured = people.filter(person => person.measured.length > 0);
    if (measured.length > 0 && !context.log.isSilent) say([table, ...measured.flatMap(measuresText)]);
    context.log.info([path], { event: 'written', written: [path] });
  }
  return EXIT_CODES.done;
}
