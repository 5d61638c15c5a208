import { type Rational, ticksToSeconds, type VideoInfo } from '../model/frame.js';
import type { Leap, SteadyClock, SteadyTime } from '../model/steady-clock.js';
import { parseComplaint } from './complaint.js';
import type { FrameFilters } from './decode-command.js';
import type { FrameTimes, ToldFrame } from './frame-times.js';
import { isBeyond, isSelected, type TickSelection } from './selection.js';
import type { SizeChanges } from './size-changes.js';
import { steadyTicks, type TickClock, tickClockOf } from './steady-filter.js';

/** An error line from ffmpeg, with the number of frames decoded before it. */
export interface DecoderComplaint {
  readonly atFrame: number;
  readonly text: string;
}

/** Identifies the next picture on stdout. */
export interface FrameStamp {
  readonly frameId: number;
  /** Seconds in the file, multiplied by the scale. */
  readonly timestamp: number;
  readonly steady: SteadyTime;
}

/** Where a video begins and ends on its own clock, in seconds of the file. */
export interface TimeSpan {
  /** Time of the first decoded frame. */
  readonly first: number;
  /** Seconds from it to the last decoded frame, without jumps of the clock. */
  readonly length: number;
  readonly leaps: number;
  readonly firstLeap: Leap | undefined;
  /** Frames with the same time as the frame before. */
  readonly repeated: number;
}

const COMPLAINTS_KEPT = 20;

/** Reads ffmpeg's stderr: numbers and times of all frames, in step with the pictures on stdout, and what went wrong. */
export class DecoderLog {
  readonly #times: FrameTimes;
  readonly #sizes: SizeChanges;
  readonly #fallbackStep: number;
  readonly #timeBase: Rational;
  readonly #ticks: TickSelection;
  readonly #timeScale: number;
  readonly #tickClock: TickClock;
  /** Counts over the whole video, and by ffmpeg's filter, which restarts when the filters are rebuilt. */
  readonly #clock: SteadyClock;
  #chooser: { readonly clock: SteadyClock; readonly first: number } | undefined;
  #first: { readonly timestamp: number; readonly tick: number } | undefined;
  #lastTick = 0;
  #isOver = false;
  #decoded = 0;
  #guessed = 0;
  #repeated = 0;
  #lastTimestamp: number | undefined;
  #rebuilds = 0;
  #firstRebuild: number | undefined;
  #complaintCount = 0;
  #lastComplaintAt: number | undefined;
  readonly #complaints: DecoderComplaint[] = [];
  readonly #stamps: FrameStamp[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  /** Why times are unreliable from here on. */
  #failure: Error | undefined;

  /** @param ticks which frames ffmpeg passes on @param timeScale true seconds in a second of the file */
  constructor(
    info: VideoInfo,
    { times, sizes }: Pick<FrameFilters, 'times' | 'sizes'>,
    ticks: TickSelection,
    timeScale = 1,
  ) {
    this.#times = times;
    this.#sizes = sizes;
    this.#timeBase = info.timeBase;
    this.#ticks = ticks;
    this.#timeScale = timeScale;
    this.#tickClock = tickClockOf(info.timeBase, info.averageRate);
    this.#clock = steadyTicks(this.#tickClock);
    this.#fallbackStep = info.averageRate ? info.averageRate.den / info.averageRate.num : 0;
  }

  /** Frames that ffmpeg has decoded, skipped ones included. */
  get decoded(): number {
    return this.#decoded;
  }

  /** Frames without a time in the file. */
  get guessedTimes(): number {
    return this.#guessed;
  }

  get complaints(): readonly DecoderComplaint[] {
    return this.#complaints;
  }

  get complaintCount(): number {
    return this.#complaintCount;
  }

  /** How many frames were decoded before the newest complaint; undefined if none exists. */
  get lastComplaintAt(): number | undefined {
    return this.#lastComplaintAt;
  }

