import { type Rational, ticksToSeconds, type VideoInfo } from '../model/frame.js';
import { isSelected, type TickSelection } from './selection.js';
import { parseDecoderLine, type ShownFrame } from './showinfo.js';

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

/** Follows ffmpeg's stderr: numbers and times of all frames, in step with the pictures on stdout, and what went wrong. */
export class DecoderLog {
  readonly #selection: (timeBase: Rational) => TickSelection;
  readonly #fallbackStep: number;
  #timeBase: Rational;
  #ticks: TickSelection;
  #decoded = 0;
  #guessed = 0;
  #lastTimestamp: number | undefined;
  #complaintCount = 0;
  #lastComplaintAt: number | undefined;
  readonly #complaints: DecoderComplaint[] = [];
  readonly #stamps: FrameStamp[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(info: VideoInfo, selection: (timeBase: Rational) => TickSelection) {
    this.#selection = selection;
    this.#timeBase = info.timeBase;
    this.#ticks = selection(info.timeBase);
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

  read(line: string): void {
    const message = parseDecoderLine(line);
    if (message?.kind === 'frame') this.#addFrame(message.frame);
    else if (message?.kind === 'timeBase') {
      this.#timeBase = message.timeBase;
      this.#ticks = this.#selection(message.timeBase);
    } else if (message?.kind === 'error') this.#addComplaint(message.text);
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

  #addFrame({ n, pts }: ShownFrame): void {
    const frameId = this.#decoded++;
    const timestamp = pts === undefined ? this.#guess() : ticksToSeconds(pts, this.#timeBase);
    this.#lastTimestamp = timestamp;
    if (!isSelected(this.#ticks, n, pts)) return;
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
