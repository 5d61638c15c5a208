import { BodyscriptError } from '../errors.js';
import { type Frame, ticksToSeconds, type VideoInfo } from '../model/frame.js';
import { type YuvImage, type YuvMatrix, yuvBytes } from '../model/picture.js';
import { type BytePipe, type ByteSource, openBytePipe, streamSource } from '../system/byte-pipe.js';
import { ChildProgram, signalThatEnded } from '../system/child-process.js';
import type { Binary } from '../system/ffmpeg-binaries.js';
import { OpenStack } from '../system/open-stack.js';
import { counted } from '../text/counted.js';
import { absentWarnings, blacken, withAbsent } from './absent-pictures.js';
import { analysedMatrix } from './colour.js';
import { type CombWatch, combWatchFor } from './comb-watch.js';
import { mainComplaint } from './complaint.js';
import { decodeArguments, type PictureSize } from './decode-command.js';
import { DecoderLog, type FrameStamp } from './decoder-log.js';
import { type Deinterlacer, deinterlaceWarnings, findDeinterlacer, HELD_BY_DEINTERLACER } from './deinterlace.js';
import { FramePool } from './frame-pool.js';
import { FrameTimes } from './frame-times.js';
import type { VideoSource } from './input.js';
import { addressSpaceFor, checkPixelComplaint } from './limits.js';
import { turnedInside, turnWarnings } from './picture-turns.js';
import { type FrameSelection, inTicks, isSelected, type TickSelection } from './selection.js';
import { SizeChanges } from './size-changes.js';
import { clockWarnings, outsideOfVideo } from './time-span.js';

/** A decoder holds back frames that are shown later than stored; an error this close to the end concerns the end. */
const FRAMES_HELD_BACK = 40;

/** What to decode, and how. */
export interface DecodeJob {
  readonly source: VideoSource;
  readonly video: VideoInfo;
  /** Size of the output pictures. */
  readonly size: PictureSize;
  readonly selection: FrameSelection;
  readonly ffmpeg: Binary;
  /** True seconds in a second of the file; 1 if not given. */
  readonly timeScale?: number;
  /**
   * The decoder begins at the key frame at or before this time, in seconds of the file; undefined: at the beginning.
   * Frames are counted from there, so that only their times are the file's.
   */
  readonly seek?: number;
  /** Frames that the consumer keeps in addition to the current one and the one being written. */
  readonly held?: number;
}

/** Summary of a completely decoded video. */
export interface DecodeReport {
  /** All decoded frames, skipped ones included; with `--max-frames` up to the last one read. */
  readonly decodedFrames: number;
  /** Time of the first decoded frame, skipped or not, in seconds of the file; null before any frame is decoded. */
  readonly firstTimestamp: number | null;
  readonly warnings: readonly string[];
}

/**
 * Reads a video's frames through one ffmpeg, in order, one ahead of the consumer. At most `FRAMES_IN_MEMORY` plus the
 * held ones exist; the pipe makes ffmpeg wait. Iterate once. If the video ends abnormally, the iteration throws after
 * its last whole frame.
 */
export class FrameReader implements AsyncDisposable {
  readonly #source: VideoSource;
  readonly #info: VideoInfo;
  readonly #selection: FrameSelection;
  readonly #size: PictureSize;
  readonly #matrix: YuvMatrix;
  readonly #log: DecoderLog;
  readonly #sizes: SizeChanges;
  readonly #deinterlacer: Deinterlacer | undefined;
  readonly #combs: CombWatch | undefined;
  readonly #pool: FramePool;
  readonly #decoder: ChildProgram;
  readonly #bytes: ByteSource;
  readonly #ticks: TickSelection;
  /** Frames of numbered pictures that could not be decoded. */
  readonly #absent: number[] = [];
  #read = 0;
  #lastFrameId: number;
  readonly #timeScale: number;
  #stopped = false;

  private constructor(job: DecodeJob, pipe: BytePipe | undefined, deinterlacer: Deinterlacer | undefined) {
    const { source, video, size, selection, ffmpeg, held, timeScale, seek } = job;
    this.#source = source;
    this.#info = video;
    this.#selection = selection;
    this.#size = size;
    this.#lastFrameId = (selection.fromFrame ?? 0) - 1;
    this.#matrix = analysedMatrix(video);
    const ticks = inTicks(selection, video.timeBase, source.files.length > 1 ? 'pts' : 'n');
    this.#ticks = ticks;
    this.#timeScale = timeScale ?? 1;
    this.#deinterlacer = deinterlacer;
    this.#combs = combWatchFor(video, size.height);
    const stored = { width: video.codedWidth, height: video.codedHeight };
    this.#sizes = new SizeChanges(stored, deinterlacer ? HELD_BY_DEINTERLACER : 0);
    const own = { times: new FrameTimes(), sizes: this.#sizes, deinterlacer };
    this.#log = new DecoderLog(video, own, ticks, timeScale);
    this.#pool = new FramePool(yuvBytes(size.width, size.height), held);
    this.#decoder = new ChildProgram({
      role: 'decoder',
      file: ffmpeg.path,
      args: decodeArguments(source, video, size, { ...selection, seek }, ticks, own, ffmpeg),
      onStderrLine: line => this.#log.read(line),
      stdin: source.pipe ? 'pipe' : 'ignore',
      stdout: pipe?.childEnd ?? 'pipe',
      inherit: source.descriptor,
      addressSpace: addressSpaceFor(video.codedWidth * video.codedHeight),
    });
    pipe?.childEnd.destroy();
    if (source.pipe) void source.pipe.feed(this.#decoder.stdin);
    this.#bytes = pipe ?? streamSource(this.#decoder.stdout);
    void this.#decoder.exited.then(() => this.#log.close());
  }

