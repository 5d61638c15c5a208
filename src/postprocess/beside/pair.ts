import type { VideoSource } from '../../decode/input.js';
import { canvasSize } from '../../draw/film-canvas.js';
import { loadCanvas } from '../../draw/load-canvas.js';
import { PairCanvas, sizeBeside } from '../../draw/pair-canvas.js';
import type { VideoEncoder } from '../../encode/video-encoder.js';
import type { VideoInfo } from '../../model/frame.js';
import type { Binary } from '../../system/ffmpeg-binaries.js';
import { type Drawing, type FilmPart, type OpenPart, openPart, openVideoOf, partOf } from '../film-part.js';
import type { Look } from '../film-scene.js';
import type { StallWatch } from '../stall-watch.js';
import { type Alignment, momentsOf, namesBeside } from './align.js';
import { recordedVideo } from './beside-video.js';
import { type Moments, PairFilm, type Run, sharedTimeBase } from './pair-film.js';

/** Another run shown on the right, and how its times are aligned. */
export interface Beside {
  readonly table: string;
  /** The table's video; undefined: the one named in its run record. */
  readonly video: string | undefined;
  readonly align: Alignment;
}

/**
 * Opens the other run's video.
 * @throws BodyscriptError `TABLE_INVALID` if it belongs to another table; `INPUT_MISSING` if no video is named
 */
export async function openBeside(
  { table, video }: Beside,
  options: { readonly maxPixels: number; readonly anyVideo?: boolean },
  signal: AbortSignal,
): Promise<VideoSource> {
  if (video !== undefined) return openVideoOf(table, video, options, signal);
  return openVideoOf(table, await recordedVideo(table), { ...options, anyVideo: false }, signal);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Frames of the second video kept in addition to the one being drawn. */
const HELD = 1;
const USUAL_STEP_SECONDS = 1 / 30;

/** Two runs to combine into one film. */
export class Pair {
  /** Size of the film, and the encoder's facts about the first video. */
  readonly film: Size & { readonly video: VideoInfo };
  readonly #parts: readonly [FilmPart, FilmPart];
  readonly #sizes: readonly [Size, Size];
  readonly #moments: Moments;

  private constructor(
    parts: readonly [FilmPart, FilmPart],
    sizes: readonly [Size, Size],
    moments: Moments,
    look: Look,
  ) {
    const [{ video }] = parts;
    this.#parts = parts;
    this.#sizes = sizes;
    this.#moments = moments;
    const halves = halvesOf(sizes, look);
    this.film = { ...PairCanvas.sizeOf(halves), video: { ...video, timeBase: sharedTimeBase(video.timeBase) } };
  }

  /** @param size of the first video's pictures: the other one's are scaled to the same height */
  static async of(
    first: FilmPart,
    size: Size,
    { table, align }: Beside,
    source: VideoSource,
    look: Look,
    ffprobe: Binary,
    signal: AbortSignal,
  ): Promise<Pair> {
    const second = await partOf(table, source, ffprobe, undefined, signal);
    const moments = await momentsOf([first.table, table], align, signal);
    const { displayWidth, displayHeight } = second.video;
    const other = sizeBeside({ width: displayWidth, height: displayHeight }, size.height);
    return new Pair([first, second], [size, other], moments, look);
  }

  async draw(
    how: Drawing,
    encoder: VideoEncoder,
    watch: StallWatch,
  ): Promise<{ frames: number; matched: number; warnings: string[] }> {
    const [first, second] = this.#parts;
    await using left = await openPart(first, this.#sizes[0], how, watch.signal);
    await using right = await openPart(second, this.#sizes[1], how, watch.signal, HELD);
    const names = namesBeside([first.table, second.table]);
    const halves = halvesOf(this.#sizes, how.look);
    const canvas = new PairCanvas(halves, left.reader.matrix, how.shrink, loadCanvas('--beside'));
    const runs = [runOf(left, names[0]), runOf(right, names[1])] as const;
    const frames = await new PairFilm(runs, this.#moments, canvas, encoder, watch).draw();
    const warnings = [left, right].flatMap(({ reader }) => reader.report.warnings);
    return { frames, matched: left.scene.matched, warnings };
  }
}

function halvesOf([left, right]: readonly [Size, Size], look: Look): readonly [Size, Size] {
  return [canvasSize(left, look), canvasSize(right, look)];
}

function runOf({ reader, scene, video, timeScale }: OpenPart, name: string): Run {
  const { averageRate } = video;
  const step = averageRate ? averageRate.den / averageRate.num : USUAL_STEP_SECONDS;
  return { name, reader, scene, timeScale, usualStep: step * timeScale };
}
