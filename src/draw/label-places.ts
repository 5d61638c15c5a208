import type { Box, Point } from './stroke.js';

/** An object to label. All lengths are in pixels. */
export interface Anchor extends Point {
  /** The same in each frame. */
  readonly key: string;
  /** Size of the label's box. */
  readonly width: number;
  readonly height: number;
  /** The point that the label should keep away from: the middle of the body. */
  readonly middle: Point;
}

/** Objects that labels should not hide. */
export interface Obstacles {
  readonly joints: readonly Point[];
  readonly bones: readonly (readonly [Point, Point])[];
  /** Of a joint. */
  readonly jointRadius: number;
  /** Text already written. */
  readonly boxes: readonly Box[];
}

export interface PlacedLabel {
  readonly anchor: Anchor;
  readonly box: Box;
  /** End of the line from the anchor: the nearest point of the box. */
  readonly end: Point;
}

/** A tried position, and its cost without other labels. */
interface Candidate extends PlacedLabel {
  readonly index: number;
  readonly cost: number;
}

const DIRECTIONS = 16;
/** From the anchor to the box, in box heights. */
const DISTANCES = [0.5, 1, 1.8, 2.8, 4];
/** Costs of a position; only their ratios matter. */
const COSTS = {
  outside: 5000,
  onLabel: 1000,
  onJoint: 200,
  throughLabel: 150,
  onLine: 150,
  crossing: 60,
  onBone: 25,
  /** For each height of the box between anchor and box. */
  far: 8,
  /** For a label on the side of the body's middle. */
  inward: 20,
  /** For a label that was elsewhere in the last frame: labels that jump are hard to read. */
  moved: 25,
} as const;
const PASSES = 2;

/**
 * Finds positions for labels around their anchors, frame by frame: in the picture, off each other and off joints, with
 * lines that do not cross. It is greedy, and then checks each label again with all others in place; labels stay
 * where they were in the frame before as long as that is nearly as good.
 */
export class LabelPlaces {
  readonly #width: number;
  readonly #height: number;
  /** Index of the last candidate, by key. */
  #last: ReadonlyMap<string, number> = new Map();

  /** @param size of the picture in pixels */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#width = width;
    this.#height = height;
  }

  place(anchors: readonly Anchor[], obstacles: Obstacles): PlacedLabel[] {
    const candidates = anchors.map(anchor => this.#candidatesOf(anchor, obstacles));
    const chosen: (Candidate | undefined)[] = anchors.map(() => undefined);
    for (let pass = 0; pass < PASSES; pass++) {
      for (const [i, own] of candidates.entries()) {
        const others = chosen.filter((other, j) => other !== undefined && j !== i) as Candidate[];
        chosen[i] = best(own, others);
      }
    }
    const placed = chosen.filter(candidate => candidate !== undefined);
    this.#last = new Map(placed.map(({ anchor, index }) => [anchor.key, index]));
    return placed;
  }

  #candidatesOf(anchor: Anchor, obstacles: Obstacles): Candidate[] {
    const last = this.#last.get(anchor.key);
    return DISTANCES.flatMap((distance, ring) =>
      Array.from({ length: DIRECTIONS }, (_, direction) => {
        const index = ring * DIRECTIONS + direction;
        const angle = (2 * Math.PI * direction) / DIRECTIONS;
        const box = boxAt(anchor, angle, distance * anchor.height);
        const moved = last !== undefined && last !== index ? COSTS.moved : 0;
        const cost = moved + COSTS.far * distance + inwardCost(anchor, angle) + this.#cost(box, obstacles);
        return { anchor, box: this.#inside(box), end: nearest(box, anchor), index, cost };
      }),
    );
  }

  #cost(box: Box, { joints, bones, jointRadius, boxes }: Obstacles): number {
    const isOutside = box.left < 0 || box.top < 0 || box.right > this.#width || box.bottom > this.#height;
    const wide = grown(box, jointRadius);
    const hidden = joints.filter(joint => contains(wide, joint)).length;
    const crossed = bones.filter(([from, to]) => meets(box, from, to)).length;
    const covered = boxes.filter(other => overlaps(box, other)).length;
    return (isOutside ? COSTS.outside : 0) + COSTS.onJoint * hidden + COSTS.onBone * crossed + COSTS.onLabel * covered;
  }

  /** Moved into the picture, if it is outside. */
  #inside({ left, top, right, bottom }: Box): Box {
    const x = Math.max(0, left) - left + Math.min(0, this.#width - right);
    const y = Math.max(0, top) - top + Math.min(0, this.#height - bottom);
    return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
  }
}

/** A box beside an anchor, in whole pixels. @param distance between both */
function boxAt({ x, y, width, height }: Anchor, angle: number, distance: number): Box {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const reach = distance + (Math.abs(dx) * width + Math.abs(dy) * height) / 2;
  const [left, top] = [Math.round(x + dx * reach - width / 2), Math.round(y + dy * reach - height / 2)];
  return { left, top, right: left + width, bottom: top + height };
}

function inwardCost({ x, y, middle }: Anchor, angle: number): number {
  const [dx, dy] = [x - middle.x, y - middle.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return 0;
  return (COSTS.inward * (1 - (Math.cos(angle) * dx + Math.sin(angle) * dy) / length)) / 2;
}

function best(candidates: readonly Candidate[], others: readonly Candidate[]): Candidate | undefined {
  let [found, least]: [Candidate | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const candidate of candidates) {
    if (candidate.cost >= least) continue;
    const cost = others.reduce((sum, other) => sum + costBeside(candidate, other), candidate.cost);
    if (cost < least) [found, least] = [candidate, cost];
  }
  return found;
}

/** The cost that another label adds to a position. */
function costBeside(one: PlacedLabel, other: PlacedLabel): number {
  return (
    (overlaps(grown(one.box, 1), other.box) ? COSTS.onLabel : 0) +
    (meets(other.box, one.anchor, one.end) ? COSTS.throughLabel : 0) +
    (meets(one.box, other.anchor, other.end) ? COSTS.onLine : 0) +
    (cross(one.anchor, one.end, other.anchor, other.end) ? COSTS.crossing : 0)
  );
}

function grown({ left, top, right, bottom }: Box, by: number): Box {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

function contains({ left, top, right, bottom }: Box, { x, y }: Point): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function nearest({ left, top, right, bottom }: Box, { x, y }: Point): Point {
  return { x: Math.min(Math.max(x, left), right), y: Math.min(Math.max(y, top), bottom) };
}

/** Whether a line goes through a box. */
function meets(box: Box, from: Point, to: Point): boolean {
  const { left, top, right, bottom } = box;
  const isBeside =
    Math.max(from.x, to.x) < left ||
    Math.min(from.x, to.x) > right ||
    Math.max(from.y, to.y) < top ||
    Math.min(from.y, to.y) > bottom;
  if (isBeside) return false;
  if (contains(box, from) || contains(box, to)) return true;
  const [rising, falling] = [
    [
      { x: left, y: bottom },
      { x: right, y: top },
    ],
    [
      { x: left, y: top },
      { x: right, y: bottom },
    ],
  ] as const;
  return cross(from, to, ...rising) || cross(from, to, ...falling);
}

/** Whether two lines cross. */
function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Positive if the path from a over b to c turns right, negative if it turns left. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
