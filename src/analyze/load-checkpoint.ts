import { open, stat } from 'node:fs/promises';
import { readChecked } from '../formats/checked-file.js';
import { UnfitJson } from '../formats/plain-json.js';
import { UnreadableFile } from '../formats/regular-file.js';
import { parseState } from '../formats/state-text.js';
import { CSV } from '../outputs/lines-output.js';
import { filesOf } from '../outputs/planned-outputs.js';
import { hashOfBeginning } from '../system/file-hash.js';
import { partialPath } from '../system/whole-file.js';
import { checkMemory, checkRead } from './check-state.js';
import { CHECKPOINT_FILE, type Checkpoint, type Facts, leastFrames, type Memory } from './checkpoint.js';
import type { Job } from './job.js';
import { tableOf } from './output-plan.js';
import type { SegmentedState } from './segments/segmented-analyzer.js';

/** What makes the poses of a run. */
export interface PoseOrigin {
  /** The engine's name. */
  readonly engine: string;
  /** Whether processes of their own analyse the video in segments. */
  readonly isSegmented: boolean;
}

/** Both undefined: there is no checkpoint, or it belongs to other options or another file. */
export interface LoadedCheckpoint {
  readonly checkpoint?: Checkpoint;
  /** Why an existing one cannot be used. */
  readonly problem?: string;
}

/**
 * The checkpoint at a path, if it is complete, matches, and the files still have at least their recorded lengths. Its
 * content is validated as untrusted: a checksum detects damage, not forgery.
 */
export async function loadCheckpoint(
  path: string,
  key: string,
  job: Job,
  source: PoseOrigin,
): Promise<LoadedCheckpoint> {
  try {
    const checkpoint = await parse(await readChecked(path, CHECKPOINT_FILE));
    if (checkpoint.key !== key) return {};
    await checkStates(checkpoint, job, source);
    checkCounts(checkpoint);
    const changed = await changedFile(checkpoint, job);
    return changed === undefined ? { checkpoint } : { problem: `${changed} has changed since` };
  } catch (error) {
    if (error instanceof UnreadableFile && error.isMissing) return {};
    if (error instanceof UnreadableFile || error instanceof UnfitJson) return { problem: `${path}: ${error.message}` };
    throw error;
  }
}

async function parse(text: string): Promise<Checkpoint> {
  const state = parseState(text);
  if (!Array.isArray(state) || state.length !== 2) throw new UnfitJson('is not a checkpoint');
  const [facts, memory] = state as [Facts, Memory];
  const checkpoint: Checkpoint = { ...facts, ...memory };
  const { CHECKPOINT } = await import('./checkpoint-schema.js');
  await checkRead(CHECKPOINT, checkpoint);
  return checkpoint;
}

/** Whether the states match the run's own engine and analyzer. */
async function checkStates(
  { engine: state, analyzer }: Checkpoint,
  { options }: Job,
  { engine, isSegmented }: PoseOrigin,
): Promise<void> {
  if (!isSegmented) return await checkMemory({ engine: state, analyzer }, options, engine);
  const { SEGMENTED_ANALYZER } = await import('./checkpoint-schema.js');
  await checkRead(SEGMENTED_ANALYZER, analyzer);
  const { memory } = analyzer as SegmentedState;
  if (memory) await checkMemory(memory, options, engine);
}

/** Whether counted, drawn and held frames are consistent. */
function checkCounts({ nextFrame, frames, record, outputs, undrawn, lookAhead }: Checkpoint): void {
  const { detected, tracked, missing, filled } = record.tally.byStatus;
  const drawn = leastFrames(outputs.values());
  const held = [...undrawn, ...(lookAhead?.waiting ?? [])].map(({ frameId }) => frameId);
  const isRising = held.every((frameId, i) => frameId > (held[i - 1] ?? Number.NEGATIVE_INFINITY));
  const areDecided = undrawn.every(({ frameId }) => frameId < nextFrame);
  const areAhead = (lookAhead?.waiting ?? []).every(({ frameId }) => frameId >= nextFrame);
  const isSum = detected + tracked + missing + filled === frames && frames <= nextFrame;
  const isDrawn = drawn === undefined ? undrawn.length === 0 : drawn + undrawn.length === frames;
  if (!isRising || !areDecided || !areAhead || !isSum || !isDrawn) throw new UnfitJson('contradicts itself');
}

/** The `*.partial` file that has changed within its recorded length. */
async function changedFile(checkpoint: Checkpoint, { plan }: Job): Promise<string | undefined> {
  for (const { kind, files } of plan.outputs.filter(output => output.kind.resumes)) {
    const state = checkpoint.outputs.get(kind.name);
    if (!state) throw new UnfitJson(`has no state of ${kind.name}`);
    const [grown] = filesOf([{ kind, files }], 'grows', 'working');
    if (grown === undefined) continue;
    const path = partialPath(grown);
    const stats = await stat(path).catch(() => undefined);
    if (!stats?.isFile() || stats.size < state.bytes) return path;
    if (state.sha256 !== undefined && !(await beginsAs(path, state.bytes, state.sha256))) return path;
  }
  const csv = tableOf(plan);
  return csv === undefined || (await endsWithFrame(csv, checkpoint)) ? undefined : partialPath(csv);
}

async function beginsAs(path: string, bytes: number, sha256: string): Promise<boolean> {
  return (await hashOfBeginning(path, bytes)).digest('hex') === sha256;
}

/** After a power failure a file may be long enough and still lack the written bytes. */
async function endsWithFrame(csv: string, { outputs, nextFrame }: Checkpoint): Promise<boolean> {
  const bytes = outputs.get(CSV.name)?.bytes;
  if (bytes === undefined) return true;
  const handle = await open(partialPath(csv), 'r');
  try {
    const tail = Buffer.alloc(Math.min(bytes, 4096));
    await handle.read(tail, 0, tail.length, bytes - tail.length);
    const lines = tail.toString('latin1').split('\n');
    return lines.at(-1) === '' && new RegExp(`^${nextFrame - 1}[,;]`).test(lines.at(-2) ?? '');
  } finally {
    await handle.close();
  }
}
