import type { YuvImage } from '../model/picture.js';
import { confidenceOf } from '../model/pose.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import type { Painter } from './painter.js';
import { jointColour, lineWidth } from './skeleton.js';
import { strokeLine } from './stroke.js';

interface Spot {
  readonly timestamp: number;
  readonly x: number;
  readonly y: number;
}

const STRONGEST = 0.9;

/** The paths of joints in the last seconds, fading with age; interrupted where the person was not found. */
export class Trails implements Painter {
  readonly #seconds: number;
  readonly #joints: readonly number[];
  readonly #minConfidence: number;
  readonly #shrink: number;
  #last = Number.NEGATIVE_INFINITY;
  /** By person and joint; undefined spots break the line. */
  readonly #spots = new Map<string, (Spot | undefined)[]>();

  /**
   * @param joints landmark ids
   * @param minConfidence joints of lower confidence leave no trail, 0-1
   * @param shrink factor by which the picture will be shown smaller
   */
  constructor(seconds: number, joints: readonly number[], minConfidence: number, shrink = 1) {
    this.#shrink = shrink;
    this.#seconds = seconds;
    this.#joints = joints;
    this.#minConfidence = minConfidence;
  }

  paint(image: YuvImage, { timestamp, people }: FrameResult): void {
    if (timestamp < this.#last) this.#spots.clear(); // The clock fell back: the age of the spots is unknown.
    this.#last = timestamp;
    for (const spots of this.#spots.values()) spots.push(undefined);
    for (const person of people) this.#remember(person, timestamp);
    for (const [key, spots] of this.#spots) {
      while (spots.length > 0 && timestamp - (spots[0]?.timestamp ?? Number.NEGATIVE_INFINITY) > this.#seconds)
        spots.shift();
      if (spots.every(spot => !spot)) this.#spots.delete(key);
      else this.#stroke(image, Number(key.split('/')[1]), spots, timestamp);
    }
  }

  /** Replaces the last, undefined spots with a person's joints. */
  #remember({ personId, pose }: PersonResult, timestamp: number): void {
    for (const id of this.#joints) {
      const mark = pose.landmarks[id];
      if (!mark || confidenceOf(mark) < this.#minConfidence || Number.isNaN(mark.x + mark.y)) continue;
      const key = `${personId}/${id}`;
      const spots = this.#spots.get(key) ?? [undefined];
      spots[spots.length - 1] = { timestamp, x: mark.x, y: mark.y };
      this.#spots.set(key, spots);
    }
  }

  #stroke(image: YuvImage, joint: number, spots: readonly (Spot | undefined)[], now: number): void {
    const radius = lineWidth(image.width, image.height, this.#shrink) / 2;
    for (let i = 1; i < spots.length; i++) {
      const [from, to] = [spots[i - 1], spots[i]];
      if (!from || !to) continue;
      const alpha = STRONGEST * (1 - (now - to.timestamp) / this.#seconds);
      const place = ({ x, y }: Spot) => ({ x: x * image.width - 0.5, y: y * image.height - 0.5 });
      strokeLine(image, place(from), place(to), radius, jointColour(joint), alpha);
    }
  }
}
