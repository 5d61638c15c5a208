import { type Rational, ticksToSeconds, type VideoInfo } from '../model/frame.js';
import { parseComplaint } from './complaint.js';
import type { FrameFilters } from './decode-command.js';
import type { FrameTimes, ToldFrame } from './frame-times.js';
import { isSelected, type TickSelection } from './selection.js';
import type { SizeChanges } from './size-changes.js';

/** An error line of ffmpeg's, with the number of frames decoded before it. */
export interface DecoderComplaint {
  readonly atFrame: number;
  readonly text: string;
}

/** Which frame the next picture on stdout is. */
export interface FrameStamp {
  readonly frameId: number;
  readonly timestamp: number;
}

const COMPLAINTS_KEPT = 20;

/**
 * Follows ffmpeg's stderr: numbers and times of all frames, in step with the pictures on stdout, and what went wrong.
 */
export class DecoderLog {
  readonly #times: FrameTimes;
  readonly #sizes: SizeChanges;
  readonly #fallbackStep: number;
  readonly #timeBase: Rational;
  readonly #ticks: TickSelection;
  #decoded = 0;
  #guessed = 0;
  #lastTimestamp: number | undefined;
  #complaintCount = 0;
  #lastComplaintAt: number | undefined;
  readonly #complaints: DecoderComplaint[] = [];
  readonly #stamps: FrameStamp[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  /** Why times can be trusted no longer. */
  #failure: Error | undefined;

  /** @param ticks which frames ffmpeg lets pass */
  constructor(info: VideoInfo, { times, sizes }: Pick<FrameFilters, 'times' | 'sizes'>, ticks: TickSelection) {
    this.#times = times;
    this.#sizes = sizes;
    this.#timeBase = info.timeBase;
    this.#ticks = ticks;
    this.#fallbackStep = info.averageRate ? info.averageRate.den / info.averageRate.num : 0;
  }

  /** Frames that ffmpeg has decoded, passed over or not. */
  get decoded(): number {
    return this.#decoded;
  }

  /** Frames for which the file gives no time. */
  get guessedTimes(): number {
    return this.#guessed;
  }

  get complaints(): readonly DecoderComplaint[] {
    return this.#complaints;
  }

  get complaintCount(): number {
    return this.#complaintCount;
  }

  /** How many frames were decoded before the newest complaint; undefined without one. */
  get lastComplaintAt(): number | undefined {
    return this.#lastComplaintAt;
  }

  /** Why times can be trusted no longer, where that is so. */
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

  /** No more lines will come. */
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

  #addFrame({ n, pts }: ToldFrame): void {
    const number = this.#ticks.counter === 'pts' ? (pts ?? n) : n;
    const frameId = this.#ticks.counter === 'pts' ? number : this.#decoded;
    this.#decoded = frameId + 1;
    const timestamp = pts === undefined ? this.#guess() : ticksToSeconds(pts, this.#timeBase);
    this.#lastTimestamp = timestamp;
    if (!isSelected(this.#ticks, number, pts)) return;
    this.#stamps.push({ frameId, timestamp });
    this.#wake?.();
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
