import { type ExportFacts, USUAL_CONFIDENCE } from '../../../formats/export-facts.js';
import { sureness } from '../../../formats/pose-of.js';
import { idsOf, LANDMARK_IDS, LIMB_JOINTS, landmarkName, SIDES } from '../../../model/body.js';
import type { TableLandmark, TablePerson } from '../../../model/table-frame.js';
import { BodyHeight } from '../../../signal/body-height.js';
import { Foreshortening } from '../../../signal/foreshortening.js';
import { pictureScale } from '../../../signal/picture-scale.js';
import type { Vector } from '../../../signal/vector.js';
import { TextFile } from '../text-file.js';
import { IK_MARKERS } from './markers.js';
import { type ScalingFrame, ScalingFrames } from './scaling-frames.js';

/** `BodyHeight` counts lengths from 1 to 16384: millimetres. */
const MM = 1000;
const FEET = SIDES.map(side => idsOf(landmarkName(side, 'heel'), landmarkName(side, 'foot_index')));

/** A landmark of a table with all of its positions. */
interface SurePoint {
  /** Pixels to the right of the picture's centre, and above it. */
  readonly x: number;
  readonly y: number;
  /** Metres: to the right, up, and towards the camera from the hips. */
  readonly world: Vector;
  /** 0-1. */
  readonly sureness: number;
}

/**
 * A person's frames for OpenSim: markers in pixels with the network's depth, each frame's scale, and values that need
 * all frames. Frames that show too little for a scale are dropped: inverse kinematics stops at a frame without markers.
 */
export class PersonFrames {
  readonly rows: TextFile;
  readonly scaling = new ScalingFrames();
  readonly height = new BodyHeight();
  readonly lengths = new Foreshortening();
  readonly #minConfidence: number;
  readonly #middle: readonly [x: number, y: number];
  readonly #seen = new Set<string>();
  #count = 0;
  #first = 0;
  #last = 0;
  /** Positive: the metres have the picture's direction. */
  #alongX = 0;

  private constructor(rows: TextFile, { display, minConfidence = USUAL_CONFIDENCE }: ExportFacts) {
    this.rows = rows;
    this.#minConfidence = minConfidence;
    this.#middle = [display.width / 2, display.height / 2];
  }

  static async create(path: string, facts: ExportFacts): Promise<PersonFrames> {
    return new PersonFrames(await TextFile.create(path), facts);
  }

  get count(): number {
    return this.#count;
  }

  /** Seconds of the first and the last frame. */
  get range(): readonly [from: number, to: number] {
    return [this.#first, this.#last];
  }

  /** -1 if the metres run opposite to the picture, as in a mirrored video. */
  get mirror(): 1 | -1 {
    return this.#alongX < 0 ? -1 : 1;
  }

  /** Names of the markers known in any frame. */
  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  async add(time: number, person: TablePerson): Promise<void> {
    const points = person.landmarks.map(mark => this.#pointOf(person, mark));
    const pairs = LIMB_JOINTS.flatMap(id => points[id] ?? []).map(({ x, y, world: [worldX, worldY] }) => ({
      x,
      y,
      worldX,
      worldY,
    }));
    const fit = pictureScale(pairs);
    if (!fit) return;
    this.#first = this.#count++ === 0 ? time : this.#first;
    this.#last = time;
    this.#alongX += fit.alongX;
    const metres = fit.metresPerPixel;
    const places = points.map(p => p && ([p.x * metres, p.y * metres, p.world[2]] as const));
    this.height.add(places.map(p => ({ x: (p?.[0] ?? Number.NaN) * MM, y: (p?.[1] ?? Number.NaN) * MM })));
    this.lengths.add(places);
    this.scaling.add(this.#scalingFrame(time, points, metres));
    const cells = IK_MARKERS.flatMap(({ name, id }) => {
      const point = points[id];
      if (!point) return ['', '', ''];
      this.#seen.add(name);
      return [point.x, point.y, point.world[2]].map(String);
    });
    await this.rows.add(`${[time, Math.log(metres), ...cells].join('\t')}\n`);
  }

  #pointOf(person: TablePerson, mark: TableLandmark): SurePoint | undefined {
    const { xPx, yPx, worldX, worldY, worldZ } = mark;
    if (xPx === undefined || yPx === undefined) return undefined;
    if (worldX === undefined || worldY === undefined || worldZ === undefined) return undefined;
    const sure = sureness(person, mark);
    if (sure < this.#minConfidence) return undefined;
    const [middleX, middleY] = this.#middle;
    return { x: xPx - middleX, y: middleY - yPx, world: [worldX, -worldY, -worldZ], sureness: sure };
  }

  #scalingFrame(time: number, points: readonly (SurePoint | undefined)[], metres: number): ScalingFrame {
    const sure = LIMB_JOINTS.map(id => points[id]?.sureness ?? 0);
    const [leftHip, rightHip] = [points[LANDMARK_IDS.left_hip], points[LANDMARK_IDS.right_hip]];
    const across = (axis: 0 | 1 | 2) =>
      (leftHip?.world[axis] ?? Number.NaN) -
      (rightHip?.world[axis] ?? Number.NaN) +
      (points[LANDMARK_IDS.left_shoulder]?.world[axis] ?? 0) -
      (points[LANDMARK_IDS.right_shoulder]?.world[axis] ?? 0);
    const middle = (of: (point: SurePoint) => number) =>
      leftHip && rightHip ? ((of(leftHip) + of(rightHip)) / 2) * metres : Number.NaN;
    // A camera from above shows the nearer foot lower: the ground is between both.
    const feet = FEET.map(ids => Math.min(...ids.map(id => (points[id]?.y ?? Number.NaN) * metres)));
    const seen = feet.filter(y => !Number.isNaN(y));
    return {
      time,
      score: sure.reduce((sum, value) => sum + value, 0) / sure.length,
      known: IK_MARKERS.map(({ id }) => points[id] !== undefined),
      left: [across(0), across(1), across(2)],
      hips: [middle(({ x }) => x), middle(({ y }) => y)],
      ground: seen.reduce((sum, y) => sum + y, 0) / seen.length,
    };
  }
}
