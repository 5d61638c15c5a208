import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyscriptError, shortMessage } from '../../errors.js';
import type { Frame, VideoInfo } from '../../model/frame.js';
import { YUV_ZERO, type YuvImage, yuvBytes } from '../../model/picture.js';
import type { FrameResult } from '../../model/result.js';
import { type ChildExit, ChildProgram } from '../../system/child-process.js';
import type { Binary } from '../../system/ffmpeg-binaries.js';
import { outputError, partialPath } from '../../system/whole-file.js';
import { type Sink, StageClock } from '../sink.js';
import { drawSkeleton } from './draw-skeleton.js';
import { closingTick, encodeArguments, type OverlayAudio, timescaleOf } from './encode-command.js';
import type { Legend } from './legend.js';
import { frameHead, NANOSECONDS, streamHead } from './matroska-stream.js';
import { framesInMp4 } from './verify-overlay.js';

/** How the overlay looks. */
export interface OverlayOptions {
  /** x264's constant rate factor, 0 (lossless) to 51. */
  readonly crf: number;
  /** Joints less visible are not drawn, 0-1. */
  readonly minVisibility: number;
  /** Whether frame, time and strategy are written into the picture. */
  readonly labels: boolean;
}

export interface OverlayJob {
  readonly path: string;
  readonly video: VideoInfo;
  readonly width: number;
  readonly height: number;
  readonly audio: OverlayAudio | undefined;
  readonly ffmpeg: Binary;
  readonly ffprobe: Binary;
}

/** An aborted encoder gets this long to close its file by itself. */
const CLOSING_TIME_MS = 1500;
const COMPLAINTS_KEPT = 20;

/** Draws the people into each frame and encodes the frames, at the source's own times, with its sound. */
export class OverlaySink implements Sink {
  readonly path: string;
  readonly #job: OverlayJob;
  readonly #options: OverlayOptions;
  readonly #legend: Legend | undefined;
  readonly #clock = new StageClock();
  readonly #timescale: number;
  readonly #complaints: string[] = [];
  #encoder: ChildProgram | undefined;
  #shift = 0;
  #lastTick = -1;
  /** Frames that the encoder has taken. */
  #sent = 0;

  private constructor(job: OverlayJob, options: OverlayOptions, legend: Legend | undefined) {
    this.path = job.path;
    this.#job = job;
    this.#options = options;
    this.#timescale = timescaleOf(job.video.timeBase);
    this.#legend = legend;
  }

  static async create(job: OverlayJob, options: OverlayOptions): Promise<OverlaySink> {
    await mkdir(dirname(job.path), { recursive: true }).catch(cause => {
      throw outputError(job.path, cause);
    });
    return new OverlaySink(job, options, options.labels ? await createLegend(job.width, job.height) : undefined);
  }

  get stageMs(): Readonly<Record<string, number>> {
    return this.#clock.ms;
  }

  /** MP4 cannot begin before zero. */
  get warnings(): readonly string[] {
    if (this.#shift === 0) return [];
    return [`the overlay's times are ${this.#shift} s later than the source's, which begin before zero`];
  }

  async write(frame: Frame, result: FrameResult): Promise<void> {
    await this.#clock.time('draw', () => this.#draw(frame.image, result));
    await this.#clock.time('encode', () => this.#encode(frame));
  }

  async finish(): Promise<void> {
    const encoder = this.#encoder;
    if (!encoder) return;
    await this.#clock.time('encode', async () => {
      const { width, height, ffmpeg } = this.#job;
      const closing = closingTick(ffmpeg, this.#lastTick, this.#timescale);
      if (closing !== undefined) await this.#sendAt(closing, Buffer.alloc(yuvBytes(width, height), YUV_ZERO.chroma));
      encoder.stdin.end();
      this.#checkExit(await encoder.exited);
      await this.#verify();
    });
  }

  async abort(): Promise<void> {
    const encoder = this.#encoder;
    if (!encoder) return;
    encoder.stdin.end();
    // With the sound of hours still to copy, it is told to stop; on SIGTERM ffmpeg writes the file's index as well.
    await Promise.race([encoder.exited, delay(CLOSING_TIME_MS, undefined, { ref: false })]);
    await encoder.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder?.stop('SIGKILL');
  }

  #draw(image: YuvImage, result: FrameResult): void {
    for (const person of result.people) drawSkeleton(image, person.pose, this.#options.minVisibility);
    this.#legend?.draw(image, legendLines(result));
  }

