import type { Angle } from './angles.js';
import { Unwrapper } from './unwrap.js';

/** After a longer gap an angle restarts in -180 to 180: its direction of rotation was not seen, in seconds. */
const LONGEST_GAP = 1;
const KINDS = ['degrees2d', 'degrees3d'] as const;

/** A person's last angles. */
interface LastAngles {
  /** Time in seconds. */
  readonly at: number;
  /** By type and name of the angle, `degrees2d left_knee`: in full, with the added turns. */
  readonly degrees: ReadonlyMap<string, number>;
}

/** State of a table's unwrapped angles, by person: a plain value. */
export type AngleTurns = ReadonlyMap<number, LastAngles>;

interface Person {
  at: number;
  readonly unwrappers: Map<string, Unwrapper>;
}

/** The angles of people over time, without jumps of a whole turn: a thigh that passes 180 degrees continues to 181. */
export class UnwrappedAngles {
  readonly #people = new Map<number, Person>();

  /** @param turns where to continue */
  constructor(turns: AngleTurns = new Map()) {
    for (const [id, { at, degrees }] of turns) {
      const unwrappers = new Map([...degrees].map(([key, last]) => [key, new Unwrapper(360, last)]));
      this.#people.set(id, { at, unwrappers });
    }
  }

  /** The angles of one person of the next frame. @param timestamp in seconds; people may come and go */
  next(personId: number, timestamp: number, angles: readonly Angle[]): Angle[] {
    const before = this.#people.get(personId);
    const isNear = before !== undefined && Math.abs(timestamp - before.at) <= LONGEST_GAP;
    const person = isNear ? before : this.#begin(personId, timestamp);
    person.at = timestamp;
    return angles.map(angle => {
      const [flat, space] = KINDS.map(kind => unwrapperOf(person, `${kind} ${angle.name}`).next(angle[kind]));
      return { ...angle, degrees2d: flat, degrees3d: space };
    });
  }

  #begin(personId: number, timestamp: number): Person {
    for (const [id, { at }] of this.#people) if (Math.abs(timestamp - at) > LONGEST_GAP) this.#people.delete(id);
    const person: Person = { at: timestamp, unwrappers: new Map() };
    this.#people.set(personId, person);
    return person;
  }

  /** State of the people seen recently. @param now time in seconds */
  turnsAt(now: number): AngleTurns {
    const recent = [...this.#people].filter(([, { at }]) => Math.abs(now - at) <= LONGEST_GAP);
    return new Map(recent.map(([id, { at, unwrappers }]) => [id, { at, degrees: lastOf(unwrappers) }]));
  }
}

function unwrapperOf({ unwrappers }: Person, key: string): Unwrapper {
  const known = unwrappers.get(key);
  if (known) return known;
  const created = new Unwrapper();
  unwrappers.set(key, created);
  return created;
}

function lastOf(unwrappers: ReadonlyMap<string, Unwrapper>): ReadonlyMap<string, number> {
  return new Map([...unwrappers].flatMap(([key, { last }]) => (last === undefined ? [] : [[key, last] as const])));
}
