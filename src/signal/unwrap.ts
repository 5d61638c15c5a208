/**
 * Removes jumps of whole turns from a series of angles, one angle at a time: each becomes the one nearest to the last
 * known one, so that no step exceeds half a turn. A gap makes no difference: the angle after it becomes the nearest,
 * too.
 */
export class Unwrapper {
  readonly #turn: number;
  #last: number | undefined;

  /** @param turn in the unit of the angles @param last where to continue */
  constructor(turn = 360, last?: number) {
    this.#turn = turn;
    this.#last = last;
  }

  /** The last known angle, with its turns. */
  get last(): number | undefined {
    return this.#last;
  }

  /** @param angle undefined if absent; it stays undefined */
  next(angle: number | undefined): number | undefined {
    if (angle === undefined) return undefined;
    const turns = this.#last === undefined ? 0 : Math.round((this.#last - angle) / this.#turn);
    this.#last = angle + turns * this.#turn;
    return this.#last;
  }
}
