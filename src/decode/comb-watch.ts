import type { VideoInfo } from '../model/frame.js';
import type { YuvImage } from '../model/picture.js';
import { framesToDeinterlace } from './deinterlace.js';

/** The watch checks the first two of every ten frames, within the first three hundred. */
const EVERY = 10;
const FRAMES = 300;
/** Columns to check: combing shows between rows. */
const COLUMNS = 160;
/** Levels by which a moving pixel changes, and by which it must differ from the lines above and below. */
const MOVED = 15;
const STANDS_OUT = 10;
/** Share of all pixels that must move for a picture to count. */
const ENOUGH_MOTION = 0.002;
/**
 * Share of moving pixels that stand out in a picture with lines of two moments. Measured: 13 to 31 % in interlaced
 * footage, and below 5 % in the sample clips, with one picture of 10 %.
 */
const COMBED_SHARE = 0.12;
const LEAST_COMBED = 3;
/** Telecine of a 24 fps film leaves two of five pictures with lines of two moments. */
const COMBED_PICTURES = 1 / 3;

/**
 * Finds pictures that hold the lines of two moments in streams not flagged as interlaced: where something moves, each
 * line then differs from those above and below, which resemble each other.
 */
export class CombWatch {
  #before: Uint8Array | undefined;
  #seen = 0;
  #measured = 0;
  #combed = 0;

  /** Checks the next frame; skips most. */
  look(image: YuvImage): void {
    const place = this.#seen++ % EVERY;
    if (this.#seen > FRAMES || place > 1) return;
    if (place === 0) this.#before = columnsOf(image);
    else if (this.#before) this.#compare(this.#before, columnsOf(image), image.height);
  }

  /** A sentence about it for the user. */
  get warnings(): string[] {
    if (this.#combed < LEAST_COMBED || this.#combed < this.#measured * COMBED_PICTURES) return [];
    return [
      'frames look interlaced, although the video is not marked as interlaced: "analyze --deinterlace on" deinterlaces them',
    ];
  }

  #compare(before: Uint8Array, now: Uint8Array, height: number): void {
    const share = combedShare(before, now, height);
    if (share === undefined) return;
    this.#measured++;
    if (share >= COMBED_SHARE) this.#combed++;
  }
}

/** A watch for a video that may need it, with its rows in stored order. */
export function combWatchFor(
  { orientation, codedHeight, displayHeight, deinterlaced, fieldOrder }: VideoInfo,
  height: number,
): CombWatch | undefined {
  const hasItsRows = orientation.clockwise % 180 === 0 && codedHeight === displayHeight && height === codedHeight;
  const isLeft = deinterlaced === 'no' && framesToDeinterlace('auto', fieldOrder) !== 'no'; // With --deinterlace off.
  return hasItsRows && !isLeft && deinterlaced !== 'all' ? new CombWatch() : undefined;
}

/** Some columns of a picture's luma, one after another. */
function columnsOf({ data, width, height }: YuvImage): Uint8Array {
  const step = Math.max(1, Math.floor(width / COLUMNS));
  const count = Math.ceil(width / step);
  const columns = new Uint8Array(count * height);
  for (let y = 0, row = 0; y < height; y++, row += width) {
    for (let i = 0; i < count; i++) columns[i * height + y] = data[row + i * step] as number;
  }
  return columns;
}

/** Share of the moving pixels that stand out from their column; undefined where too few move. */
function combedShare(before: Uint8Array, now: Uint8Array, height: number): number | undefined {
  let [moving, combed] = [0, 0];
  for (let i = 0; i < now.length; i++) {
    const y = i % height;
    if (y === 0 || y === height - 1) continue;
    const value = now[i] as number;
    if (Math.abs(value - (before[i] as number)) <= MOVED) continue;
    moving++;
    if (standsOut(value, now[i - 1] as number, now[i + 1] as number)) combed++;
  }
  return moving < now.length * ENOUGH_MOTION ? undefined : combed / moving;
}

function standsOut(value: number, above: number, below: number): boolean {
  const least = Math.min(Math.abs(value - above), Math.abs(value - below));
  return least > STANDS_OUT && value > above === value > below && 2 * Math.abs(above - below) < least;
}
