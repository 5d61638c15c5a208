import { pairOf } from '../model/body.js';
import type { TablePerson } from '../model/table-frame.js';
import { distance } from './geometry.js';

/** Landmarks that are often visible and far apart: shoulders, wrists, hips, ankles. */
const LANDMARKS = (['shoulder', 'wrist', 'hip', 'ankle'] as const).flatMap(pairOf);
const SECONDS_PER_MINUTE = 60;
/** Minimum time for a slope, in seconds: shorter ones cannot show a drift per minute. */
const SHORTEST_DRIFT_SECONDS = 10;
/** Number of standard errors beyond which a slope is not chance. */
const CERTAIN = 5;

/** Sums of a straight line through (t, value), by least squares. */
class Line {
  #n = 0;
  #t = 0;
  #tt = 0;
  #v = 0;
  #tv = 0;
  #vv = 0;

  add(t: number, v: number): void {
    this.#n++;
    this.#t += t;
    this.#tt += t * t;
    this.#v += v;
    this.#tv += t * v;
    this.#vv += v * v;
  }

  /** Rise per second. */
  get slope(): number {
    const below = this.#n * this.#tt - this.#t * this.#t;
    return below <= 0 ? 0 : (this.#n * this.#tv - this.#t * this.#v) / below;
  }

  /** The slope divided by its standard error; chance alone rarely exceeds 3. */
  get significance(): number {
    const [spread, of] = [this.#tt - this.#t ** 2 / this.#n, this.#vv - this.#v ** 2 / this.#n];
    if (this.#n < 3 || spread <= 0) return 0;
    const rest = Math.max(0, of - this.slope ** 2 * spread);
    return Math.abs(this.slope) / Math.sqrt(Math.max(1e-12, rest / (this.#n - 2) / spread));
  }
}

/** How differences change over time: a drift, or a lag of one frame. */
export class Trend {
  readonly #x = new Line();
  readonly #y = new Line();
  #start: number | undefined;
  #seconds = 0;
  #frame: { golden: TablePerson; fresh: TablePerson }[] = [];
  #before: { golden: TablePerson; fresh: TablePerson }[] = [];
  /**
   * Sums of distances: at the same frame, of the new frame to the golden one before it, and of the golden frame to the
   * new one before it.
   */
  #same = 0;
  #late = 0;
  #early = 0;

  add(golden: TablePerson, fresh: TablePerson): void {
    this.#frame.push({ golden, fresh });
  }

  /** Call it after all people of a frame have been added. @param timestamp in seconds */
  end(timestamp: number): void {
    this.#start ??= timestamp;
    this.#seconds = timestamp - this.#start;
    for (const { golden, fresh } of this.#frame) {
      this.#addShift(timestamp - this.#start, golden, fresh);
      const before = this.#before.find(pair => pair.golden.personId === golden.personId);
      if (!before) continue;
      this.#same += apart(golden, fresh);
      this.#late += apart(before.golden, fresh);
      this.#early += apart(golden, before.fresh);
    }
    this.#before = this.#frame;
    this.#frame = [];
  }

  /** Pixels per minute; null if the frames span too little time. */
  get drift(): { x: number; y: number } | null {
    if (this.#seconds < SHORTEST_DRIFT_SECONDS) return null;
    return { x: this.#x.slope * SECONDS_PER_MINUTE, y: this.#y.slope * SECONDS_PER_MINUTE };
  }

  /** Whether the drift is more than chance. */
  get isDrifting(): boolean {
    return Math.max(this.#x.significance, this.#y.significance) > CERTAIN;
  }

  /** Number of frames by which the new file lags: 1, 0 or -1. */
  get frameShift(): -1 | 0 | 1 {
    if (this.#late < this.#same / 2) return 1;
    return this.#early < this.#same / 2 ? -1 : 0;
  }

  #addShift(t: number, golden: TablePerson, fresh: TablePerson): void {
    let [x, y, count] = [0, 0, 0];
    for (const id of LANDMARKS) {
      const [a, b] = [golden.landmarks[id], fresh.landmarks[id]];
      if (a?.xPx === undefined || a.yPx === undefined || b?.xPx === undefined || b.yPx === undefined) continue;
      x += b.xPx - a.xPx;
      y += b.yPx - a.yPx;
      count++;
    }
    if (count === 0) return;
    this.#x.add(t, x / count);
    this.#y.add(t, y / count);
  }
}

function apart(a: TablePerson, b: TablePerson): number {
  return LANDMARKS.reduce((sum, id) => sum + (distance(a.landmarks[id], b.landmarks[id]) ?? 0), 0);
}
