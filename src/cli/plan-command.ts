import type { Command } from 'commander';
import { shownAt } from '../batch/staging.js';
import { EXIT_CODES, UsageError } from '../errors.js';
import { toAnalyzeOptions } from '../options/analyze-options.js';
import { ANALYZE } from '../options/analyze-table.js';
import { PLAN } from '../options/plan-table.js';
import { counted } from '../text/counted.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import { type Flags, loadOptions } from './load-options.js';
import { sayJson } from './say.js';
import { openWorkplace } from './storage.js';

const EXAMPLES = `Examples:
  bodyscript plan clips/ -o results --parts 200          writes results/.bodyscript/plan.ndjson
  bodyscript plan clips/ -o results --parts 200 --segments auto   also divides long videos among parts
  bodyscript analyze --plan results --part auto          in each task of the array
  bodyscript jobs merge -o results                       when all tasks have ended: one ledger, one batch.json
`;
const AFTER = `
Parts are balanced by frames times pixels; videos of buckets by bytes, since a plan downloads nothing unless --segments needs their length. Making a plan again keeps the names of outputs, and finished videos are not analysed again.
Step by step, with a scheduler: bodyscript help machines.`;

/** Declares `bodyscript plan`. */
export function declarePlan(command: Command, context: CliContext): void {
  command
    .description('Divide many videos into parts of equal work, for the tasks of a scheduler.')
    .argument('[inputs...]', 'videos, folders or globs')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, PLAN, 'analyze').action(async (inputs: string[], flags: Flags) => {
    context.exitCode = await runPlan(inputs, flags, context);
  });
}

async function runPlan(paths: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const resolved = await loadOptions({ ...ANALYZE, ...PLAN }, 'analyze', flags, context);
  const { values } = resolved;
  if (paths.length === 0 && values.fromFile === undefined)
    throw new UsageError('no input given', 'Give videos, folders, or a list with --from-file.');
  if (values.parts === undefined)
    throw new UsageError('missing option --parts', 'Give the number of tasks, e.g. --parts 200.');
  await using workplace = await openWorkplace(paths, values, context.signal);
  const destination = workplace.staging?.destination;
  const place = { ...resolved, values: { ...values, out: workplace.outDir } };
  const options = toAnalyzeOptions(place, 'files', false);
  const { makePlan } = await import('../batch/plan/make-plan.js');
  const { fromFile, null: nullSeparated, include = [], exclude = [], hidden, follow, parts } = values;
  const { outDir } = workplace;
  const search = { paths, fromFile, nullSeparated, include, exclude, hidden, follow, outDir };
  const inputs = { ...search, destination: destination?.place };
  const plan = await makePlan({ inputs, options, parts, staging: workplace.staging }, context.signal);
  for (const message of plan.unreadable)
    context.log.warn(`${message}; it stays in the plan, so that its failure is recorded`);
  const { videos, divided, emptyParts, largest, heaviest, unreadable, dropped } = plan;
  const path = shownAt(destination, plan.path);
  const counts = {
    path,
    videos,
    divided,
    parts,
    emptyParts,
    largest,
    heaviest: heaviest ?? null,
    unreadable: unreadable.length,
    dropped,
  };
  if (dropped > 0)
    context.log.warn(
      `this plan replaces an earlier one, of which it lacks ${counted(dropped, 'video')}; give all videos again, or another --out`,
    );
  if (values.json) sayJson(counts, 2);
  const sizes = `the largest has ${largest.toFixed(2)} times the mean work`;
  const empty = emptyParts === 0 ? '' : `; ${counted(emptyParts, 'part has', 'parts have')} no video`;
  if (heaviest !== undefined) context.log.warn(unevenText(heaviest, divided > 0, values.segments));
  if (emptyParts > 0)
    context.log.warn(
      `there are more parts than ${divided > 0 ? 'work for them' : 'videos'}: --parts ${parts - emptyParts} would do`,
    );
  const cut = divided === 0 ? '' : ` (${divided} of them in segments)`;
  context.log.info(`${path}: ${counted(videos, 'video')}${cut} in ${counted(parts, 'part')}, ${sizes}${empty}`, {
    event: 'planned',
    ...counts,
  });
  return EXIT_CODES.done;
}

/** @param isWhole whether `--segments` cannot divide it any further */
function unevenText(heaviest: string, isWhole: boolean, segments: number | 'auto' | undefined): string {
  const remedy = isWhole ? 'fewer parts would be as fast' : remedyOf(segments);
  return `${heaviest}: has more work than the mean of all parts, so its part ends last; ${remedy}`;
}

/** @param segments as it was given */
function remedyOf(segments: number | 'auto' | undefined): string {
  if (segments === undefined) return '--segments auto divides it among parts, if it is long enough';
  if (segments !== 'auto') return 'fewer parts would be as fast';
  return '--segments auto divides videos from ten minutes on, --segments 2 also shorter ones';
}