  /** Starts the decoder. */
  static async open(job: DecodeJob): Promise<FrameReader> {
    await using opened = new OpenStack();
    const deinterlacer = job.video.deinterlaced === 'no' ? undefined : await findDeinterlacer(job.ffmpeg);
    const pipe = await openBytePipe();
    if (pipe) {
      opened.add(pipe);
      opened.add(pipe.childEnd, end => end.destroy());
    }
    // Allocates the pictures and starts a program; either may fail.
    const reader = new FrameReader(job, pipe, deinterlacer);
    opened.keep();
    return reader;
  }

  /** How the pictures' colours are encoded. */
  get matrix(): YuvMatrix {
    return this.#matrix;
  }

  get report(): DecodeReport {
    const last = this.#lastFrameId + 1;
    return {
      decodedFrames: this.#isLimited() ? last : Math.max(last, this.#log.decoded),
      firstTimestamp: this.#log.span?.first ?? null,
      warnings: this.#warnings(),
    };
  }

  /** Frames that ffmpeg has decoded so far, skipped ones included. */
  get decoded(): number {
    return this.#log.decoded;
  }

  /** The frames. Each is valid until its `release()`; the reader waits for unreleased ones. */
  frames(): AsyncIterable<Frame> {
    const frames = this.#allFrames();
    return new ReadableStream<Frame>(
      {
        pull: async controller => {
          const { value: frame } = await frames.next();
          if (frame) controller.enqueue(frame);
          else controller.close();
        },
      },
      { highWaterMark: 1 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#bytes.close();
    this.#source.pipe?.close();
    await this.#decoder.stop('SIGKILL');
  }

  #allFrames(): AsyncGenerator<Frame> {
    const { fromFrame: first = 0, maxFrames: most = Number.POSITIVE_INFINITY } = this.#selection;
    return withAbsent(() => this.#nextFrame(), {
      first,
      most,
      // For other videos the number of frames is unknown, and an undecoded frame has no number.
      count: this.#ticks.counter === 'pts' ? this.#source.files.length : 0,
      isWanted: id => this.#ticks.counter === 'pts' && isSelected(this.#ticks, id, id),
      makeBlack: id => this.#blackFrame(id),
    });
  }

  async #blackFrame(frameId: number): Promise<Frame> {
    const pixels = await this.#pool.take();
    blacken(pixels, this.#size.width * this.#size.height);
    this.#absent.push(frameId);
    const seconds = ticksToSeconds(frameId, this.#info.timeBase);
    const stamp = { frameId, timestamp: seconds * this.#timeScale, steady: { seconds, leaps: 0 } };
    return this.#frameOf(stamp, pixels);
  }

  async #nextFrame(): Promise<Frame | undefined> {
    const pixels = await this.#pool.take();
    const whole = this.#selection.maxFrames !== 0 && (await this.#bytes.fill(pixels));
    const stamp = whole ? await this.#log.next() : undefined;
    if (!stamp) {
      this.#pool.giveBack(pixels);
      await this.#checkEnd(whole);
      return undefined;
    }
    this.#combs?.look(this.#imageOf(pixels));
    return this.#frameOf(stamp, pixels);
  }

  #imageOf(data: Uint8Array): YuvImage {
    return { ...this.#size, data, matrix: this.#matrix };
  }

  #frameOf(stamp: FrameStamp, pixels: Uint8Array): Frame {
    this.#read++;
    this.#lastFrameId = Math.max(this.#lastFrameId, stamp.frameId);
    let released = false;
    return {
      ...stamp,
      image: this.#imageOf(pixels),
      release: () => {
        if (!released) this.#pool.giveBack(pixels);
        released = true;
      },
    };
  }

