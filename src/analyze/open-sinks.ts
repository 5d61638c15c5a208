import type { FrameSelection } from '../decode/selection.js';
import { soundOf } from '../decode/sound.js';
import type { OverlayAudio } from '../encode/encode-command.js';
import type { FilmState } from '../encode/video-encoder.js';
import { anglesFormat } from '../formats/angles-format.js';
import { csvFormat } from '../formats/csv-writer.js';
import { ndjsonFormat } from '../formats/ndjson-writer.js';
import { loadExporters, openExporters } from '../formats/open-exporters.js';
import type { TableFollower } from '../formats/table-follower.js';
import type { VideoInfo } from '../model/frame.js';
import { AttemptsSink } from '../outputs/attempts-sink.js';
import { FollowersSink } from '../outputs/followers-sink.js';
import { LinesSink } from '../outputs/lines-output.js';
import type { Sink } from '../outputs/output.js';
import { type OverlayOptions, OverlaySink } from '../outputs/overlay.js';
import type { PicturesSink, PicturesState } from '../outputs/pictures/pictures-sink.js';
import type { PreviewState } from '../outputs/preview.js';
import type { QualityFile } from '../outputs/quality-file.js';
import { partialPath } from '../system/whole-file.js';
import type { Checkpoint } from './checkpoint.js';
import type { Job } from './job.js';

/** Joints less visible are not drawn, where no overlay says otherwise. */
const USUAL_VISIBILITY = 0.5;

/** The sinks of a run, and the one of them that is told of attempts. */
export interface OpenSinks {
  readonly all: readonly Sink[];
  readonly overlay: OverlaySink | undefined;
  readonly attempts: AttemptsSink | undefined;
  readonly quality: QualityFile | undefined;
}

/**
 * Opens what the options ask for. A sink that cannot be opened closes those before it.
 * @param resume where the files are to be gone on with
 */
export async function openSinks(job: Job, resume?: Checkpoint): Promise<OpenSinks> {
  const { plan, video } = job;
  const { outputs } = job.options;
  const sinks: Sink[] = [];
  try {
    const display = { width: video.displayWidth, height: video.displayHeight };
    const tables = [
      { path: plan.csv, format: csvFormat(outputs.csvLayout, display) },
      { path: plan.ndjson, format: ndjsonFormat(display) },
      { path: plan.angles, format: anglesFormat(display) },
    ];
    for (const { path, format } of tables) {
      if (path) sinks.push(await LinesSink.create(path, format, resume?.sinks.get(path)));
    }
    const pictures = await openPictures(job, resume);
    if (pictures) sinks.push(pictures); // Before the overlay draws.
    const overlay = plan.overlay && outputs.overlay && (await openOverlay(job, plan.overlay, outputs.overlay, resume));
    if (overlay) sinks.push(overlay);
    if (overlay && plan.preview && outputs.preview) sinks.push(await openPreview(job, overlay, resume));
    const attempts = plan.attempts && (await AttemptsSink.create(plan.attempts, resume?.sinks.get(plan.attempts)));
    if (attempts) sinks.push(attempts);
    const followers = await openFollowers(job, resume !== undefined);
    if (followers) sinks.push(followers.sink);
    return {
      all: sinks,
      overlay: overlay || undefined,
      attempts: attempts || undefined,
      quality: followers?.quality,
    };
  } catch (error) {
    await Promise.allSettled(sinks.map(sink => sink.abort(error)));
    throw error;
  }
}

/** Loads the code of what is made of the table, while the engine loads its networks. */
export async function loadFollowers({ plan, options }: Job): Promise<void> {
  await Promise.all([
    plan.quality && import('../outputs/quality-file.js'),
    plan.plots && import('../outputs/plots/plots-file.js'),
    loadExporters(options.outputs.exports),
  ]);
}

/** What is made of the table, if anything is wanted. */
async function openFollowers(
  { plan, options, video }: Job,
  goesOn: boolean,
): Promise<{ sink: FollowersSink; quality: QualityFile | undefined } | undefined> {
  const display = { width: video.displayWidth, height: video.displayHeight };
  const { exports, personHeight } = options.outputs;
  // The code for what is wanted alone.
  const quality = plan.quality && new (await import('../outputs/quality-file.js')).QualityFile(plan.quality);
  const followers: TableFollower[] = quality ? [quality] : [];
  if (plan.plots) followers.push(new (await import('../outputs/plots/plots-file.js')).PlotsFile(plan.plots, display));
  followers.push(...(await openExporters(exports, { stem: plan.stem, display, personHeight })));
  if (followers.length === 0) return undefined;
  const before = goesOn && plan.csv !== undefined ? partialPath(plan.csv) : undefined;
  return { sink: await FollowersSink.create(followers, display, before), quality: quality || undefined };
}

async function openPictures({ plan, options }: Job, resume: Checkpoint | undefined): Promise<PicturesSink | undefined> {
  const { pictures: store, contactSheet, thumbnail } = plan;
  if (!store) return undefined;
  const { PicturesSink } = await import('../outputs/pictures/pictures-sink.js');
  const minVisibility = options.outputs.overlay?.minVisibility ?? USUAL_VISIBILITY;
  const state = resume?.sinks.get(store) as PicturesState | undefined;
  return PicturesSink.create({ store, contactSheet, thumbnail, minVisibility }, state);
}

async function openPreview(
  { plan, options, binaries }: Job,
  overlay: OverlaySink,
  resume: Checkpoint | undefined,
): Promise<Sink> {
  const { PreviewSink } = await import('../outputs/preview.js');
  const path = plan.preview as string;
  const job = { path, length: options.outputs.preview as number, ffmpeg: binaries.ffmpeg };
  return new PreviewSink(job, overlay, resume?.sinks.get(path) as PreviewState | undefined);
}

async function openOverlay(
  { options, video, size, source, binaries }: Job,
  path: string,
  style: OverlayOptions,
  resume: Checkpoint | undefined,
): Promise<OverlaySink> {
  const audio = source.pipe ? undefined : overlayAudio(video, options.source.selection);
  const job = {
    path,
    video,
    ...size,
    audio: audio && { ...audio, ...soundOf(source, video) },
    ...binaries,
  };
  const state = resume?.sinks.get(path) as FilmState | undefined;
  return OverlaySink.create(job, style, state);
}

/** The part of the sound that goes with the chosen frames; undefined where there is no sound. */
function overlayAudio(
  video: VideoInfo,
  { start, end, maxFrames, every }: FrameSelection,
): Pick<OverlayAudio, 'streams' | 'start' | 'end'> | undefined {
  if (video.audio.length === 0) return undefined;
  const rate = video.averageRate && video.averageRate.num / video.averageRate.den;
  const limited =
    maxFrames === undefined || !rate ? undefined : (start ?? video.startTime ?? 0) + (maxFrames * every) / rate;
  const ends = [end, limited].filter(value => value !== undefined);
  return { streams: video.audio, start, end: ends.length === 0 ? undefined : Math.min(...ends) };
}
