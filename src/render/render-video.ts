import { analysedSize } from '../decode/decode-command.js';
import { FrameReader } from '../decode/frame-reader.js';
import { CONFINEMENT, openSource } from '../decode/input.js';
import { probeVideo } from '../decode/probe.js';
import { BodyscriptError } from '../errors.js';
import type { Frame } from '../model/frame.js';
import { planeLayout, YUV_ZERO, type YuvImage } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import { type FrameResult, type FrameStatus, type PersonResult, statusOf } from '../model/result.js';
import { type OverlayOptions, OverlaySink } from '../sinks/overlay/overlay-sink.js';
import { findFfmpeg } from '../system/ffmpeg-binaries.js';
import type { TableFrame, TablePerson } from '../tables/landmark-frame.js';
import { poseOf } from '../tables/pose-of.js';
import { readLandmarks } from '../tables/read-landmarks.js';

export interface RenderOptions extends OverlayOptions {
  /** Whether skeletons stand on black in place of the video's pictures. */
  readonly black: boolean;
  /** Longer side of the film in pixels, if made smaller. */
  readonly maxSize: number | undefined;
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
 * Makes an overlay anew from a landmark file and its video, without analysis. Frames are matched by their number and time; frames that the file does not have are shown as they are.
 * @throws BodyscriptError `TABLE_INVALID` where the file is of another video; those of decoder and encoder
 */
export async function renderVideo(
  table: string,
  path: string,
  output: string,
  options: RenderOptions,
  signal: AbortSignal,
): Promise<Rendered> {
  const source = await openSource(path);
  const { ffmpeg, ffprobe } = await findFfmpeg(options);
  const video = await probeVideo(source, ffprobe, { rotate: undefined, streamIndex: undefined });
  const size = analysedSize(video, options.maxSize);
  const audio = { streams: video.audio, start: undefined, end: undefined, url: source.url };
  const openOptions = [...CONFINEMENT, ...source.openOptions];
  const sound = video.audio.length === 0 ? undefined : { ...audio, openOptions };
  const sink = await OverlaySink.create({ path: output, video, ...size, audio: sound, ffmpeg, ffprobe }, options);
  try {
    await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
    const told = await drawAll(reader, new Rows(table), sink, options.black, signal);
    await sink.finish();
    await sink.publish();
    return { frames: reader.report.decodedFrames, told, warnings: [...reader.report.warnings, ...sink.warnings] };
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

async function drawAll(
  reader: FrameReader,
  rows: Rows,
  sink: OverlaySink,
  black: boolean,
  signal: AbortSignal,
): Promise<number> {
  let told = 0;
  for await (const frame of reader.frames()) {
    try {
      signal.throwIfAborted();
      const row = await rows.of(frame);
      if (row) told++;
      if (black) blacken(frame.image);
      await sink.write(frame, resultOf(frame, row));
    } finally {
      frame.release();
    }
  }
  await rows.end();
  return told;
}

/** A file's frames, asked for in rising order. */
class Rows {
  readonly #path: string;
  readonly #frames: AsyncGenerator<TableFrame>;
  #next: TableFrame | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#frames = readLandmarks(path);
  }

  async of({ frameId, timestamp }: Frame): Promise<TableFrame | undefined> {
    while (!this.#next || this.#next.frameId < frameId) {
      const { done, value } = await this.#frames.next();
      if (done) return undefined;
      this.#next = value;
    }
    if (this.#next.frameId !== frameId) return undefined;
    if (Math.abs(this.#next.timestamp - timestamp) > SAME_TIME_SECONDS) {
      throw new BodyscriptError(
        'TABLE_INVALID',
        `${this.#path}: frame ${frameId} is at ${this.#next.timestamp} s, the video's at ${timestamp.toFixed(6)} s: it is of another video`,
        { remedy: 'Name the video that was analysed.' },
      );
    }
    return this.#next;
  }

  async end(): Promise<void> {
    await this.#frames.return(undefined);
  }
}

/** Times in files are rounded to a millisecond at the coarsest. */
const SAME_TIME_SECONDS = 0.002;

function resultOf({ frameId, timestamp }: Frame, row: TableFrame | undefined): FrameResult {
  const people = (row?.people ?? []).map(
    (person): PersonResult => ({
      personId: person.personId,
      status: person.status as Exclude<FrameStatus, 'missing'>,
      strategy: person.strategy,
      score: person.score ?? 0,
      pose: shownPose(person),
    }),
  );
  return { frameId, timestamp, status: statusOf(people), people };
}

/** Filled landmarks have no visibility of their own, and are to be seen. */
function shownPose(person: TablePerson): Pose {
  const pose = poseOf(person);
  if (person.status !== 'filled') return pose;
  return { ...pose, landmarks: pose.landmarks.map(mark => ({ ...mark, visibility: 1 })) };
}

function blacken({ width, height, data }: YuvImage): void {
  const { cb } = planeLayout(width, height);
  data.fill(YUV_ZERO.luma, 0, cb);
  data.fill(YUV_ZERO.chroma, cb);
}
