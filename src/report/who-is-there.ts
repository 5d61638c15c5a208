import { pairOf } from '../model/body.js';
import type { TableFrame, TablePerson } from '../model/table-frame.js';
import type { Bin } from './bins.js';

/** A position of a person in pixels of the displayed picture, with its time. */
export interface Sighting {
  readonly personId: number;
  readonly x: number;
  readonly y: number;
  /** The table's time in seconds. */
  readonly at: number;
  /** Whether they are the first person found: then a run of the whole video can begin with them. */
  readonly isFirst: boolean;
}

/** Rows of the page, and people who are offered; further ones are counted. */
const MOST_PEOPLE = 8;
/** Status of a person in a frame; `ABSENT`: before their first and after their last. */
const CODES: Readonly<Record<string, number>> = { detected: 1, tracked: 2, filled: 3 };
const [MISSING, DETECTED, RETRIED, ABSENT] = [0, 1, 4, 6] as const;
/** From the worst. */
const ORDER = [MISSING, 3, RETRIED, DETECTED, 2, ABSENT] as const;

/** One person's row of the page. */
export interface PersonRow {
  readonly id: number;
  /**
   * The worst status of each bin, a digit: 0 missing, 1 newly detected, 2 tracked, 3 filled, 4 found on retry, 6
   * absent, which is before the person's first frame and after their last.
   */
  readonly statuses: string;
  /** Frames by status, without those in which the person is absent. */
  readonly frames: Readonly<Record<number, number>>;
}

/** The people in each frame of a table: one byte per frame and person. */
export class WhoIsThere {
  readonly #rows = new Map<number, Row>();
  readonly #sightings: Sighting[] = [];
  #frames = 0;
  #isAnybodyKnown = false;

  add({ timestamp, people }: TableFrame): void {
    const isFirst = !this.#isAnybodyKnown;
    for (const person of people) this.#addPerson(person, timestamp, isFirst);
    this.#isAnybodyKnown ||= people.length > 0;
    this.#frames++;
  }

  /** First known position of each person, by id. */
  get sightings(): readonly Sighting[] {
    return [...this.#sightings].sort((a, b) => a.personId - b.personId);
  }

  /** Each person's status in stretches of time, by id. */
  rows(bins: readonly Bin[]): PersonRow[] {
    return [...this.#rows]
      .sort(([a], [b]) => a - b)
      .map(([id, row]) => ({ id, statuses: binned(row, bins), frames: countsOf(row.codes) }));
  }

  #addPerson(person: TablePerson, at: number, isFirst: boolean): void {
    const row = this.#rowOf(person.personId);
    if (!row) return;
    row.set(this.#frames, codeOf(person));
    if (this.#sightings.some(({ personId }) => personId === person.personId)) return;
    const place = placeOf(person);
    if (place) this.#sightings.push({ personId: person.personId, ...place, at, isFirst });
  }

  #rowOf(id: number) {
    if (!this.#rows.has(id) && this.#rows.size < MOST_PEOPLE) this.#rows.set(id, new Row(this.#frames));
    return this.#rows.get(id);
  }
}

function codeOf({ status, strategy }: TablePerson): number {
  if (status !== 'filled' && strategy !== '' && strategy !== 'original') return RETRIED;
  return CODES[status] ?? DETECTED;
}

const FIRST_CAPACITY = 1024;

/** One person's frames from their first to their last, one byte each; missing if unset. */
class Row {
  readonly first: number;
  #codes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  constructor(first: number) {
    this.first = first;
  }

  set(frame: number, code: number): void {
    this.#length = frame - this.first + 1;
    if (this.#length > this.#codes.length) {
      const larger = new Uint8Array(2 * Math.max(this.#codes.length, this.#length));
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[this.#length - 1] = code;
  }

  get codes(): Uint8Array {
    return this.#codes.subarray(0, this.#length);
  }
}

function binned({ first, codes }: Row, bins: readonly Bin[]): string {
  return bins
    .map(([from, to]) => {
      const part = codes.subarray(Math.max(0, from - first), Math.max(0, to - first));
      return part.length === 0 ? ABSENT : (ORDER.find(code => part.includes(code)) ?? ABSENT);
    })
    .join('');
}

function countsOf(codes: Uint8Array): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The middle of the hips, where the tracking centres a person. */
function placeOf({ landmarks }: TablePerson): { x: number; y: number } | undefined {
  const [left, right] = pairOf('hip').map(id => landmarks[id]);
  if (left?.xPx === undefined || left.yPx === undefined || right?.xPx === undefined || right.yPx === undefined)
    return undefined;
  return { x: (left.xPx + right.xPx) / 2, y: (left.yPx + right.yPx) / 2 };
}
