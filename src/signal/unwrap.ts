/**
 * Takes leaps of whole turns out of a series of angles, one at a time: each becomes the one nearest to the last known
 * one, so that no step is longer than half a turn. A gap changes nothing: the angle behind it is the nearest, too.
 */
export class Unwrapper {
  readonly #turn: number;
  #last: number | undefined;

  /** @param turn in the unit of the angles @param last where to go on */
  constructor(turn = 360, last?: number) {
    this.#turn = turn;
    this.#last = last;
  }

  /** The last known angle, with its turns. */
  get last(): number | undefined {
    return this.#last;
  }

  /** @param angle undefined where there is none, which stays */
  next(angle: number | undefined): number | undefined {
    if (angle === undefined) return undefined;
    const turns = this.#last === undefined ? 0 : Math.round((this.#last - angle) / this.#turn);
    this.#last = angle + turns * this.#turn;
    return this.#last;
  }
}
