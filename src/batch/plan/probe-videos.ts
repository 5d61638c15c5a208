import { inspectVideo } from '../../analyze/inspect-video.js';
import { needsOf } from '../../analyze/needs.js';
import type { AnalyzeOptions } from '../../analyze/options.js';
import { planSegments } from '../../analyze/segments/plan-segments.js';
import type { CopiedVideo } from '../../decode/input.js';
import { toPlainError } from '../../errors.js';
import { isBucketAddress } from '../../storage/address.js';
import { factsOf } from '../decide.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Staging } from '../staging.js';
import { CUT_FROM } from './divide.js';
import type { PlanVideo } from './plan-file.js';

/** A video, and into how many segments it can be cut. */
export type ProbedVideo = PlanVideo & { readonly segments: number };
type Size = Pick<ProbedVideo, 'frames' | 'width' | 'height' | 'work' | 'segments'>;

/** How videos are looked at. */
export interface Probing {
  readonly options: AnalyzeOptions;
  readonly parts: number;
  /** Downloads videos of buckets; undefined if every video is a file. */
  readonly staging: Staging | undefined;
  readonly signal: AbortSignal;
  readonly onUnreadable: (message: string) => void;
}

/** Videos are probed by this many ffprobe processes at a time. */
const PROBES = 4;
const MEGAPIXEL = 1e6;

/**
 * The videos of a plan, with the work of each. For videos of buckets, bytes stand for work, but for those that
 * `--segments` may divide: their length is looked up.
 * @throws BodyscriptError `STORAGE_*`, `INPUT_CHANGED`, `OUTPUT_DISK_FULL`
 */
export async function probeVideos(ledger: Ledger, probing: Probing): Promise<ProbedVideo[]> {
  const videos = await probeAll(ledger, probing);
  guessWork(videos);
  if (await measureLong(videos, probing)) guessWork(videos);
  return videos;
}

async function probeAll(ledger: Ledger, { options, signal, onUnreadable }: Probing): Promise<ProbedVideo[]> {
  const videos: ProbedVideo[] = [];
  let cursor = 0;
  const work = async () => {
    for (let next = ledger.pendingAfter(cursor); next; next = ledger.pendingAfter(cursor)) {
      cursor = next.position;
      const at = videos.length;
      const { given, job } = next;
      const named = {
        part: 1,
        path: job.path,
        given,
        name: job.name,
        frames: null,
        width: null,
        height: null,
        work: 0,
        segments: 1,
      };
      videos.push({ ...named, bytes: null });
      const bytes = (await factsOf(job.path, signal))?.bytes ?? null;
      videos[at] = { ...named, bytes };
      if (isBucketAddress(job.path)) continue;
      try {
        videos[at] = { ...named, bytes, ...(await sizeOf(job.path, options, signal)) };
      } catch (error) {
        signal.throwIfAborted();
        onUnreadable(toPlainError(error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: PROBES }, work));
  return videos;
}

/**
 * Looks at the videos of buckets that are large enough to be divided, one after another, for their length.
 * @returns whether it has changed the work of any
 * @throws BodyscriptError as `Staging.look` does
 */
async function measureLong(videos: ProbedVideo[], probing: Probing): Promise<boolean> {
  const { options, parts, staging, signal, onUnreadable } = probing;
  if (!staging || options.analysis.segments === undefined || !mayBeCut(options)) return false;
  const least = (CUT_FROM * videos.reduce((sum, { work }) => sum + work, 0)) / parts;
  let hasChanged = false;
  for (const [at, video] of videos.entries()) {
    if (!isBucketAddress(video.path) || video.bytes === null || video.work < least) continue;
    const seen = await staging.look(video.path, signal, copy => sizeOf(video.path, options, signal, copy));
    if ('value' in seen) videos[at] = { ...video, ...seen.value };
    else onUnreadable(toPlainError(seen.error).message);
    hasChanged ||= 'value' in seen;
  }
  return hasChanged;
}

async function sizeOf(path: string, options: AnalyzeOptions, signal: AbortSignal, copy?: CopiedVideo): Promise<Size> {
  const inspected = await inspectVideo(path, options, signal, copy);
  await using _source = inspected.source;
  const { width, height } = inspected.size;
  const frames = needsOf(inspected).frames ?? null;
  const work = frames === null ? 0 : (frames * width * height) / MEGAPIXEL;
  const canBeCut = work > 0 && mayBeCut(options);
  const segments = canBeCut ? (planSegments(inspected, () => {}, true)?.last ?? 0) + 1 : 1;
  return { frames, width, height, work, segments };
}

/** A limit of frames is counted from the beginning. */
const mayBeCut = ({ source }: AnalyzeOptions) => source.selection.maxFrames === undefined;

/**
 * If a video does not state its number of frames, or is in a bucket, its work is estimated from its bytes, at the
 * others' average.
 */
function guessWork(videos: ProbedVideo[]): void {
  const known = videos.filter(({ frames, work, bytes }) => frames !== null && work > 0 && bytes);
  const bytes = known.reduce((sum, video) => sum + (video.bytes ?? 0), 0);
  const perByte = bytes === 0 ? 1 / MEGAPIXEL : known.reduce((sum, { work }) => sum + work, 0) / bytes;
  for (const [at, video] of videos.entries()) {
    const isUncounted = video.frames === null && (video.width !== null || isBucketAddress(video.path));
    if (isUncounted) videos[at] = { ...video, work: (video.bytes ?? 0) * perByte };
  }
}
