import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { type AnalyzeContext, analyzeVideo } from '../../analyze/analyze-video.js';
import { toPlainError } from '../../errors.js';
import { sha256OfFiles } from '../../system/file-hash.js';
import type { JobOutput } from '../ledger/job.js';
import { checkpointPath } from '../own-folder.js';
import type { VideoOutcome, VideoTask } from './protocol.js';

/** Receivers of a video's progress, in addition to its outcome. */
export type TaskContext = Omit<AnalyzeContext, 'outputName' | 'checkpoint' | 'onKept'>;

/** Analyses one video. Never rejects: the outcome contains any failure. */
export async function runTask(
  { path, name, options, resume, resumeSince, copy }: VideoTask,
  context: TaskContext,
): Promise<VideoOutcome> {
  let kept: readonly string[] = [];
  const { outDir } = options.outputs;
  try {
    const record = await analyzeVideo(path, options, {
      ...context,
      copy,
      outputName: name,
      ...(resume === undefined
        ? {}
        : { checkpoint: { path: checkpointPath(outDir, name), resume: resume || (resumeSince ?? false) } }),
      analyzeAgain: resume === false,
      onKept: paths => {
        kept = paths;
      },
    });
    return {
      kind: 'done',
      record,
      outputs: await Promise.all(ownFiles(record.outputs).map(file => describeOutput(file, outDir))),
    };
  } catch (error) {
    const [first = error, ...others] = error instanceof AggregateError ? error.errors : [error];
    const plain = toPlainError(first);
    const message = [plain, ...others.map(toPlainError)].map(one => one.message).join('; ');
    return { kind: 'failed', error: { ...plain, message }, kept };
  }
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
