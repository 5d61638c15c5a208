import { rm, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { type AnalyzeContext, analyzeVideo } from '../../analyze/analyze-video.js';
import { removeCheckpoint } from '../../analyze/checkpoint.js';
import { analysePiece, type Piece } from '../../analyze/segments/analyse-piece.js';
import { SegmentFolder } from '../../analyze/segments/segment-folder.js';
import { type SegmentShelf, SegmentsTaken } from '../../analyze/segments/segment-shelf.js';
import { BodyscriptError, toPlainError } from '../../errors.js';
import { sha256OfFiles } from '../../system/file-hash.js';
import type { JobOutput } from '../ledger/job.js';
import { checkpointPath, segmentsPath } from '../own-folder.js';
import type { VideoOutcome, VideoTask } from './protocol.js';

/** Receivers of a video's progress, in addition to its outcome. */
export type TaskContext = Omit<AnalyzeContext, 'outputName' | 'checkpoint' | 'onKept'>;

/** Analyses one video, or a piece of it. Never rejects: the outcome contains any failure. */
export async function runTask(task: VideoTask, context: TaskContext): Promise<VideoOutcome> {
  const kept: string[] = [];
  try {
    return await (task.piece ? runPiece(task, task.piece, context, kept) : runWhole(task, context, kept));
  } catch (error) {
    const [first = error, ...others] = error instanceof AggregateError ? error.errors : [error];
    const plain = toPlainError(first);
    const message = [plain, ...others.map(toPlainError)].map(one => one.message).join('; ');
    return { kind: 'failed', error: { ...plain, message }, kept };
  }
}

async function runWhole(task: VideoTask, context: AnalyzeContext, kept: string[]): Promise<VideoOutcome> {
  const { path, name, options, resume, resumeSince, copy, stallMs } = task;
  const { outDir } = options.outputs;
  const usesShelf = resume !== undefined && options.analysis.segments !== undefined;
  let byAnother = false;
  const from = resume ? 'any' : (resumeSince ?? 'forced');
  const record = await analyzeVideo(path, options, {
    ...context,
    copy,
    stallMs,
    outputName: name,
    ...(resume === undefined ? {} : { checkpoint: { path: checkpointPath(outDir, name), resume: from } }),
    ...(usesShelf ? { segments: await shelfOf(task, context.signal) } : {}),
    analyzeAgain: resume === false,
    onAllFound: () => {
      byAnother = true;
    },
    onKept: paths => void kept.push(...paths),
  });
  return {
    kind: 'done',
    record,
    byAnother,
    outputs: await Promise.all(ownFiles(record.outputs).map(file => describeOutput(file, outDir))),
  };
}

/** Where the video's segments are: with its results. */
async function shelfOf({ name, options, bucket, piece }: VideoTask, signal?: AbortSignal): Promise<SegmentShelf> {
  const { outDir } = options.outputs;
  if (!bucket) return new SegmentFolder(outDir, segmentsPath(outDir, name));
  const { SegmentObjects } = await import('../segment-objects.js');
  return SegmentObjects.open(bucket, name, piece !== undefined, signal);
}

/**
 * Analyses a piece, and joins the video if no segment is missing any more. Several commands may see the last segment:
 * the one that claims the outputs joins, the others leave the video to it.
 */
async function runPiece(task: VideoTask, piece: Piece, context: TaskContext, kept: string[]): Promise<VideoOutcome> {
  const { path, name, options, resume, copy, stallMs } = task;
  const outcome = await analysePiece(path, options, piece, {
    ...context,
    ...{ copy, stallMs, outputName: name, again: resume === false },
    shelf: await shelfOf(task, context.signal),
  });
  if (outcome.what === 'waiting') return { kind: 'waiting', segments: outcome.segments, missing: outcome.missing };
  const segments = outcome.what === 'complete' ? outcome.segments : 0;
  const onClaimed = async () => {
    if (outcome.what === 'complete' && !(await outcome.isStillComplete())) throw new JoinedElsewhere();
  };
  // The piece was admitted: its memory is this video's, and would be counted twice.
  const { admit: _, ...admitted } = context;
  try {
    return await runWhole(task, { ...(outcome.what === 'complete' ? admitted : context), onClaimed }, kept);
  } catch (error) {
    const isTaken = isOf(SegmentsTaken, error);
    if (!isTaken && !isOf(JoinedElsewhere, error) && !isBusy(error)) throw error;
    if (isTaken) await forget(task, kept);
    return { kind: 'waiting', segments, missing: 0 };
  }
}

/** Removes what nobody will continue: another command has published the video. */
async function forget({ name, options }: VideoTask, kept: string[]): Promise<void> {
  for (const partial of kept.splice(0)) await rm(partial, { force: true });
  await removeCheckpoint(checkpointPath(options.outputs.outDir, name));
}

class JoinedElsewhere extends Error {
  override readonly name = 'JoinedElsewhere';
}

/** Whether it is the reason of a failure, whatever failed because of it. */
function isOf(kind: new () => Error, error: unknown): boolean {
  return (error instanceof AggregateError ? error.errors[0] : error) instanceof kind;
}

function isBusy(error: unknown): boolean {
  return error instanceof BodyscriptError && error.code === 'OUTPUT_BUSY';
}

/** Outputs except folders of files, in which changes are not tracked. */
export function ownFiles(outputs: readonly string[]): string[] {
  return outputs.filter(path => !path.endsWith('/'));
}

/** The present state of an output. */
export async function describeOutput(file: string, outDir: string): Promise<JobOutput> {
  const { size, mtimeMs } = await stat(file);
  const path = relative(resolve(outDir), resolve(file)).split(sep).join('/');
  return { path, bytes: size, modified: mtimeMs, sha256: await sha256OfFiles([file]) };
}
