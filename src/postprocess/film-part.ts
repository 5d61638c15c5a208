import { FrameReader } from '../decode/frame-reader.js';
import { openSource, type VideoSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import type { TimeScaleChoice } from '../decode/time-scale.js';
import { checkVideoOf } from '../formats/recorded-run.js';
import { TableRows } from '../formats/table-rows.js';
import type { VideoInfo } from '../model/frame.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { type Look, Scene } from './film-scene.js';
import { tableScale } from './table-scale.js';

/** A table and its video, shown in a film. */
export interface FilmPart {
  readonly table: string;
  readonly source: VideoSource;
  readonly video: VideoInfo;
  /** True seconds in a second of the video. */
  readonly timeScale: number;
}

/**
 * Opens the video of a table. @throws BodyscriptError `TABLE_INVALID` if it is another one, and that is not permitted
 */
export async function openVideoOf(
  table: string,
  path: string,
  options: { readonly maxPixels: number; readonly anyVideo?: boolean },
  signal: AbortSignal,
): Promise<VideoSource> {
  const source = await openSource(path, options);
  try {
    if (!options.anyVideo) await checkVideoOf([table], source, signal);
    return source;
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

/** @param timeScale as requested; undefined: according to the table's run record */
export async function partOf(
  table: string,
  source: VideoSource,
  ffprobe: Binary,
  timeScale: TimeScaleChoice,
  signal: AbortSignal,
): Promise<FilmPart> {
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined, signal });
  return { table, source, video, timeScale: await tableScale(table, timeScale, video) };
}

/** A part being read and drawn. */
export interface OpenPart extends FilmPart, AsyncDisposable {
  readonly reader: FrameReader;
  readonly scene: Scene;
}

/** How to draw parts. */
export interface Drawing {
  readonly look: Look;
  /** Factor by which the film will be shown smaller. */
  readonly shrink: number;
  readonly ffmpeg: Binary;
}

/** Starts to read a video. @param ended closes it early @param held frames that are kept during reading */
export async function openPart(
  part: FilmPart,
  size: { readonly width: number; readonly height: number },
  { look, shrink, ffmpeg }: Drawing,
  ended: AbortSignal,
  held = 0,
): Promise<OpenPart> {
  const { table, source, video, timeScale } = part;
  const scene = await Scene.create(new TableRows(table), look, size, shrink);
  const reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg, timeScale, held });
  ended.addEventListener('abort', () => void reader[Symbol.asyncDispose](), { once: true });
  const dispose = async () => {
    await reader[Symbol.asyncDispose]();
    await scene.end();
  };
  return { ...part, reader, scene, [Symbol.asyncDispose]: dispose };
}
