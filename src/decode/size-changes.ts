import { randomInt } from 'node:crypto';
import { timesOf } from '../text/counted.js';
import { parsePrinted } from './printed-value.js';

/** Size of a picture in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** The filters that scale pictures of any size to one size. */
export interface Fitting {
  /** Options of the scale filter. */
  readonly scale: string;
  /** Filters after it that add margins. */
  readonly margins: readonly string[];
}

/** A size, and the first frame that has it. */
interface Change {
  readonly frameId: number;
  readonly from: Size;
  readonly to: Size;
}

/** Below 2^47: with a size added, a double still holds it exactly. */
const KEYS = 2 ** 47;
/** ffmpeg's number for its log level "error". */
const ERROR_LEVEL = 16;
const SIDES = 2 ** 16;

/**
 * A stream whose pictures change size midway: joined files, network calls, rotated phones. One filter graph takes all
 * of them (`-reinit_filter 0`), so that frames are counted without a break. Its scale filter scales them to the first
 * size, without distortion where margins are possible, and prints each new size with a key drawn for the run, as
 * `FrameTimes` prints times.
 */
export class SizeChanges {
  readonly #stored: Size;
  readonly #ahead: number;
  readonly #key: number;
  #last: Size | undefined;
  #changes = 0;
  #first: Change | undefined;
  #otherChanges = 0;
  #firstOther: number | undefined;
  #printedAt: number | undefined;

  /**
   * @param stored known picture size of the stream
   * @param ahead frames by which a picture reaches the filter before its time is printed
   */
  constructor(stored: Size, ahead = 0, key = randomInt(KEYS)) {
    this.#stored = stored;
    this.#ahead = ahead;
    this.#key = key;
  }

  /**
   * @param hasMargins whether pictures of another shape get margins; otherwise they are stretched
   * @param isAsStored whether pictures of the stored size have the target shape
   */
  fit({ width, height }: Size, hasMargins: boolean, isAsStored = true): Fitting {
    const isUsual = `${Number(isAsStored)}*eq(in_w,${this.#stored.width})*eq(in_h,${this.#stored.height})`;
    const side = (usual: number, fitted: string) =>
      hasMargins ? `if(${isUsual},${usual},max(1,round(min(${usual},${fitted}))))` : `${usual}`;
    const print = `0*print(${this.#key}+in_w*${SIDES}+in_h,${ERROR_LEVEL})`;
    const w = `'${side(width, `${height}*dar`)}+${print}'`;
    return {
      scale: `w=${w}:h='${side(height, `${width}/dar`)}':eval=frame`,
      margins: hasMargins ? [`pad=w=${width}:h=${height}:x=(ow-iw)/2:y=(oh-ih)/2:eval=frame`] : [],
    };
  }

  /**
   * Reads a line of ffmpeg's log.
   * @param frameId of the last frame whose time was read; -1 before the first
   * @returns whether the line was one of this filter's
   */
  read(line: string, frameId: number): boolean {
    const code = (parsePrinted(line) ?? Number.NaN) - this.#key;
    if (!(code > SIDES && code < SIDES * SIDES)) return false;
    const to = { width: Math.floor(code / SIDES), height: code % SIDES };
    const from = this.#last;
    const isRepeated = this.#printedAt === frameId; // ffmpeg computes a width twice.
    this.#printedAt = frameId;
    this.#last = to;
    if (from) this.#note({ frameId: frameId + this.#ahead, from, to }, isRepeated);
    return true;
  }

  #note(change: Change, isRepeated: boolean): void {
    const { frameId, from, to } = change;
    if (frameId === 0) return; // New ffmpegs configure the filter before they know the first picture fully.
    if (from.width !== to.width || from.height !== to.height) {
      this.#changes++;
      this.#first ??= change;
    } else if (!isRepeated && frameId > 0) {
      // At the first frame nothing changes: the stream's header was wrong or incomplete.
      this.#otherChanges++;
      this.#firstOther ??= frameId;
    }
  }

  /**
   * Sentences about the changes.
   * @param analysed size of the pictures that are analysed @param rebuilds times that ffmpeg rebuilt the filters, which
   * makes them print their size again
   */
  warnings(analysed: Size, rebuilds = 0): string[] {
    const warnings: string[] = [];
    if (this.#first) {
      const { frameId, from, to } = this.#first;
      const more = this.#changes > 1 ? `, and ${timesOf(this.#changes - 1)} later` : '';
      warnings.push(
        `the frame size changes at frame ${frameId}, from ${spelled(from)} to ${spelled(to)}${more}: all frames are fitted into ${spelled(analysed)}, and results are in its pixels`,
      );
    }
    if (this.#firstOther !== undefined && this.#otherChanges > rebuilds) {
      const more = this.#otherChanges > 1 ? `, and ${timesOf(this.#otherChanges - 1)} later` : '';
      warnings.push(
        `the pixel format or pixel aspect ratio changes at frame ${this.#firstOther}${more}: all frames are converted to the first`,
      );
    }
    return warnings;
  }
}

const spelled = ({ width, height }: Size) => `${width}x${height}`;
