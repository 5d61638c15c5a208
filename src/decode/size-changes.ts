import { randomInt } from 'node:crypto';
import { timesOf } from '../text/counted.js';
import { parsePrinted } from './printed-value.js';

/** Size of a picture in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** The filters that bring pictures of any size to one. */
export interface Fitting {
  /** Options of the scale filter. */
  readonly scale: string;
  /** Filters after it that add the margins. */
  readonly margins: readonly string[];
}

/** A size, and the frame from which on the stream has it. */
interface Change {
  readonly frameId: number;
  readonly from: Size;
  readonly to: Size;
}

/** Below 2^47: with a size added, a double holds it to the last digit. */
const KEYS = 2 ** 47;
/** ffmpeg's number for its log level "error". */
const ERROR_LEVEL = 16;
const SIDES = 2 ** 16;

/**
 * A stream whose pictures change in the middle: joined files, calls over a network, phones that are turned. One graph
 * of filters takes all of them (`-reinit_filter 0`), so that frames are counted without a break. Its scale filter
 * brings them to the first size, without distortion where margins can be added, and prints each new size with a key
 * that is drawn for the run, as `FrameTimes` prints times.
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
   * @param stored size of the pictures that the stream is known to have
   * @param ahead frames by which a picture comes to the filter before its time is printed
   */
  constructor(stored: Size, ahead = 0, key = randomInt(KEYS)) {
    this.#stored = stored;
    this.#ahead = ahead;
    this.#key = key;
  }

  /**
   * @param hasMargins whether pictures of another shape get margins; else they are stretched
   * @param isAsStored whether those of the stored size have the shape
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
    const isRepeated = this.#printedAt === frameId; // ffmpeg works out a width twice.
    this.#printedAt = frameId;
    this.#last = to;
    if (from) this.#note({ frameId: frameId + this.#ahead, from, to }, isRepeated);
    return true;
  }

  #note(change: Change, isRepeated: boolean): void {
    const { frameId, from, to } = change;
    if (frameId === 0) return; // New ffmpegs set the filter up before they know all of the first picture.
    if (from.width !== to.width || from.height !== to.height) {
      this.#changes++;
      this.#first ??= change;
    } else if (!isRepeated && frameId > 0) {
      // At the first frame nothing changes: what the stream said of itself was wrong, or said less.
      this.#otherChanges++;
      this.#firstOther ??= frameId;
    }
  }

  /**
   * What changed, in sentences.
   * @param analysed size of the pictures that are analysed @param rebuilds times that ffmpeg built the filters once
   * more, at which they print their size again
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
