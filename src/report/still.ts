import { BONES, LANDMARK_IDS, pairOf, TORSO } from '../model/body.js';
import { PERSON_COLOURS } from '../model/person-colours.js';
import type { TableFrame, TablePerson } from '../model/table-frame.js';
import { type Html, html } from '../text/html.js';
import { clockText } from './time-axis.js';

const [SHOULDERS, HIPS, EARS] = [pairOf('shoulder'), pairOf('hip'), pairOf('ear')];
/** Long bones, shoulders and hips, the sides of the trunk, and the feet. */
const LINES: readonly (readonly [from: number, to: number])[] = [
  ...BONES.map(({ from, to }) => [from, to] as const),
  [SHOULDERS[0], HIPS[0]],
  [SHOULDERS[1], HIPS[1]],
  [pairOf('ankle')[0], pairOf('foot_index')[0]],
  [pairOf('ankle')[1], pairOf('foot_index')[1]],
];
/** As a share of the picture's longer side. */
const [STROKE, DIGITS] = [0.006, 0.035];
/** Of the distance between the ears. */
const HEAD = 0.75;

/** Whether enough of a person is visible to recognise them: shoulders and hips. */
const hasTrunk = ({ landmarks }: TablePerson) => TORSO.every(id => landmarks[id]?.xPx !== undefined);

/** Weight of a pose without a score: below all others, above no pose. */
const UNKNOWN_SCORE = 1e-3;

type Point = readonly [x: number, y: number];

/**
 * The frame of a table that shows most of its people, with the most certain poses: used if there is no other picture.
 */
export class StillFrame {
  #best: TableFrame | undefined;
  #sum = 0;

  add(frame: TableFrame): void {
    const sum = frame.people.filter(hasTrunk).reduce((total, { score = UNKNOWN_SCORE }) => total + score, 0);
    if (sum <= this.#sum) return;
    [this.#best, this.#sum] = [frame, sum];
  }

  /** In seconds; undefined without a person. */
  get at(): number | undefined {
    return this.#best?.timestamp;
  }

  /** Its skeletons. @param size of the displayed video in pixels */
  picture({ width, height }: { readonly width: number; readonly height: number }): Html | undefined {
    if (!this.#best) return undefined;
    const longer = Math.max(width, height);
    const people = this.#best.people.map(person => skeleton(person, longer));
    const label = `skeletons of ${people.length === 1 ? 'one person' : `${people.length} people`} at ${clockText(this.#best.timestamp)}`;
    return html`<svg class="skeletons" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><rect width="100%" height="100%"/>${people}</svg>`;
  }
}

function skeleton(person: TablePerson, longer: number): Html {
  const at = (id: number): Point | undefined => {
    const mark = person.landmarks[id];
    return mark?.xPx === undefined || mark.yPx === undefined ? undefined : [mark.xPx, mark.yPx];
  };
  const lines = LINES.flatMap(([from, to]) => {
    const [a, b] = [at(from), at(to)];
    return a && b ? [`M${spelled(a)}L${spelled(b)}`] : [];
  });
  const stroke = (longer * STROKE).toFixed(1);
  const colour = `p${person.personId % PERSON_COLOURS.length}`;
  return html`<g class="${colour}" stroke-width="${stroke}" stroke-linecap="round"><path d="${lines.join('')}"/>${head(at)}${number(person, at, longer)}</g>`;
}

function head(at: (id: number) => Point | undefined): Html | undefined {
  const [nose, left, right] = [LANDMARK_IDS.nose, ...EARS].map(at);
  if (!nose || !left || !right) return undefined;
  const middle: Point = [(left[0] + right[0] + nose[0]) / 3, (left[1] + right[1] + nose[1]) / 3];
  const radius = Math.max(...[nose, left, right].map(([x, y]) => Math.hypot(x - middle[0], y - middle[1])));
  return html`<circle cx="${middle[0].toFixed(1)}" cy="${middle[1].toFixed(1)}" r="${(radius / HEAD).toFixed(1)}"/>`;
}

/** The person's number above their shoulders. */
function number({ personId }: TablePerson, at: (id: number) => Point | undefined, longer: number): Html | undefined {
  const [left, right] = SHOULDERS.map(at);
  if (!left || !right) return undefined;
  const [x, y] = [(left[0] + right[0]) / 2, Math.max(left[1], right[1]) + 1.6 * longer * DIGITS];
  return html`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${(longer * DIGITS).toFixed(1)}">${personId}</text>`;
}

const spelled = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
