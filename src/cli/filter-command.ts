import type { Command } from 'commander';
import { EXIT_CODES, UsageError } from '../errors.js';
import { FILTER } from '../options/filter-table.js';
import { refuseIdle } from '../options/idle.js';
import { IDLE_FILTER } from '../options/idle-others.js';
import type { Values } from '../options/option.js';
import type { Smoothing } from '../signal/process-series.js';
import { STDOUT } from '../system/whole-file.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { filteredText } from './filter-text.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';
import { outputPath, stemOf } from './output-paths.js';
import { type TableInput, withTable } from './piped-table.js';
import { say } from './say.js';

const EXAMPLES = `Examples:
  bodyscript filter walk.csv                                       4th-order Butterworth at 6 Hz, gaps up to 10 frames
  bodyscript filter walk.csv --smooth savitzky-golay --window 11   another filter
  bodyscript filter walk.csv --smooth none --max-gap 5             only fill gaps
  bodyscript filter walk.csv --motion                              also velocities and accelerations
`;
const AFTER = `
The input table is not changed. Poses filled into gaps have the status "filled". Filters use the frames' own times: if the frame
rate varies, the series is resampled first. Results agree with SciPy to one millionth.
Butterworth runs forwards and backwards. --cutoff applies to each pass, as in SciPy's filtfilt; both passes together have -3 dB
at 0.80 of it (4.8 Hz for 6 Hz), with --order 2 at 0.64. Columns and units of --motion: bodyscript help csv.
An earlier result under the default name is replaced; with -o, add --overwrite to replace it.`;

/** Declares `bodyscript filter`. */
export function declareFilter(command: Command, context: CliContext): void {
  command
    .description('Fill gaps in a landmark table, remove jumps and smooth it, as a new table.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, FILTER, 'filter').action(async (table: string, flags: Flags) => {
    context.exitCode = await withTable(table, context.signal, input => runFilter(input, flags, context));
  });
}

async function runFilter(input: TableInput, flags: Flags, context: CliContext): Promise<number> {
  const { shown: table } = input;
  const { loadOptions, printedConfig } = await import('./load-options.js');
  const resolved = await loadOptions(FILTER, 'filter', flags, context);
  const { values } = resolved;
  if (values.printConfig) {
    say(printedConfig('filter', FILTER, resolved));
    return EXIT_CODES.done;
  }
  refuseIdle(IDLE_FILTER, resolved);
  const output = outputPath(values.output, input, '.filtered.csv');
  const { filterTable } = await import('../postprocess/filter-table.js');
  const { CutoffError } = await import('../signal/filters/butterworth.js');
  const options = {
    smoothing: smoothingOf(values),
    maxGap: values.maxGap,
    interpolation: values.fill,
    rejectOutliers: values.rejectOutliers,
    ...(values.csvDialect === 'plain' ? {} : { csvDialect: values.csvDialect }),
  };
  const motion = values.motion ? motionPath(values.output, output, input) : undefined;
  const { alsoRead, signal } = context;
  const writing = { overwrite: values.overwrite, replaceOwn: values.output === undefined, alsoRead, signal };
  try {
    const { frames, filled, rejected, leaps } = await filterTable(input.path, output, options, motion, writing);
    if (leaps) context.log.warn(`${table}: its times ${leaps}: each part is filtered separately`);
    const done = { event: 'done', output, frames, filled, rejected, options };
    context.log.info(filteredText(output === STDOUT ? 'stdout' : output, done), done);
    if (motion !== undefined) context.log.info(motion, { event: 'written', written: motion });
  } catch (error) {
    if (error instanceof CutoffError) throw new UsageError(`--cutoff ${error.message}`, 'Choose a lower cutoff.');
    throw error;
  }
  return EXIT_CODES.done;
}

/** The path beside the table, or in the folder of `--output`. */
function motionPath(given: string | undefined, output: string, table: TableInput): string {
  const isInFolder = given !== undefined && given !== output;
  return isInFolder ? outputPath(given, table, '.motion.csv') : `${stemOf(table.named)}.motion.csv`;
}

function smoothingOf(values: Values<typeof FILTER>): Smoothing {
  const { window, polynomial } = values;
  if (window % 2 === 0)
    throw new UsageError(`--window must be an odd number, got ${window}`, `Use ${window - 1} or ${window + 1}.`);
  if (polynomial >= window)
    throw new UsageError(
      `--polynomial must be below --window, got ${polynomial} and ${window}`,
      'Choose a lower degree, or a longer window.',
    );
  switch (values.smooth) {
    case 'none':
      return { kind: 'none' };
    case 'butterworth':
      return { kind: 'butterworth', order: values.order === '2' ? 2 : 4, cutoffHz: values.cutoff };
    case 'savitzky-golay':
      return { kind: 'savitzky-golay', window, polynomial };
    case 'median':
      return { kind: 'median', window };
    case 'loess':
      return { kind: 'loess', share: values.share };
    case 'one-euro':
      return { kind: 'one-euro', minCutoffHz: values.minCutoff, beta: values.beta };
  }
}
