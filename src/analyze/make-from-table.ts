import { existsSync } from 'node:fs';
import { FrameReader } from '../decode/frame-reader.js';
import { timeScaleOf } from '../decode/time-scale.js';
import { readLandmarks } from '../formats/read-landmarks.js';
import { resultOf } from '../formats/result-of.js';
import { TableRows } from '../formats/table-rows.js';
import type { Quality } from '../model/quality.js';
import type { RecordedFile, RecordedOptions, RunRecord } from '../model/run-record.js';
import { describeFiles } from '../outputs/describe-files.js';
import type { OutputSet } from '../outputs/output-set.js';
import type { PlannedOutput } from '../outputs/planned-outputs.js';
import { PACKAGE } from '../system/package-info.js';
import type { EarlierRun } from './earlier-run.js';
import type { Job } from './job.js';
import { openOutputs } from './open-outputs.js';
import { RecordedPlaces } from './recorded-places.js';
import { writeRecord } from './write-record.js';

/** Receivers of progress while outputs are made from a table. */
export interface TableRunContext {
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
  /** Called after each frame. */
  readonly onFrame: (frames: number) => void;
  readonly onFinishing: () => void;
  readonly mayPublish: (() => Promise<void>) | undefined;
}

/**
 * Makes outputs from the table of an earlier run, and from its video if they need pictures; no network is loaded.
 * @param outputs to make; if empty, the earlier run is unchanged
 * @returns the earlier run's record with the new outputs, as written to `NAME.run.json`
 * @throws BodyscriptError; the earlier run's files and record are unchanged
 */
export async function makeFromTable(
  job: Job,
  { record, table }: EarlierRun,
  outputs: readonly PlannedOutput[],
  context: TableRunContext,
): Promise<RunRecord> {
  if (outputs.length === 0) return record;
  await using set = await openOutputs(job, outputs, new Set());
  const needsPictures = outputs.some(({ kind }) => kind.needs === 'pictures');
  await (needsPictures ? writePictures(job, table, set, context) : writeRows(table, set, context));
  context.onFinishing();
  await set.finish();
  for (const message of set.warnings) context.warn(message);
  await context.mayPublish?.();
  await set.publish();
  const made = await describeFiles(set, outputs, job.options.outputs);
  const names = outputs.map(({ kind }) => kind.name);
  const kept = await stillThere(job, record, names);
  const added = withOutputs(job, record, { quality: set.record.quality, files: [...kept, ...made], names });
  if (job.plan.record !== undefined) await writeRecord(job.plan.record, added);
  return added;
}

async function writeRows(table: string, set: OutputSet, { signal, onFrame }: TableRunContext): Promise<void> {
  let frames = 0;
  for await (const row of readLandmarks(table)) {
    signal.throwIfAborted();
    await set.write({ table: row });
    onFrame(++frames);
  }
}

/** Decodes the analysed frames again, for their pictures and exact times. */
async function writePictures(job: Job, table: string, set: OutputSet, context: TableRunContext): Promise<void> {
  const { source, video, size, options, binaries } = job;
  const { signal, onFrame, warn } = context;
  const { selection, timeScale: choice } = options.source;
  const timeScale = timeScaleOf(choice, video);
  const { ffmpeg } = binaries;
  await using reader = await FrameReader.open({ source, video, size, selection, ffmpeg, timeScale });
  const stop = () => void reader[Symbol.asyncDispose]();
  signal.addEventListener('abort', stop, { once: true });
  const rows = new TableRows(table);
  let frames = 0;
  try {
    for await (const frame of reader.frames()) {
      try {
        signal.throwIfAborted();
        const { frameId, timestamp } = frame;
        const row = (await rows.of(frame)) ?? { frameId, timestamp, people: [] };
        const result = resultOf({ ...row, timestamp });
        await set.write({ table: row, pictures: { frame, result } });
      } finally {
        frame.release();
      }
      onFrame(++frames);
    }
    signal.throwIfAborted(); // The reader's frames end then, too.
    for (const message of reader.report.warnings) warn(message);
  } finally {
    signal.removeEventListener('abort', stop);
    await rows.end();
  }
}

/** The earlier run's other files, at their present paths. */
async function stillThere(job: Job, { files }: RunRecord, remade: readonly string[]): Promise<RecordedFile[]> {
  const places = await RecordedPlaces.of(job);
  const kept: RecordedFile[] = [];
  for (const file of files) {
    const path = remade.includes(file.output) ? undefined : places.find(file);
    if (path !== undefined && existsSync(path)) kept.push({ ...file, path });
  }
  return kept;
}

interface Added {
  readonly quality: Quality | undefined;
  /** All existing files. */
  readonly files: readonly RecordedFile[];
  /** Of the outputs just made. */
  readonly names: readonly string[];
}

function withOutputs({ plan, options }: Job, record: RunRecord, { quality, files, names }: Added): RunRecord {
  const paths = files.map(({ path }) => path);
  return {
    ...record,
    options: { ...record.options, outputs: joined(record.options.outputs, options.outputs, plan.outputs) },
    quality: quality ?? record.quality,
    files,
    outputs: plan.record === undefined ? paths : [...paths, plan.record],
    madeFromTable: [
      ...record.madeFromTable,
      { at: new Date().toISOString(), version: PACKAGE.version, outputs: names },
    ],
  };
}

/** The options of all existing outputs: those of an output that was not requested this time are unchanged. */
function joined(before: object, now: object, asked: readonly PlannedOutput[]): RecordedOptions['outputs'] {
  const decided = new Set<string>(asked.flatMap(({ kind }) => kind.decidedBy));
  const isAsked = (value: unknown) => value !== undefined && value !== false;
  const fields = Object.entries(now).map(([option, value]): [string, unknown] => {
    const old = (before as Record<string, unknown>)[option];
    if (Array.isArray(value) && Array.isArray(old)) return [option, [...new Set([...old, ...value])]];
    return [option, decided.has(option) || isAsked(value) ? value : (old ?? value)];
  });
  const spelled = JSON.stringify({ ...before, ...Object.fromEntries(fields) }, (_, value: unknown) => value ?? null);
  return JSON.parse(spelled) as RecordedOptions['outputs'];
}
