import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyscriptError } from '../errors.js';
import type { Frame, VideoInfo } from '../model/frame.js';
import { type ChildExit, ChildProgram, signalThatEnded } from '../system/child-process.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { outputError, partialPath, publish, writePartial } from '../system/whole-file.js';
import { counted } from '../text/counted.js';
import { encodeArguments, type FilmSpan, finishArguments, type OverlayAudio, timescaleOf } from './encode-command.js';
import { FragmentFile } from './fragment-file.js';
import { setLastFrameTime } from './last-frame.js';
import { frameHead, NANOSECONDS, streamHead } from './matroska-stream.js';
import { framesInMp4 } from './verify-mp4.js';

/** How a film is encoded. */
export interface FilmOptions {
  /** x264's constant rate factor, 0 (lossless) to 51. */
  readonly crf: number;
  /** Longer side of the film's pictures in pixels, if they are smaller than the drawn ones. */
  readonly longest?: number | undefined;
}

export interface FilmJob {
  readonly path: string;
  readonly video: VideoInfo;
  readonly width: number;
  readonly height: number;
  readonly audio: OverlayAudio | undefined;
  readonly ffmpeg: Binary;
  readonly ffprobe: Binary;
}

/** Where to continue a film. */
export interface FilmState {
  /** Length of the `*.partial` file. */
  readonly bytes: number;
  /** Frames in it: the encoder may hold back later ones. */
  readonly frames: number;
  /** Tick of the last frame on disk; -1 if none exists. */
  readonly lastTick: number;
  /** The same on the source's clock, and the step before it. */
  readonly lastOwn: number | undefined;
  readonly step: number | undefined;
  /** Steady time of the first frame, in seconds of the source: the film begins at 0. */
  readonly begins: number | undefined;
  /** Jumps of the source's clock before the film, and up to its last frame. */
  readonly leaps: number;
}

/** A frame's position in the film, the position of its own time, and the last step between such times, in ticks. */
interface Placed {
  readonly tick: number;
  readonly own: number | undefined;
  readonly step: number | undefined;
}

const NOWHERE: Placed = { tick: -1, own: undefined, step: undefined };

/** Time for an aborted encoder to close its file by itself. */
const CLOSING_TIME_MS = 1500;
const COMPLAINTS_KEPT = 20;

/**
 * Encodes frames spaced as in the source, starting at 0. Until the end they are fragments in the `*.partial` file,
 * which a later run can continue; then they become the final file, with the source's audio.
 */
export class VideoEncoder implements AsyncDisposable {
  readonly path: string;
  readonly #job: FilmJob;
  readonly #options: FilmOptions;
  readonly #fragments: FragmentFile;
  readonly #timescale: number;
  readonly #complaints: string[] = [];
  #encoder: ChildProgram | undefined;
  #finisher: ChildProgram | undefined;
  /** Settles when all encoder output is on disk. */
  #taken: Promise<void> = Promise.resolve();
  #begins: number | undefined;
  #leaps: number;
  /** Positions of the frames after the last one known to be on disk. */
  #placed: Placed[];
  /** Frames sent to an encoder, in this run or an earlier one. */
  #sent: number;

  private constructor(job: FilmJob, options: FilmOptions, fragments: FragmentFile, resume: FilmState | undefined) {
    this.path = job.path;
    this.#job = job;
    this.#options = options;
    this.#timescale = timescaleOf(job.video.timeBase);
    this.#fragments = fragments;
    this.#begins = resume?.begins;
    this.#leaps = resume?.leaps ?? 0;
    this.#placed = [{ tick: resume?.lastTick ?? -1, own: resume?.lastOwn, step: resume?.step }];
    this.#sent = resume?.frames ?? 0;
  }

  /** @param resume where to continue existing fragments */
  static async create(job: FilmJob, options: FilmOptions, resume?: FilmState): Promise<VideoEncoder> {
    return new VideoEncoder(job, options, await FragmentFile.open(job.path, resume), resume);
  }

  /** Frames of the film so far, including those of an earlier run. */
  get frames(): number {
    return this.#sent;
  }