  async #checkEnd(unexplainedFrame: boolean): Promise<void> {
    if (this.#selection.maxFrames === 0) return; // An earlier run has read them all.
    if (this.#log.failure) await this.#decoder.stop('SIGKILL'); // It waits until its pictures are read.
    const exit = await this.#decoder.exited;
    if (this.#stopped) return;
    const { path } = this.#source;
    if (this.#log.failure) {
      throw new BodyscriptError('INPUT_DAMAGED', `${path}: ${this.#log.failure.message} by ffmpeg`, {
        cause: this.#log.failure,
        remedy: 'Convert the video first: ffmpeg -i IN -map 0:v -c copy -map_metadata -1 OUT.mkv',
      });
    }
    if (exit.startError) {
      throw new BodyscriptError('FFMPEG_MISSING', `${path}: the decoder could not be started`, {
        cause: exit.startError,
      });
    }
    const signal = signalThatEnded(exit);
    if (signal) {
      throw new BodyscriptError(
        'DECODER_FAILED',
        `${path}: ffmpeg was killed (${signal}) after frame ${this.#lastFrame()}`,
        {
          remedy:
            'Run the same command again; if the system ran out of memory, add --max-size 640 or end other programs.',
        },
      );
    }
    if (unexplainedFrame) throw new BodyscriptError('INTERNAL', `${path}: ffmpeg sent a frame without its time`);
    this.#checkDamage(exit.code);
  }

  #checkDamage(exitCode: number | undefined): void {
    const { path } = this.#source;
    const { decoded, complaints, lastComplaintAt } = this.#log;
    const reason = mainComplaint(complaints)?.text ?? `ffmpeg exited with code ${exitCode}`;
    const isNumbered = this.#ticks.counter === 'pts'; // There an error concerns one picture.
    const atEnd =
      !isNumbered && lastComplaintAt !== undefined && decoded - lastComplaintAt <= FRAMES_HELD_BACK && !this.#isCut();
    if (!this.#log.span) throw this.#noFrames(complaints.length > 0 || exitCode !== 0 ? reason : undefined);
    if (exitCode !== 0 || atEnd) {
      throw new BodyscriptError('INPUT_DAMAGED', `${path}: damaged or cut off after frame ${decoded - 1} (${reason})`, {
        remedy: 'Copy it again from the source; the frames before the damage are kept.',
      });
    }
    if (this.#read === 0 && !this.#selection.fromFrame) {
      throw outsideOfVideo(path, this.#log.span, this.#info, this.#log.isWhole);
    }
  }

  /** Whether a limit stopped the video before its end. */
  #isCut(): boolean {
    return this.#isLimited() || !this.#log.isWhole;
  }

  /** Whether `--max-frames` stopped the video; ffmpeg may have decoded a few more frames. */
  #isLimited(): boolean {
    return this.#selection.maxFrames !== undefined && this.#read >= this.#selection.maxFrames;
  }

  #isPart(): boolean {
    const { start, end, every } = this.#selection;
    return start !== undefined || end !== undefined || every > 1;
  }

  #noFrames(reason: string | undefined): BodyscriptError {
    const { path } = this.#source;
    checkPixelComplaint(this.#source, reason);
    if (reason && /decoder .*not found|could not find codec|no decoder|unknown codec/i.test(reason)) {
      return new BodyscriptError(
        'INPUT_CODEC_UNKNOWN',
        `${path}: this ffmpeg cannot decode ${this.#info.codec} (${reason})`,
        {
          remedy: 'Install a newer ffmpeg (or give its path with --ffmpeg), or convert the video to H.264.',
        },
      );
    }
    return new BodyscriptError('INPUT_NO_FRAMES', `${path}: no frame could be decoded${reason ? ` (${reason})` : ''}`, {
      remedy: 'Check that it plays in a video player; copy or record it again if it does not.',
    });
  }

  #lastFrame(): string {
    return this.#log.decoded === 0 ? 'none' : String(this.#log.decoded - 1);
  }

  #warnings(): string[] {
    const { complaintCount, complaints, guessedTimes, decoded } = this.#log;
    const turned = turnWarnings(this.#info, this.#size);
    if (this.#ticks.counter === 'n') turned.push(...turnedInside(this.#log.rebuilds, this.#isPart()));
    // Rotated pictures can have different stored sizes and yet the same displayed size.
    const changed = this.#info.turns ? [] : this.#sizes.warnings(this.#size, this.#log.rebuilds.count);
    const warnings = [...deinterlaceWarnings(this.#info, this.#deinterlacer), ...turned, ...changed];
    warnings.push(...(this.#combs?.warnings ?? []));
    warnings.push(...absentWarnings(this.#source.files, this.#absent));
    if (complaintCount > 0) {
      const first = complaints[0];
      warnings.push(
        `ffmpeg reported ${counted(complaintCount, 'error')}, the first before frame ${first?.atFrame}: ${first?.text}`,
      );
    }
    if (this.#log.span) warnings.push(...clockWarnings(this.#log.span));
    if (guessedTimes > 0)
      warnings.push(
        `${counted(guessedTimes, 'frame has', 'frames have')} no time in the file: it is computed from the frame rate`,
      );
    const { frameCount } = this.#info;
    const whole = this.#selection.end === undefined && this.#selection.maxFrames === undefined;
    if (whole && frameCount !== undefined && frameCount !== decoded) {
      warnings.push(
        `the container lists ${counted(frameCount, 'frame')}, but ${counted(decoded, 'was', 'were')} decoded`,
      );
    }
    return warnings;
  }
}
