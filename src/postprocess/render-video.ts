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
  /** Longer side of the film's pictures in pixels, if made smaller. */
  readonly maxSize: number | undefined;
  /** Pixels of the video's pictures at most. */
  readonly maxPixels: number;
  /** True seconds in a second of the video, of the table's times; undefined: as its run record says. */
  readonly timeScale: TimeScaleChoice;
  /** Milliseconds without a frame, at most. */
  readonly stallMs: number;
  /** Whether the video may have other content than the one that was analysed. */
  readonly anyVideo?: boolean;
  /** Another run that is shown at the right. */
  readonly beside?: Beside | undefined;
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
}

/** What was made. */
export interface Rendered {
  readonly frames: number;
  /** Frames of the video of which the table has a row. */
  readonly told: number;
  readonly warnings: readonly string[];
}

/**
 * Makes an overlay anew from a landmark file and its video, without analysis. Frames are matched by their number and
 * time; frames that the file does not have are shown as they are. With another run beside it, the film has the first
 * one's frames at their times, and its sound, then what the other one has left.
 * @throws BodyscriptError `TABLE_INVALID` where a file is of another video; `NO_CYCLES` where two runs have no event to
 * be aligned at; `STALLED`; those of decoder and encoder
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
  // A path that is wrong should leave nothing behind.
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
  // A program that hangs ends only when it is ended; who waits for it goes on then.
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
  return { frames: reader.report.decodedFrames, told: scene.told, warnings: reader.report.warnings };
}
