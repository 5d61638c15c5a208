import { join } from 'node:path';
import type { Command } from 'commander';
import type { SetComparison } from '../compare/compare-folders.js';
import type { UpdatedFile } from '../compare/update-golden.js';
import { EXIT_CODES, UsageError } from '../errors.js';
import { COMPARE } from '../options/compare-table.js';
import { refuseIdle } from '../options/idle.js';
import { IDLE_COMPARE } from '../options/idle-others.js';
import type { Writing } from '../system/claim-outputs.js';
import type { CliContext } from './context.js';
import { declareOptions } from './declare-options.js';
import { examples, wrapped } from './help-text.js';
import type { Flags } from './load-options.js';
import { refuseStdin } from './piped-table.js';
import { say, sayJson } from './say.js';

const EXAMPLES = `Examples:
  bodyscript compare golden/walk.csv results/walk.csv               exit code 0: same, 4: different
  bodyscript compare golden/ results/ --tolerance 1%                all tables of two folders
  bodyscript compare golden/ results/ --junit report.xml --markdown comment.md    for CI
  bodyscript compare golden/walk.csv walk.csv --picture worst/ --video walk.mp4   pictures of the worst frames
  bodyscript compare golden/ results/ --update                      show the differences, then accept them
  bodyscript compare monday/walk.csv friday/walk.csv --plot walks.svg    joint angles of two sessions or people
`;
const AFTER = `
Frames are matched by time, people by distance. Set tolerances of single landmarks in the configuration: bodyscript help config.
To compare two people or sessions: bodyscript help comparing.`;

/** Declares `bodyscript compare`. */
export function declareCompare(command: Command, context: CliContext): void {
  command
    .description('Compare landmark tables with golden ones: CSV or NDJSON files, or folders of them.')
    .argument('<golden>', 'golden (reference) table or folder')
    .argument('<new>', 'new table or folder to check')
    .addHelpText('after', wrapped(AFTER))
    .addHelpText('after', examples(EXAMPLES));
  declareOptions(command, COMPARE, 'compare').action(async (golden: string, fresh: string, flags: Flags) => {
    context.exitCode = await runCompare(golden, fresh, flags, context);
  });
}

async function runCompare(golden: string, fresh: string, flags: Flags, context: CliContext): Promise<number> {
  const { loadOptions, printedConfig } = await import('./load-options.js');
  const resolved = await loadOptions(COMPARE, 'compare', flags, context);
  const { values } = resolved;
  if (values.printConfig) {
    say(printedConfig('compare', COMPARE, resolved));
    return EXIT_CODES.done;
  }
  refuseIdle(IDLE_COMPARE, resolved);
  checkTogether(values);
  refuseStdin('compare', [golden, fresh], 'Save the table as a file, and name it.');
  if (values.plot !== undefined) return runPlot(golden, fresh, values.plot, values.overwrite, context);
  const { toCompareLimits } = await import('../options/compare-options.js');
  const limits = toCompareLimits(values);
  const { exists } = await import('../compare/update-golden.js');
  const { checkGolden, checkPlaces, compareSets, tablesOf } = await import('../compare/compare-folders.js');
  const { claimReports } = await import('../compare/report-files.js');
  const writing = { overwrite: values.overwrite, alsoRead: context.alsoRead, signal: context.signal };
  await checkPlaces([fresh, ...(values.video === undefined ? [] : [values.video])]);
  if (!values.update) await checkGolden(golden);
  const inputs = [...(await tablesOf([golden, fresh])), ...(values.video === undefined ? [] : [values.video])];
  await using _claim = await claimReports([values.junit, values.markdown], inputs, writing);
  if (values.update && !(await exists(golden))) return createGolden(golden, fresh, context);
  const result = await compareSets(golden, fresh, limits, { mayBeEmpty: values.update });
  context.signal.throwIfAborted();
  await writeReports(result, values, context.log.isSilent && result.passed);
  if (values.picture !== undefined && values.video !== undefined) await drawPictures(result, values, writing, context);
  if (!values.update) return result.passed ? EXIT_CODES.done : EXIT_CODES.different;
  const { updateGolden } = await import('../compare/update-golden.js');
  reportUpdates(await updateGolden(golden, fresh, result), context);
  for (const name of result.lost)
    context.log.warn(
      `${join(golden, name)}: unchanged, since the new folder has no such table. Delete it if it is obsolete.`,
    );
  return EXIT_CODES.done;
}

