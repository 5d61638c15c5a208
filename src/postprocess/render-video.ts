import { rm } from 'node:fs/promises';
import { analysedSize } from '../decode/decode-command.js';
import { soundOf } from '../decode/sound.js';
import type { TimeScaleChoice } from '../decode/time-scale.js';
import { canvasSize } from '../draw/film-canvas.js';
import { shrinkage } from '../encode/film-size.js';
import { VideoEncoder } from '../encode/video-encoder.js';
import { checkTable } from '../formats/check-table.js';
import { claimOutputs, NAME_ANOTHER, type Writing } from '../system/claim-outputs.js';
import { findFfmpeg, packagedWarnings } from '../system/ffmpeg-binaries.js';
import { readStart } from '../system/own-file.js';
import { partialPath, STDOUT } from '../system/whole-file.js';
import { type Beside, openBeside, Pair } from './beside/pair.js';
import { type Drawing, type FilmPart, openPart, openVideoOf, partOf } from './film-part.js';
import type { Look } from './film-scene.js';
import { StallWatch } from './stall-watch.js';

export interface RenderOptions extends Look {
  /** Longer side of the film's pictures in pixels, if scaled down. */
  readonly maxSize: number | undefined;
  /** Maximum pixels of the video's pictures. */
  readonly maxPixels: number;
  /** True seconds in a second of the video, for the table's times; undefined: according to its run record. */
  readonly timeScale: TimeScaleChoice;
  /** Maximum milliseconds without a frame. */
  readonly stallMs: number;
  /** Whether the video may differ from the analysed one. */
  readonly anyVideo?: boolean;
  /** Another run shown on the right. */
  readonly beside?: Beside | undefined;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
}

/** The resulting film. */
export interface Rendered {
  readonly frames: number;
  /** Frames of the video with a row in the table. */
  readonly matched: number;
  readonly warnings: readonly string[];
}

/**
 * Redraws an overlay from a landmark file and its video, without analysis. Frames are matched by number and time;
 * frames without rows are shown unchanged. With a second run beside it, the film has the first one's frames at their
 * times, and its audio, followed by the rest of the other one.
 * @throws BodyscriptError `TABLE_INVALID` if a file belongs to another video; `NO_CYCLES` if two runs share no event to
 * align; `STALLED`; those of decoder and encoder
 */
export async function renderVideo(
  table: string,
  path: string,
  output: string,
  options: RenderOptions,
  signal: AbortSignal,
  writing: Omit<Writing, 'signal'> = {},
): Promise<Rendered> {
  const { beside } = options;
  const tables = beside ? [table, beside.table] : [table];
  // A wrong path should leave no files.
  for (const file of tables) await checkTable(file);
  await using source = await openVideoOf(table, path, options, signal);
  await using other = beside && (await openBeside(beside, options, signal));
  const binaries = await findFfmpeg({ ...options, signal });
  const { ffmpeg, ffprobe } = binaries;
  await using _claim = await claimOutputs({
    ...writing,
    outputs: [output],
    inputs: [...tables, ...source.files, ...(other?.files ?? []), ffmpeg.path, ffprobe.path],
    isOwn: async file => writing.replaceOwn === true && (await isFilm(file)),
    unwritable: NAME_ANOTHER,
  });
  const part = await partOf(table, source, ffprobe, options.timeScale, signal);
  const { video } = part;
  const size = analysedSize(video, options.maxSize);
  const pair = beside && other && (await Pair.of(part, size, beside, other, options, ffprobe, signal));
  const audio = { streams: video.audio, isPart: false, ...soundOf(source, video) };
  const sound = video.audio.length === 0 ? undefined : audio;
  const shape = pair?.film ?? { ...canvasSize(size, options), video };
  const encoder = await VideoEncoder.create({ path: output, ...shape, audio: sound, ffmpeg, ffprobe }, options);
  using watch = new StallWatch(path, options.stallMs, signal);
  let ending: Promise<void> | undefined;
  const abort = () => (ending ??= encoder.abort());
  // A hanging program ends only when killed; its waiters then continue.
  watch.signal.addEventListener('abort', () => void abort().catch(() => {}), { once: true });
  try {
    const how = { look: options, shrink: shrinkage(shape, options.longest), ffmpeg };
    const rendered = await (pair ? pair.draw(how, encoder, watch) : drawOne(part, size, how, encoder, watch));
    watch.finishing();
    await encoder.finish();
    watch.signal.throwIfAborted();
    await encoder.publish();
    return { ...rendered, warnings: [...packagedWarnings(binaries), ...rendered.warnings, ...encoder.warnings] };
  } catch (error) {
    await abort();
    await encoder.abort(); // Again: its encoder may have been about to start.
    // No later call continues it.
    if (output !== STDOUT) await rm(partialPath(output), { force: true }).catch(() => {});
    watch.signal.throwIfAborted(); // Killed programs look like failures.
    throw error;
  }
}

/** An MP4 with the name of this table's film. */
async function isFilm(path: string): Promise<boolean> {
  return (await readStart(path, 8)).slice(4) === 'ftyp';
}

async function drawOne(
  part: FilmPart,
  size: { width: number; height: number },
  how: Drawing,
  encoder: VideoEncoder,
  watch: StallWatch,
): Promise<Rendered> {
  await using open = await openPart(part, size, how, watch.signal);
  const { reader, scene } = open;
  for await (const frame of reader.frames()) {
    try {
      watch.signal.throwIfAborted();
      await encoder.encode({ ...frame, image: await scene.draw(frame) });
      watch.moved();
    } finally {
      frame.release();
    }
  }
  watch.signal.throwIfAborted(); // Its frames end then, too.
  return { frames: reader.report.decodedFrames, matched: scene.matched, warnings: reader.report.warnings };
}
