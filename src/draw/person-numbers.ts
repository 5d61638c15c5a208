import { BODY_GROUPS } from '../model/body.js';
import { personColour } from '../model/person-colours.js';
import type { YuvImage } from '../model/picture.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import { fontSizeOf } from './lettering.js';
import type { Painter } from './painter.js';
import { type Box, type Point, shadeBox, strokeLine } from './stroke.js';

/** When numbers began: the state for continuing a film. */
export interface NumbersState {
  /** The first person seen; undefined before that. */
  readonly firstPerson: number | undefined;
  /** The first frame by which several people have been seen; undefined: not yet. */
  readonly severalFrom: number | undefined;
}

/** Paths of a pen through a square, 0-1 from its top left, three fifths as wide as high. */
const DIGITS: readonly (readonly (readonly [x: number, y: number])[])[] = [
  [
    [0.3, 0],
    [0.6, 0.2],
    [0.6, 0.8],
    [0.3, 1],
    [0, 0.8],
    [0, 0.2],
    [0.3, 0],
  ],
  [
    [0.1, 0.2],
    [0.35, 0],
    [0.35, 1],
  ],
  [
    [0, 0.2],
    [0.15, 0],
    [0.45, 0],
    [0.6, 0.2],
    [0.6, 0.4],
    [0, 1],
    [0.6, 1],
  ],
  [
    [0, 0],
    [0.6, 0],
    [0.25, 0.4],
    [0.6, 0.6],
    [0.6, 0.85],
    [0.4, 1],
    [0.15, 1],
    [0, 0.85],
  ],
  [
    [0.45, 1],
    [0.45, 0],
    [0, 0.7],
    [0.6, 0.7],
  ],
  [
    [0.55, 0],
    [0.05, 0],
    [0, 0.45],
    [0.4, 0.4],
    [0.6, 0.6],
    [0.6, 0.8],
    [0.4, 1],
    [0, 0.95],
  ],
  [
    [0.5, 0],
    [0.1, 0.3],
    [0, 0.7],
    [0.15, 1],
    [0.45, 1],
    [0.6, 0.75],
    [0.45, 0.5],
    [0.05, 0.55],
  ],
  [
    [0, 0],
    [0.6, 0],
    [0.2, 1],
  ],
  [
    [0.3, 0.45],
    [0.05, 0.25],
    [0.3, 0],
    [0.55, 0.25],
    [0.3, 0.45],
    [0, 0.75],
    [0.3, 1],
    [0.6, 0.75],
    [0.3, 0.45],
  ],
  [
    [0.1, 1],
    [0.5, 0.7],
    [0.6, 0.3],
    [0.45, 0],
    [0.15, 0],
    [0, 0.25],
    [0.15, 0.5],
    [0.55, 0.45],
  ],
];
const DIGIT_WIDTH = 0.6;
const DIGIT_STEP = 0.85;
/** Relative to the digits' height. */
const PEN_RADIUS = 0.075;
const MARGIN = 0.35;
const BACKGROUND_ALPHA = 0.65;
/** Distance beyond the head's landmarks, which end at the ears and the mouth, in widths of the face. */
const BESIDE_FACE = 0.6;

/**
 * Writes people's numbers beside their heads, in their colours, from the moment when a second person has been seen. It
 * uses the skeleton's pen: no canvas is loaded for it.
 */
export class PersonNumbers implements Painter {
  readonly #shrink: number;
  #firstPerson: number | undefined;
  #severalFrom: number | undefined;

  /** @param shrink factor by which the picture will be shown smaller, from 1 on */
  constructor(shrink = 1, resume?: NumbersState) {
    this.#shrink = shrink;
    this.#firstPerson = resume?.firstPerson;
    this.#severalFrom = resume?.severalFrom;
  }

  get state(): NumbersState {
    return { firstPerson: this.#firstPerson, severalFrom: this.#severalFrom };
  }

  paint(image: YuvImage, result: Seen): void {
    this.see(result);
    this.draw(image, result);
  }

  /** Notes a frame's people; to be called with each frame, drawn or not. */
  see({ frameId, people }: Seen): void {
    this.#firstPerson ??= people[0]?.personId;
    if (people.some(({ personId }) => personId !== this.#firstPerson)) this.#severalFrom ??= frameId;
  }

  draw(image: YuvImage, { frameId, people }: Seen): void {
    // A continued film receives some frames again: the earlier ones stay without numbers.
    if (this.#severalFrom === undefined || frameId < this.#severalFrom) return;
    for (const person of people) drawNumber(image, person, this.#shrink);
  }
}

type Seen = Pick<FrameResult, 'frameId' | 'people'>;

/** Where a person's number stands. */
interface NumberPlace {
  /** The top left corner of the first digit, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Of a digit. */
  readonly height: number;
  /** The ground below all digits. */
  readonly box: Box;
}

type Size = Pick<YuvImage, 'width' | 'height'>;

/** Where a person's number stands, beside the head; undefined where no landmark of it is in the picture. */
export function numberPlace(image: Size, { personId, pose }: PersonResult, shrink: number): NumberPlace | undefined {
  const face = BODY_GROUPS.face.flatMap(id => pose.landmarks[id] ?? []);
  const [left, right] = [Math.min(...face.map(({ x }) => x)), Math.max(...face.map(({ x }) => x))];
  const middle = face.reduce((sum, { y }) => sum + y, 0) / face.length;
  if (![left, right, middle].every(Number.isFinite) || right < 0 || left > 1 || middle < 0 || middle > 1) return;
  const height = fontSizeOf(image.width, image.height, shrink);
  const margin = MARGIN * height;
  const width = ((String(personId).length - 1) * DIGIT_STEP + DIGIT_WIDTH) * height;
  const beside = Math.max(BESIDE_FACE * (right - left) * image.width, margin) + margin;
  const atRight = right * image.width + beside;
  const x = atRight + width + margin <= image.width ? atRight : left * image.width - beside - width;
  const y = Math.min(Math.max(middle * image.height - height / 2, margin), image.height - height - margin);
  const box = { left: x - margin, top: y - margin, right: x + width + margin, bottom: y + height + margin };
  return { x, y, height, box: wholePixels(box) };
}

function drawNumber(image: YuvImage, person: PersonResult, shrink: number): void {
  const place = numberPlace(image, person, shrink);
  if (!place) return;
  const { x, y, height, box } = place;
  shadeBox(image, box, BACKGROUND_ALPHA);
  for (const [i, digit] of [...String(person.personId)].entries()) {
    drawDigit(image, Number(digit), { x: x + i * DIGIT_STEP * height, y }, height, personColour(person.personId));
  }
}

function wholePixels(box: Box): Box {
  const { left, top, right, bottom } = box;
  return {
    left: Math.round(left),
    top: Math.round(top),
    right: Math.round(right),
    bottom: Math.round(bottom),
  };
}

function drawDigit(
  image: YuvImage,
  digit: number,
  at: Point,
  height: number,
  colour: readonly [number, number, number],
) {
  const points = (DIGITS[digit] ?? []).map(([x, y]) => ({ x: at.x + x * height, y: at.y + y * height }));
  for (const [i, to] of points.entries()) {
    if (i > 0) strokeLine(image, points[i - 1]!, to, Math.max(0.8, PEN_RADIUS * height), colour, 1);
  }
}
