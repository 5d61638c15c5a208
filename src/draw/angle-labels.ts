import { CONNECTIONS, LANDMARK_NAMES, type LandmarkName } from '../model/blazepose.js';
import { LANDMARK_IDS } from '../model/body.js';
import type { YuvImage } from '../model/picture.js';
import { confidenceOf } from '../model/pose.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import { ANGLE_NAMES, anglesOf } from '../signal/angles.js';
import { type Anchor, LabelPlaces, type Obstacles, type PlacedLabel } from './label-places.js';
import { fontSizeOf, Lettering } from './lettering.js';
import { loadCanvas } from './load-canvas.js';
import type { Painter } from './painter.js';
import { numberPlace } from './person-numbers.js';
import { jointColour, lineWidth } from './skeleton.js';
import { type Colour, type Point, shadeBox, strokeLine } from './stroke.js';

/** Angles of joints, which are written at the landmark of the same name. */
const SHOWN = ANGLE_NAMES.filter(name => LANDMARK_NAMES.includes(name as LandmarkName));
/** The valid choices: a joint of one side, or of both. */
export const ANGLE_CHOICES: readonly string[] = [
  'all',
  ...new Set(SHOWN.map(name => name.replace(/^(left|right)_/, ''))),
  ...SHOWN,
];
const BACKGROUND_ALPHA = 0.65;
/** Of a label, beside its text, in pixels. */
const MARGIN_PX = 2;
/** Lines to joints are thin and white, so that they do not look like bones. */
const LINE: Colour = [255, 255, 255];
const OUTLINE: Colour = [16, 16, 16];
const [OUTLINE_ALPHA, LINE_ALPHA] = [0.5, 0.9];
/** Relative to the skeleton's lines. */
const [LINE_WIDTH, OUTLINE_WIDTH, BAR_WIDTH] = [0.25, 0.75, 1];

/** The angles that some choices name. */
export function chosenAngles(choices: readonly string[]): string[] {
  return SHOWN.filter(name =>
    choices.some(
      choice => choice === 'all' || choice === name || name === `left_${choice}` || name === `right_${choice}`,
    ),
  );
}

/** A label that is to be placed. */
interface AngleAnchor extends Anchor {
  readonly text: string;
  readonly colour: Colour;
}

/**
 * Writes joint angles in the picture, in whole degrees, beside their joints: each with a line to its joint and a bar in
 * that joint's colour, off other labels and joints.
 */
export class AngleLabels implements Painter {
  readonly #names: readonly string[];
  readonly #minConfidence: number;
  readonly #shrink: number;
  readonly #letters: Lettering;
  readonly #places: LabelPlaces;

  /**
   * @param names of `ANGLE_CHOICES`
   * @param minConfidence angles of lower confidence are left out, 0-1
   * @param size of the picture in pixels
   * @param shrink factor by which it will be shown smaller
   */
  constructor(names: readonly string[], minConfidence: number, size: { width: number; height: number }, shrink = 1) {
    this.#names = chosenAngles(names);
    this.#minConfidence = minConfidence;
    this.#shrink = shrink;
    this.#letters = new Lettering(loadCanvas('--angle-labels'), fontSizeOf(size.width, size.height, shrink));
    this.#places = new LabelPlaces(size);
  }

  paint(image: YuvImage, { people }: FrameResult): void {
    const width = lineWidth(image.width, image.height, this.#shrink);
    const anchors = people.flatMap(person => this.#anchorsOf(image, person, width));
    const placed = this.#places.place(anchors, obstaclesOf(people, image, width, this.#shrink));
    for (const label of placed) this.#drawLine(image, label, width);
    for (const label of placed) this.#write(image, label, width);
  }

  #anchorsOf(image: YuvImage, { pose, personId }: PersonResult, lineWidth: number): AngleAnchor[] {
    const { cellWidth, cellHeight } = this.#letters;
    const middle = middleOf(jointsOf(pose.landmarks, image, this.#minConfidence));
    return anglesOf(pose, image).flatMap(({ name, degrees2d, confidence }) => {
      if (!this.#names.includes(name) || degrees2d === undefined || confidence < this.#minConfidence) return [];
      const id = LANDMARK_IDS[name as LandmarkName];
      const mark = pose.landmarks[id];
      if (!mark) return [];
      const text = `${Math.round(degrees2d)}°`;
      return {
        key: `${personId}/${name}`,
        x: mark.x * image.width,
        y: mark.y * image.height,
        width: Math.ceil(text.length * cellWidth + BAR_WIDTH * lineWidth) + 2 * MARGIN_PX,
        height: cellHeight,
        middle,
        text,
        colour: jointColour(id),
      };
    });
  }

  #drawLine(image: YuvImage, { anchor, end }: PlacedLabel, width: number): void {
    strokeLine(image, anchor, end, (width / 2) * OUTLINE_WIDTH, OUTLINE, OUTLINE_ALPHA);
    strokeLine(image, anchor, end, (width / 2) * LINE_WIDTH, LINE, LINE_ALPHA);
  }

  /** With a bar in the joint's colour at its left. */
  #write(image: YuvImage, { anchor, box }: PlacedLabel, width: number): void {
    const { left, top, bottom } = box;
    const { text, colour } = anchor as AngleAnchor;
    const radius = (width / 2) * BAR_WIDTH;
    shadeBox(image, box, BACKGROUND_ALPHA);
    const x = left + radius;
    strokeLine(image, { x, y: top + radius }, { x, y: bottom - radius - 1 }, radius, colour, 1);
    this.#letters.write(image, text, Math.round(left + 2 * radius) + MARGIN_PX, top);
  }
}

type Landmarks = PersonResult['pose']['landmarks'];

/** The joints that can be seen, in pixels. */
function jointsOf(landmarks: Landmarks, { width, height }: YuvImage, minConfidence: number): (Point | undefined)[] {
  return landmarks.map(mark => {
    const isShown = confidenceOf(mark) >= minConfidence && Number.isFinite(mark.x + mark.y);
    return isShown ? { x: mark.x * width, y: mark.y * height } : undefined;
  });
}

function middleOf(joints: readonly (Point | undefined)[]): Point {
  const known = joints.filter(joint => joint !== undefined);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { x: mean(known.map(({ x }) => x)), y: mean(known.map(({ y }) => y)) };
}

/** Labels may hide guesses. */
const SURE = 0.5;

function obstaclesOf(people: readonly PersonResult[], image: YuvImage, width: number, shrink: number): Obstacles {
  const all = people.map(({ pose }) => jointsOf(pose.landmarks, image, SURE));
  const bones = all.flatMap(joints =>
    CONNECTIONS.flatMap(({ from, to, part }) => {
      const [start, end] = [joints[from], joints[to]];
      return start && end && part !== 'face' ? ([[start, end]] as const) : [];
    }),
  );
  return {
    joints: all.flatMap(joints => joints.filter(joint => joint !== undefined)),
    bones,
    jointRadius: width,
    boxes: people.flatMap(person => numberPlace(image, person, shrink)?.box ?? []),
  };
}