  get warnings(): readonly string[] {
    return this.#isStream && this.#job.audio ? ['the overlay on stdout has no sound'] : [];
  }

  get state(): FilmState {
    const { bytes, frames } = this.#fragments.state;
    const waiting = this.#sent - frames;
    this.#placed = this.#placed.slice(-1 - waiting);
    const [{ tick: lastTick, own: lastOwn, step } = NOWHERE] = this.#placed;
    return { bytes, frames, lastTick, lastOwn, step, begins: this.#begins, leaps: this.#leaps };
  }

  /** Settles when the encoder has taken the frame's pixels. */
  async encode(frame: Frame): Promise<void> {
    this.#begins ??= frame.steady.seconds;
    this.#leaps = frame.steady.leaps;
    this.#encoder ??= this.#start(frame);
    const { data } = frame.image;
    const last = this.#last;
    const own = Math.round((frame.steady.seconds - this.#begins) * this.#timescale);
    // Two frames of the same time are one tick apart: an MP4's times must rise.
    const tick = Math.max(own, last.tick + 1);
    const step = last.own !== undefined && own > last.own ? own - last.own : last.step;
    await this.#sendAt({ tick, own, step }, Buffer.from(data.buffer, data.byteOffset, data.length));
  }

  /** After the last frame: completes the file, still under a `*.partial` name. */
  async finish(): Promise<void> {
    if (this.#sent === 0) return this.#fragments.close();
    if (this.#isStream) return this.#finishStream();
    await this.#endEncoder();
    const output = await this.#makeWhole();
    await this.#fragments.close();
    await this.#verify(output);
    await setLastFrameTime(output, this.#lastFrameTicks());
  }

  /** Gives the finished file its final name. */
  async publish(): Promise<void> {
    if (this.#isStream) return;
    if (this.#sent === 0) return publish(this.path);
    await publish(this.#whole, this.path);
    await rm(partialPath(this.path), { force: true });
  }

  /** Stops early: the fragments stay as `*.partial`. */
  async abort(): Promise<void> {
    const encoder = this.#encoder;
    await this.#finisher?.stop('SIGKILL');
    encoder?.stdin.end();
    await Promise.race([encoder?.exited, delay(CLOSING_TIME_MS, undefined, { ref: false })]);
    await encoder?.stop();
    await this.#taken;
    await this.#fragments.close();
    if (this.#finisher) await rm(this.finishedFile, { force: true }); // The fragments can recreate it.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#finisher?.stop('SIGKILL');
    await this.#encoder?.stop('SIGKILL');
    await this.#fragments.close();
  }

  /** Whether the fragments go to stdout or a device, and are the only output. */
  get #isStream(): boolean {
    return this.#fragments.isStream;
  }

  /** Where the finished file is until it is published; undefined for a stream. */
  get finishedFile(): string {
    return partialPath(this.#whole);
  }

  /** Name of the finished file until it is published. */
  get #whole(): string {
    return `${this.path}.whole`;
  }

  get #last(): Placed {
    return this.#placed.at(-1) ?? NOWHERE;
  }

  async #sendAt(placed: Placed, pixels: Buffer): Promise<void> {
    const nanoseconds =
      (BigInt(placed.tick) * BigInt(NANOSECONDS) + BigInt(this.#timescale >> 1)) / BigInt(this.#timescale);
    await this.#send(frameHead(nanoseconds, pixels.length), pixels);
    this.#placed = [...this.#placed.slice(-1 - this.#sent + this.#fragments.state.frames), placed];
    this.#sent++;
  }

  #start({ image }: Frame): ChildProgram {
    const { video, width, height, ffmpeg } = this.#job;
    const args = encodeArguments({
      width,
      height,
      longest: this.#options.longest,
      matrix: image.matrix,
      timescale: this.#timescale,
      crf: this.#options.crf,
      ffmpeg,
    });
    const encoder = new ChildProgram({
      role: 'encoder',
      file: ffmpeg.path,
      args,
      onStderrLine: this.#complain,
      stdin: 'pipe',
      stdout: 'pipe',
    });
    this.#taken = this.#fragments.take(encoder.stdout);
    encoder.stdin.write(streamHead(image, video.averageRate && video.averageRate.den / video.averageRate.num));
    return encoder;
  }

  readonly #complain = (line: string): void => {
    if (this.#complaints.length < COMPLAINTS_KEPT) this.#complaints.push(line);
  };

  async #finishStream(): Promise<void> {
    await this.#endEncoder();
    await this.#fragments.close();
    const { frames } = this.#fragments.state;
    if (frames !== this.#sent) {
      throw new BodyscriptError(
        'ENCODER_FAILED',
        `the overlay on stdout has only ${frames} of ${counted(this.#sent, 'frame')}`,
      );
    }
  }

  async #endEncoder(): Promise<void> {
    this.#encoder?.stdin.end();
    const exit = await this.#encoder?.exited;
    await this.#taken;
    if (this.#fragments.failure !== undefined) throw this.#fragments.failure;
    if (exit) this.#checkExit(exit);
  }

  /** @returns path of the finished file */
  async #makeWhole(): Promise<string> {
    const { ffmpeg, audio } = this.#job;
    const output = partialPath(this.#whole);
    // A new name: a process about to end may still write another, or it may be a link.
    await writePartial(this.#whole, '');
    const args = finishArguments({
      timescale: this.#timescale,
      span: this.#span(),
      audio,
      fragmentsUrl: `file:${partialPath(this.path)}`,
      outputUrl: `file:${output}`,
      ffmpeg,
    });
    await using program = new ChildProgram({
      role: 'encoder',
      file: ffmpeg.path,
      args,
      onStderrLine: this.#complain,
      stdin: 'ignore',
      stdout: 'ignore',
      inherit: audio?.descriptor,
      addressSpace: audio?.addressSpace,
    });
    this.#finisher = program; // Lets an abort stop it.
    this.#checkExit(await program.exited);
    return output;
  }

  /** The last frame lasts as long as the one before. */
  #lastFrameTicks(): number {
    const { averageRate } = this.#job.video;
    const usual = averageRate ? (averageRate.den / averageRate.num) * this.#timescale : 1;
    return this.#last.step ?? Math.max(1, Math.round(usual));
  }

  #span(): FilmSpan {
    const length = (this.#last.tick + this.#lastFrameTicks()) / this.#timescale;
    return { begins: this.#begins ?? 0, length, hasLeaps: this.#leaps > 0 };
  }

  /** Returns when the encoder has taken all bytes: the pixels are then free. */
  async #send(...parts: readonly Buffer[]): Promise<void> {
    const encoder = this.#encoder as ChildProgram;
    for (const part of parts) {
      const taken = await new Promise<boolean>(resolve => encoder.stdin.write(part, error => resolve(!error)));
      if (!taken) {
        const exit = await encoder.exited;
        if (this.#fragments.failure !== undefined) throw this.#fragments.failure;
        this.#checkExit(exit);
        throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the encoder stopped before the end of the video`);
      }
    }
  }

  /** ffmpeg may exit with 0 even if the disk filled up at the last moment: only the file's content counts. */
  async #verify(output: string): Promise<void> {
    const frames = await framesInMp4(output, this.#job.ffprobe);
    if (frames === this.#sent) return;
    this.#checkDisk();
    const found =
      frames === undefined ? 'cannot be read back' : `has only ${frames} of ${counted(this.#sent, 'frame')}`;
    throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the finished overlay ${found}`, {
      remedy: 'Check the disk, then run the same command again, or leave out the overlay (--no-overlay).',
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
    const signal = signalThatEnded(exit);
    const how = signal
      ? `was killed (${signal})`
      : `failed (${said?.replace(/^.*\[(error|fatal)\] /, '') || `code ${exit.code}`})`;
    throw new BodyscriptError('ENCODER_FAILED', `${this.path}: the overlay's encoder ${how}`, {
      cause: exit.startError,
      remedy: 'Run the same command again, or leave out the overlay (--no-overlay).',
    });
  }
}
