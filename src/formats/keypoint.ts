import type { LandmarkName } from '../model/blazepose.js';
import { LANDMARK_IDS } from '../model/body.js';
import type { TableLandmark, TablePerson } from '../model/table-frame.js';
import { type ExportFacts, USUAL_CONFIDENCE } from './export-facts.js';
import { sureness } from './pose-of.js';

/** Pixels to three decimals. */
export const rounded = (value: number) => Number(value.toFixed(3));

/** Computes the keypoints of other tools' bodies, in pixels. */
export class Keypoints {
  readonly #size: ExportFacts['display'];
  readonly #minConfidence: number;

  constructor({ display, minConfidence = USUAL_CONFIDENCE }: Pick<ExportFacts, 'display' | 'minConfidence'>) {
    this.#size = display;
    this.#minConfidence = minConfidence;
  }

  /**
   * A keypoint in the middle of some landmarks; undefined if one of them is unknown or uncertain, or the point is
   * outside the picture.
   */
  find(
    person: TablePerson,
    names: readonly LandmarkName[],
  ): readonly [x: number, y: number, confidence: number] | undefined {
    const marks = names.flatMap(name => person.landmarks[LANDMARK_IDS[name]] ?? []);
    if (marks.length === 0 || marks.length < names.length) return undefined;
    const confidence = Math.min(...marks.map(mark => sureness(person, mark)));
    const mean = (of: (mark: TableLandmark) => number | undefined) =>
      marks.reduce((sum, mark) => sum + (of(mark) ?? Number.NaN), 0) / marks.length;
    const [x, y] = [mean(mark => mark.xPx), mean(mark => mark.yPx)];
    const isInside = x >= 0 && x <= this.#size.width && y >= 0 && y <= this.#size.height;
    return isInside && confidence >= this.#minConfidence ? [rounded(x), rounded(y), confidence] : undefined;
  }
}
