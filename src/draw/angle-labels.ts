import { LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import { LANDMARK_IDS } from '../model/body.js';
import type { YuvImage } from '../model/picture.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import { ANGLE_NAMES, anglesOf } from '../signal/angles.js';
import { fontSizeOf, Lettering } from './lettering.js';
import { loadCanvas } from './load-canvas.js';
import type { Painter } from './painter.js';
import { shadeBox } from './stroke.js';

/** Angles of joints, which are written at the landmark of the same name. */
const SHOWN = ANGLE_NAMES.filter(name => LANDMARK_NAMES.includes(name as LandmarkName));
/** What can be named: a joint of one side, or of both. */
export const ANGLE_CHOICES: readonly string[] = [
  'all',
  ...new Set(SHOWN.map(name => name.replace(/^(left|right)_/, ''))),
  ...SHOWN,
];
const BACKGROUND_ALPHA = 0.6;

/** Which angles some choices name. */
export function chosenAngles(choices: readonly string[]): string[] {
  return SHOWN.filter(name =>
    choices.some(
      choice => choice === 'all' || choice === name || name === `left_${choice}` || name === `right_${choice}`,
    ),
  );
}

/** Writes joint angles in the picture beside their joints, in whole degrees. */
export class AngleLabels implements Painter {
  readonly #names: readonly string[];
  readonly #minConfidence: number;
  readonly #letters: Lettering;

  /**
   * @param names of `ANGLE_CHOICES`
   * @param minConfidence less sure angles are left out, 0-1
   * @param size of the picture in pixels
   * @param shrink how many times smaller it will be shown
   */
  constructor(names: readonly string[], minConfidence: number, size: { width: number; height: number }, shrink = 1) {
    this.#names = chosenAngles(names);
    this.#minConfidence = minConfidence;
    this.#letters = new Lettering(loadCanvas('--angle-labels'), fontSizeOf(size.width, size.height, shrink));
  }

  paint(image: YuvImage, { people }: FrameResult): void {
    for (const person of people) this.#paintPerson(image, person);
  }

  #paintPerson(image: YuvImage, { pose }: PersonResult): void {
    for (const { name, degrees2d, confidence } of anglesOf(pose, image)) {
      if (!this.#names.includes(name) || degrees2d === undefined || confidence < this.#minConfidence) continue;
      const mark = pose.landmarks[LANDMARK_IDS[name as LandmarkName]];
      if (mark) this.#write(image, `${Math.round(degrees2d)}°`, mark.x * image.width, mark.y * image.height);
    }
  }

  /** To the right of a joint. */
  #write(image: YuvImage, text: string, x: number, y: number): void {
    const { cellWidth, cellHeight } = this.#letters;
    const left = Math.round(x + cellWidth);
    const top = Math.round(y - cellHeight / 2);
    const right = left + text.length * cellWidth;
    shadeBox(image, { left: left - 2, top, right: right + 2, bottom: top + cellHeight }, BACKGROUND_ALPHA);
    this.#letters.write(image, text, left, top);
  }
}
