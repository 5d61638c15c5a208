import { rm } from 'node:fs/promises';
import { analysedSize } from '../decode/decode-command.js';
import { FrameReader } from '../decode/frame-reader.js';
import { openSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { soundOf } from '../decode/sound.js';
import type { TimeScaleChoice } from '../decode/time-scale.js';
import { AngleLabels } from '../draw/angle-labels.js';
import { type ColourChoice, colourOf } from '../draw/colours.js';
import { canvasSize, FilmCanvas, type Layout } from '../draw/film-canvas.js';
import { type Painter, skeletonPainter } from '../draw/painter.js';
import { Trails } from '../draw/trails.js';
import { shrinkage } from '../encode/film-size.js';
import { type FilmOptions, VideoEncoder } from '../encode/video-encoder.js';
import { checkTable } from '../formats/check-table.js';
import { checkVideoOf } from '../formats/recorded-run.js';
import { resultOf } from '../formats/result-of.js';
import { TableRows } from '../formats/table-rows.js';
import type { YuvImage } from '../model/picture.js';
import type { FrameResult } from '../model/result.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';
import { findFfmpeg, packagedWarnings } from '../system/ffmpeg-binaries.js';
import { readStart } from '../system/own-file.js';
import { partialPath, STDOUT } from '../system/whole-file.js';
import { StallWatch } from './stall-watch.js';
import { tableScale } from './table-scale.js';

export interface RenderOptions extends FilmOptions, Layout {
  /** Longer side of the film's pictures in pixels, if made smaller. */
  readonly maxSize: number | undefined;
  /** Pixels of the video's pictures at most. */
  readonly maxPixels: number;
  /** True seconds in a second of the video, of the table's times; undefined: as its run record says. */
  readonly timeScale: TimeScaleChoice;
  /** Milliseconds without a frame, at most. */
  readonly stallMs: number;
  /** Joints less visible are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Joints less sure are not drawn, 0-1. */
  readonly minConfidence: number;
  /** Whether frame, time and strategy are written into the picture. */
  readonly labels: boolean;
  readonly colours: ColourChoice;
  /** Seconds that joints leave a trail for, and which ones by landmark id; undefined: none. */
  readonly trails: { readonly seconds: number; readonly joints: readonly number[] } | undefined;
  /** Joint angles that are written beside their joints, of `ANGLE_CHOICES`. */
  readonly angles: readonly string[];
  /** Whether the video may have other content than the one that was analysed. */
  readonly anyVideo?: boolean;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
}

/** What was made. */
export interface Rendered {
  readonly frames: number;
  /** Frames of which the table has a row. */
  readonly told: number;
  readonly warnings: readonly string[];
}

/**
 * Makes an overlay anew from a landmark file and its video, without analysis. Frames are matched by their number and
 * time; frames that the file does not have are shown as they are.
 * @throws BodyscriptError `TABLE_INVALID` where the file is of another video; `STALLED`; those of decoder and encoder
 */
export async function renderVideo(
  table: string,
  path: string,
  output: string,
  options: RenderOptions,
  signal: AbortSignal,
  writing: Omit<Writing, 'signal'> = {},
): Promise<Rendered> {
  await checkTable(table); // A path that is wrong should leave nothing behind.
  await using source = await openSource(path, options);
  if (!options.anyVideo) await checkVideoOf([table], source, signal);
  const binaries = await findFfmpeg({ ...options, signal });
  const { ffmpeg, ffprobe } = binaries;
  const inputs = [table, ...source.files, ffmpeg.path, ffprobe.path];
  await using _claim = await claimOutputs({
    ...writing,
    outputs: [output],
    inputs,
    isOwn: async file => writing.replaceOwn === true && (await isFilm(file)),
    unwritable: NAME_ANOTHER,
  });
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined, signal });
  const size = analysedSize(video, options.maxSize);
  const audio = { streams: video.audio, isPart: false, ...soundOf(source, video) };
  const sound = video.audio.length === 0 ? undefined : audio;
  const film = { path: output, video, ...canvasSize(size, options), audio: sound, ffmpeg, ffprobe };
  const encoder = await VideoEncoder.create(film, options);
  using watch = new StallWatch(path, options.stallMs, signal);
  let ending: Promise<void> | undefined;
  const abort = () => (ending ??= encoder.abort());
  // A program that hangs ends only when it is ended; who waits for it goes on then.
  watch.signal.addEventListener('abort', () => void abort().catch(() => {}), { once: true });
  try {
    const timeScale = await tableScale(table, options.timeScale, video);
    await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg, timeScale });
    watch.signal.addEventListener('abort', () => void reader[Symbol.asyncDispose](), { once: true });
    const told = await drawAll(reader, new TableRows(table), encoder, await scene(options, size), watch);
    watch.finishing();
    await encoder.finish();
    watch.signal.throwIfAborted();
    await encoder.publish();
    return {
      frames: reader.report.decodedFrames,
      told,
      warnings: [...packagedWarnings(binaries), ...reader.report.warnings, ...encoder.warnings],
    };
  } catch (error) {
    await abort();
    await encoder.abort(); // Once more: its encoder may have been about to start.
    // No later call goes on with it.
    if (output !== STDOUT) await rm(partialPath(output), { force: true }).catch(() => {});
    watch.signal.throwIfAborted(); // What was ended looks like a failure.
    throw error;
  }
}

/** An MP4 under the name that a film of this table has. */
async function isFilm(path: string): Promise<boolean> {
  return (await readStart(path, 8)).slice(4) === 'ftyp';
}

/** What makes a film's frame of a picture and what was found in it. */
async function scene(
  options: RenderOptions,
  size: { width: number; height: number },
): Promise<(picture: YuvImage, result: FrameResult) => YuvImage> {
  const { minVisibility, minConfidence, labels, colours, trails, angles } = options;
  const sure = Math.max(minVisibility, minConfidence);
  const shrink = shrinkage(canvasSize(size, options), options.longest);
  const painters: Painter[] = [
    ...(trails ? [new Trails(trails.seconds, trails.joints, sure, shrink)] : []),
    await skeletonPainter(
      { minVisibility, minConfidence, labels, shrink, colourOf: colourOf(colours) },
      size.width,
      size.height,
    ),
    ...(angles.length > 0 ? [new AngleLabels(angles, sure, size, shrink)] : []),
  ];
  const canvas = new FilmCanvas(options);
  return (picture, result) =>
    canvas.compose(picture, into => {
      for (const painter of painters) painter.paint(into, result);
    });
}

async function drawAll(
  reader: FrameReader,
  rows: TableRows,
  encoder: VideoEncoder,
  compose: (picture: YuvImage, result: FrameResult) => YuvImage,
  watch: StallWatch,
): Promise<number> {
  let told = 0;
  for await (const frame of reader.frames()) {
    try {
      watch.signal.throwIfAborted();
      const row = await rows.of(frame);
      if (row) told++;
      const { frameId, timestamp } = frame;
      const result = resultOf({ frameId, timestamp, people: row?.people ?? [] });
      await encoder.encode({ ...frame, image: compose(frame.image, result) });
      watch.moved();
    } finally {
      frame.release();
    }
  }
  watch.signal.throwIfAborted(); // Its frames end then, too.
  await rows.end();
  return told;
}
