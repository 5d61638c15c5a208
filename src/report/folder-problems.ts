import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BodyscriptError } from '../errors.js';
import { FAILURE_SUFFIX, readFailure } from '../formats/failure-file.js';
import { type BatchReport, readBatchReport } from '../formats/read-batch-report.js';
import type { RunRecord } from '../model/run-record.js';
import { counted } from './counted.js';
import { recordsBelow } from './read-record.js';
import { checkRegular, Unusable } from './regular-file.js';

/** A video without results, or with results that cannot be shown. */
export interface Problem {
  /** Base name of its outputs, without suffix. */
  readonly name: string;
  /** The video's path as given to the command; undefined if unknown. */
  readonly path?: string;
  readonly state: 'failed' | 'interrupted' | 'not reached' | 'running' | 'not shown';
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string | null;
}

/** The videos that a folder's batches did not finish. */
export interface BatchLeftovers {
  readonly problems: readonly Problem[];
  /** Number of further problems. */
  readonly more: number;
  /** Files that the batches skipped: count and type. */
  readonly skipped: readonly string[];
  /** Whether a batch report exists. */
  readonly hasBatch: boolean;
}

/** `batch.json`, and `batch-1-of-2.json` of a shard. */
const BATCH_REPORT = /^batch(-\d+-of-\d+)?\.json$/;
const STATES = { failed: 'failed', interrupted: 'interrupted', 'not run': 'not reached' } as const;
const MESSAGES = {
  failed: 'failed without a message',
  interrupted: 'the run was interrupted',
  'not run': 'the batch ended before it reached this video',
} as const;
const RUN_AGAIN = 'Run the same command again: it analyses the remaining videos.';

/**
 * Reads the batch reports of a folder.
 * @param doneAt when the run of each shown video ended, by name: a failure before that is history
 */
export async function leftoversOf(
  folder: string,
  doneAt: ReadonlyMap<string, number>,
  onWarning: (message: string) => void,
): Promise<BatchLeftovers> {
  const problems = new Map<string, Problem>();
  const skipped: string[] = [];
  const files = (await readdir(folder)).filter(file => BATCH_REPORT.test(file)).sort();
  let [more, read] = [0, 0];
  for (const file of files) {
    const report = await readOne(folder, join(folder, file), onWarning);
    if (!report) continue;
    read++;
    more += report.unfinishedInAll - report.unfinished.length;
    for (const problem of problemsOf(report, doneAt)) problems.set(problem.name, problem);
    skipped.push(...skippedOf(report));
  }
  for await (const problem of failuresBelow(folder, doneAt)) problems.set(problem.name, problem);
  return { problems: [...problems.values()], more, skipped, hasBatch: read > 0 };
}

/** Failures of runs without a ledger, from `NAME.failed.json`. */
async function* failuresBelow(folder: string, doneAt: ReadonlyMap<string, number>): AsyncGenerator<Problem> {
  for await (const name of recordsBelow(folder, () => {}, FAILURE_SUFFIX)) {
    const failure = await readFailure(join(folder, `${name}${FAILURE_SUFFIX}`));
    if (!failure || isDoneSince(name, failure.endedAt, doneAt)) continue;
    const { path } = failure.input;
    const { code, message, remedy } = failure.error;
    yield { name, path, state: 'failed', code, message: withoutPath(message, path), remedy };
  }
}

/** Whether a later run of a video is done. */
function isDoneSince(name: string, time: string | null | undefined, doneAt: ReadonlyMap<string, number>): boolean {
  const done = doneAt.get(name);
  return done !== undefined && !(done < Date.parse(time ?? ''));
}

async function readOne(root: string, path: string, onWarning: (message: string) => void) {
  try {
    await checkRegular(root, path);
    return await readBatchReport(path);
  } catch (error) {
    if (error instanceof Unusable) onWarning(`${path}: is left out; it ${error.message}`);
    else if (error instanceof BodyscriptError) onWarning(error.message);
    else throw error;
    return undefined;
  }
}

function problemsOf({ unfinished, startedAt }: BatchReport, doneAt: ReadonlyMap<string, number>): Problem[] {
  return unfinished
    .filter(({ name }) => !isDoneSince(name, startedAt, doneAt))
    .map(({ name, path, outcome, error }) => {
      const state = STATES[outcome];
      if (error === null) return { name, path, state, message: MESSAGES[outcome], remedy: RUN_AGAIN };
      return { name, path, state, code: error.code, message: withoutPath(error.message, path), remedy: error.remedy };
    });
}

/** The path has its own place in the page. */
function withoutPath(message: string, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

function skippedOf({ passedOver }: BatchReport): string[] {
  if (!passedOver) return [];
  const { notVideo, text, proxies, hidden, links, excluded, outputs, unreadable } = passedOver;
  const kinds: readonly (readonly [count: number, one: string, many?: string])[] = [
    [notVideo, 'non-video file'],
    [text, 'text file with a video extension', 'text files with a video extension'],
    [proxies, 'low-resolution camera copy', 'low-resolution camera copies'],
    [hidden, 'hidden file'],
    [links, 'symbolic link'],
    [excluded, 'excluded file'],
    [outputs, 'output of an earlier run', 'outputs of earlier runs'],
  ];
  const counts = kinds.flatMap(([count, one, many]) => (count === 0 ? [] : counted(count, one, many)));
  return [...counts, ...unreadable.map(folder => `unreadable folder ${folder}`)];
}

/** The reason why a run has no page; undefined if it has a table. */
export function problemOf(name: string, { status, error, input, outputs }: RunRecord): Problem | undefined {
  const { path } = input;
  if (status === 'done') {
    if (outputs.some(output => output.endsWith('.csv'))) return undefined;
    const message = 'its run wrote no CSV table, which the page needs';
    return { name, path, state: 'not shown', message, remedy: 'Analyse the video again, without --no-csv.' };
  }
  if (status === 'running') {
    const message = 'its run has not ended yet, or was killed';
    return { name, path, state: 'running', message, remedy: `If no command is analysing it now: ${RUN_AGAIN}` };
  }
  if (error === null) return { name, path, state: status, message: MESSAGES[status], remedy: RUN_AGAIN };
  return {
    name,
    path,
    state: status,
    code: error.code,
    message: withoutPath(error.message, path),
    remedy: error.remedy,
  };
}
