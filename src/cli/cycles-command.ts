import type { Command } from 'commander';
import { BodyscriptError, EXIT_CODES } from '../errors.js';
import { CYCLES } from '../options/cycles-table.js';
import { refuseIdle } from '../options/idle.js';
import { IDLE_CYCLES } from '../options/idle-others.js';
import { REASONS, REMEDIES } from '../postprocess/cycles/reasons.js';
import type { WrittenCycles } from '../postprocess/cycles/write-cycles.js';
import { keepYoungHeapSmall } from '../system/collect-garbage.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';
import { outputStem } from './output-paths.js';
import { type TableInput, withTable } from './piped-table.js';
import { say, sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript cycles walk.csv                          steps, strides, cadence; walk.events.csv, walk.cycles.csv, walk.cycle-curves.csv, a plot
  bodyscript cycles walk.csv --person-height 1.78     lengths and speed in real metres
  bodyscript cycles squats.csv                        repetitions of the angle with the largest periodic range
  bodyscript cycles squats.csv --angle left_knee      repetitions of the left knee
`;
const AFTER = `
Methods and accuracy: bodyscript help cycles.
Earlier results under the default name are replaced; with -o, add
--overwrite to replace files.`;

/** Declares `bodyscript cycles`. */
export function declareCycles(command: Command, context: CliContext): void {
  command
    .description('Find the steps of walking people, or the repetitions of an exercise, in a landmark table.')
    .argument('<table>', 'landmark table (.csv or .ndjson) from analyze or filter; - for stdin')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, CYCLES).action(async (table: string, flags: Flags) => {
    context.exitCode = await withTable(table, context.signal, input => runCycles(input, flags, context));
  });
}

async function runCycles(input: TableInput, flags: Flags, context: CliContext): Promise<number> {
  const { shown: table } = input;
  keepYoungHeapSmall();
  const { loadOptions } = await import('./load-options.js');
  const resolved = await loadOptions(CYCLES, undefined, flags, context);
  refuseIdle(IDLE_CYCLES, resolved);
  const { output, json, overwrite, personHeight, csvDialect, ...options } = resolved.values;
  const stem = outputStem(output, input);
  const { writeCycles } = await import('../postprocess/cycles/write-cycles.js');
  const written = await writeCycles(
    input.path,
    stem,
    { ...options, personHeight, csvDialect: csvDialect === 'plain' ? undefined : csvDialect },
    {
      overwrite,
      replaceOwn: output === undefined,
      alsoRead: context.alsoRead,
      signal: context.signal,
    },
  );
  const { leaps, files } = written;
  if (leaps) context.log.warn(`${table}: its times ${leaps}: no cycle spans the jump`);
  if (files.length === 0) throw nobodyCycles(table, written);
  const summary = await import('../postprocess/cycles/summary.js');
  if (json) sayJson(summary.summaryJson(written), 2);
  else if (!context.log.isSilent) say([table, ...summary.summaryText(written.people, personHeight)]);
  for (const file of files) context.log.info(file, { event: 'written', written: file });
  return EXIT_CODES.done;
}

function nobodyCycles(table: string, { people }: WrittenCycles): BodyscriptError {
  const [first] = people;
  if (!first || typeof first.found !== 'string') {
    return new BodyscriptError('NO_CYCLES', `${table}: contains no person`, {
      remedy: 'Check the poses in the video: bodyscript render draws the table into it.',
    });
  }
  const others = people.length === 1 ? '' : '; the other people have no cycles either';
  const message = `${table}: person ${first.id} ${REASONS[first.found]}${others}`;
  return new BodyscriptError('NO_CYCLES', message, { remedy: REMEDIES[first.found] });
}