  async #encode(frame: Frame): Promise<void> {
    this.#encoder ??= this.#start(frame);
    const { data } = frame.image;
    // Two frames of one time are told apart by a tick: an MP4's times must rise.
    const tick = Math.max(Math.round((frame.timestamp + this.#shift) * this.#timescale), this.#lastTick + 1);
    this.#lastTick = tick;
    await this.#sendAt(tick, Buffer.from(data.buffer, data.byteOffset, data.length));
  }

  async #sendAt(tick: number, pixels: Buffer): Promise<void> {
    const nanoseconds = (BigInt(tick) * BigInt(NANOSECONDS) + BigInt(this.#timescale >> 1)) / BigInt(this.#timescale);
    await this.#send(frameHead(nanoseconds, pixels.length), pixels);
    this.#sent++;
  }

  #start({ timestamp, image }: Frame): ChildProgram {
    const { video, width, height, audio, ffmpeg, path } = this.#job;
    this.#shift = timestamp < 0 ? -timestamp : 0;
    const args = encodeArguments({
      width,
      height,
      matrix: image.matrix,
      timescale: this.#timescale,
      shift: this.#shift,
      crf: this.#options.crf,
      audio,
      outputUrl: `file:${partialPath(path)}`,
      ffmpeg,
    });
    const encoder = new ChildProgram({
      role: 'encoder',
      file: ffmpeg.path,
      args,
      onStderrLine: line => {
        if (this.#complaints.length < COMPLAINTS_KEPT) this.#complaints.push(line);
      },
      stdin: 'pipe',
      stdout: 'ignore',
    });
    encoder.stdin.write(streamHead(image, video.averageRate && video.averageRate.den / video.averageRate.num));
    return encoder;
  }

  /** Returns when the encoder has taken all bytes: the pixels are free then. */
  async #send(...parts: readonly Buffer[]): Promise<void> {
    const encoder = this.#encoder as ChildProgram;
    for (const part of parts) {
      const taken = await new Promise<boolean>(resolve => encoder.stdin.write(part, error => resolve(!error)));
      if (!taken) {
        this.#checkExit(await encoder.exited);
        throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the encoder ended before the video did`);
      }
    }
  }

  /** ffmpeg may end with 0 when the disk is full at the last moment: what counts is what the file holds. */
  async #verify(): Promise<void> {
    const frames = await framesInMp4(partialPath(this.path), this.#job.ffprobe);
    if (frames === this.#sent) return;
    this.#checkDisk();
    const found = frames === undefined ? 'cannot be read back' : `holds ${frames} of ${this.#sent} frames`;
    throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the finished overlay ${found}`, {
      remedy: 'Check the disk, then run it again; --no-overlay does without the encoder.',
    });
  }

  #checkDisk(): void {
    const said = this.#complaints.find(line => /No space left on device/i.test(line));
    if (said) throw outputError(this.path, Object.assign(new Error(said), { code: 'ENOSPC' }));
  }

  #checkExit(exit: ChildExit): void {
    if (exit.code === 0) return;
    this.#checkDisk();
    const said = this.#complaints.filter(line => /\[(error|fatal)\]/.test(line)).at(-1) ?? this.#complaints.at(-1);
    const how = exit.signal
      ? `was killed (${exit.signal})`
      : `failed (${said?.replace(/^.*\[(error|fatal)\] /, '') ?? `code ${exit.code}`})`;
    throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the overlay's encoder ${how}`, {
      cause: exit.startError,
      remedy: 'Run it again; --no-overlay does without the encoder.',
    });
  }
}

/** The canvas library costs 17 MB: it is loaded for labels alone. */
async function createLegend(width: number, height: number): Promise<Legend> {
  try {
    // Where its binary is missing, only a `require` of it fails in a way that can be caught.
    createRequire(import.meta.url)('@napi-rs/canvas');
    const { Legend } = await import('./legend.js');
    return new Legend(width, height);
  } catch (cause) {
    throw new BodyscriptError('LABELS_MISSING', `--labels needs @napi-rs/canvas (${shortMessage(cause)})`, {
      cause,
      remedy: 'Install the packages again without --omit=optional, or do without --labels.',
    });
  }
}

function legendLines(result: FrameResult): string[] {
  const first = result.people[0];
  const how = first ? `${result.status} by ${first.strategy}, score ${first.score.toFixed(2)}` : result.status;
  return [`frame ${result.frameId}  ${result.timestamp.toFixed(3)} s`, how];
}