/** The first `--update`, which has nothing to compare with yet. @throws UsageError, BodyscriptError `TABLE_INVALID` */
async function createGolden(golden: string, fresh: string, context: CliContext): Promise<number> {
  const { isFolder } = await import('../compare/compare-folders.js');
  const { tablesBelow } = await import('../compare/tables-below.js');
  const { checkTable, renew, updateGolden } = await import('../compare/update-golden.js');
  if (await isFolder(fresh)) {
    reportUpdates(await updateGolden(golden, fresh, { files: [], added: await tablesBelow(fresh) }), context);
    return EXIT_CODES.done;
  }
  if (!/\.(csv|ndjson)$/.test(golden)) {
    throw new UsageError(
      `${golden}: must end in .csv or .ndjson, because the new table is a file`,
      'Give the golden table a name like walk.csv.',
    );
  }
  await checkTable(fresh);
  await renew(fresh, golden);
  context.log.info(`${golden}: created from ${fresh}`, { event: 'updated', path: golden, what: 'created' });
  return EXIT_CODES.done;
}

function reportUpdates(updates: readonly UpdatedFile[], { log }: CliContext): void {
  const said = {
    created: 'created',
    replaced: 'updated',
    removed: 'removed: the new table has no run record',
  };
  for (const { path, what } of updates) log.info(`${path}: ${said[what]}`, { event: 'updated', path, what });
  if (updates.length === 0) log.info('nothing to update');
}

/** Two days or two people always differ: exit code 0 means only that the plot was drawn. */
async function runPlot(
  first: string,
  second: string,
  plot: string,
  overwrite: boolean,
  context: CliContext,
): Promise<number> {
  const { plotPair } = await import('../postprocess/beside/plot-pair.js');
  const { alsoRead, signal } = context;
  const overTime = await plotPair([first, second], plot, { overwrite, alsoRead, signal });
  if (overTime !== undefined) context.log.warn(`angles are plotted over time: ${overTime}`);
  context.log.info(plot, { event: 'written', written: plot });
  return EXIT_CODES.done;
}

/** @throws UsageError where options contradict each other */
function checkTogether({ picture, video, json, junit, markdown, plot, update }: Together): void {
  if (update && plot !== undefined)
    throw new UsageError('--plot and --update cannot be combined: --plot does not judge', 'Leave one of them out.');
  if ((picture === undefined) !== (video === undefined))
    throw new UsageError('--picture and --video need each other', 'Add the missing one, or leave both out.');
  if (junit === '-') throw new UsageError('--junit cannot write to stdout', 'Give a file name: --junit report.xml.');
  if (json && markdown === '-')
    throw new UsageError('--json and --markdown -: only one output may use stdout', 'Write the Markdown to a file.');
}

interface Together extends ReportPlaces, PicturePlaces {
  readonly plot: string | undefined;
  readonly update: boolean;
}

interface PicturePlaces {
  readonly picture?: string | undefined;
  readonly video?: string | undefined;
  readonly anyVideo?: boolean;
}

interface ReportPlaces {
  readonly json: boolean;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
}

/** @param isSilent whether the report for people is left out */
async function writeReports(
  result: SetComparison,
  { json, junit, markdown }: ReportPlaces,
  isSilent: boolean,
): Promise<void> {
  const { writeReport } = await import('../compare/report-files.js');
  if (junit !== undefined) {
    const { reportJunit } = await import('../compare/report-junit.js');
    await writeReport(junit, reportJunit(result));
  }
  if (markdown !== undefined) {
    const { reportMarkdown } = await import('../compare/report-markdown.js');
    const text = reportMarkdown(result);
    await writeReport(markdown, text);
  }
  if (json) sayJson(result, 2);
  else if (markdown !== '-' && !isSilent) {
    const { reportText } = await import('../compare/report-text.js');
    say(reportText(result));
  }
}

async function drawPictures(
  { files }: SetComparison,
  {
    picture,
    video,
    anyVideo = false,
    ffmpeg,
    ffprobe,
  }: PicturePlaces & { ffmpeg?: string | undefined; ffprobe?: string | undefined },
  writing: Writing,
  { log }: CliContext,
): Promise<void> {
  const [file, ...others] = files;
  if (!file || others.length > 0)
    throw new UsageError('--picture works with two files, not with folders', 'Give the two tables that differ.');
  const { drawWorst } = await import('../compare/draw-worst.js');
  const named = {
    anyVideo,
    ...(ffmpeg === undefined ? {} : { ffmpeg }),
    ...(ffprobe === undefined ? {} : { ffprobe }),
  };
  const written = await drawWorst(file, picture ?? '', video ?? '', named, writing);
  log.info(`drawn, golden green and new magenta: ${written.join(', ')}`);
}