  /** How often ffmpeg rebuilt its filters, and the first frame after the last time. */
  get rebuilds(): { readonly count: number; readonly first: number | undefined } {
    return { count: this.#rebuilds, first: this.#firstRebuild };
  }

  /** Why times are unreliable; undefined if they are reliable. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  read(line: string): void {
    if (this.#failure) return;
    try {
      const frame = this.#times.read(line);
      if (typeof frame === 'object') this.#addFrame(frame);
      if (frame !== undefined || this.#sizes.read(line, this.#decoded - 1)) return;
      const complaint = parseComplaint(line);
      if (complaint !== undefined) this.#addComplaint(complaint);
    } catch (error) {
      this.#failure = error as Error;
      this.close();
    }
  }

  /** The log has ended. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** The stamp of the next picture; undefined when the log ended without one. */
  async next(): Promise<FrameStamp | undefined> {
    while (this.#stamps.length === 0 && !this.#closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#stamps.shift();
  }

  /** Whether the selection ended before any frame was decoded. */
  get isWhole(): boolean {
    return !this.#isOver;
  }

  /** Undefined before a frame was decoded. */
  get span(): TimeSpan | undefined {
    if (!this.#first) return undefined;
    const { timestamp, tick } = this.#first;
    const { leaps, firstLeap } = this.#clock;
    const inSeconds = firstLeap && {
      ...firstLeap,
      from: ticksToSeconds(firstLeap.from, this.#timeBase),
      to: ticksToSeconds(firstLeap.to, this.#timeBase),
    };
    const length = ticksToSeconds(this.#lastTick - tick, this.#timeBase);
    return { first: timestamp, length, leaps, firstLeap: inSeconds, repeated: this.#repeated };
  }

  #addFrame({ n, pts }: ToldFrame): void {
    if (this.#isOver) return; // ffmpeg may decode a few more before it stops.
    if (n === 0 && this.#first) this.#noteRebuild();
    const isCounted = this.#ticks.counter === 'pts';
    const number = isCounted ? (pts ?? n) : n;
    const timestamp = pts === undefined ? this.#guess() : ticksToSeconds(pts, this.#timeBase);
    const tick = this.#clock.next(pts);
    this.#first ??= { timestamp, tick };
    this.#lastTick = tick;
    if (timestamp === this.#lastTimestamp) this.#repeated++;
    this.#lastTimestamp = timestamp;
    const sinceFirst = isCounted ? number : this.#sinceFirst(n, pts);
    this.#isOver = isBeyond(this.#ticks, sinceFirst);
    if (this.#isOver) return;
    const frameId = isCounted ? number : this.#decoded;
    this.#decoded = frameId + 1;
    if (!isSelected(this.#ticks, number, sinceFirst)) return;
    const steady = { seconds: ticksToSeconds(tick, this.#timeBase), leaps: this.#clock.leaps };
    this.#stamps.push({ frameId, timestamp: timestamp * this.#timeScale, steady });
    this.#wake?.();
  }

  /** Ticks since the first frame, as counted by ffmpeg's frame-choosing filter. */
  #sinceFirst(n: number, pts: number | undefined): number {
    const clock = n === 0 || !this.#chooser ? steadyTicks(this.#tickClock) : this.#chooser.clock;
    const tick = clock.next(pts);
    if (this.#chooser?.clock !== clock) this.#chooser = { clock, first: tick };
    return tick - this.#chooser.first;
  }

  #noteRebuild(): void {
    this.#rebuilds++;
    this.#firstRebuild ??= this.#decoded;
  }

  #guess(): number {
    this.#guessed++;
    return this.#lastTimestamp === undefined ? 0 : this.#lastTimestamp + this.#fallbackStep;
  }

  #addComplaint(text: string): void {
    this.#complaintCount++;
    this.#lastComplaintAt = this.#decoded;
    if (this.#complaints.length < COMPLAINTS_KEPT) this.#complaints.push({ atFrame: this.#decoded, text });
  }
}
