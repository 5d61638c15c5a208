import { TORSO } from '../model/blazepose.js';
import type { Pose } from '../model/pose.js';

/** Someone further away than this, in torso lengths per analysed frame since last seen, is somebody else. */
const FARTHEST_STEP = 1;
/** The allowed distance stops growing after this many frames out of sight. */
const LONGEST_ABSENCE_FRAMES = 30;

interface Person {
  readonly id: number;
  pose: Pose;
  lastSeen: number;
}

/** Who is known, and when they were seen last, in analysed frames. */
export interface IdentityState {
  readonly known: readonly Readonly<Person>[];
  readonly frame: number;
}

const TORSO_IDS = Object.values(TORSO);

function torsoCentre(pose: Pose): [number, number] {
  let [x, y] = [0, 0];
  for (const id of TORSO_IDS) {
    x += (pose.landmarks[id]?.x ?? 0) / TORSO_IDS.length;
    y += (pose.landmarks[id]?.y ?? 0) / TORSO_IDS.length;
  }
  return [x, y];
}

/** Length from the middle of the shoulders to the middle of the hips, x stretched to the scale of y. */
function torsoLength(pose: Pose, aspect: number): number {
  const point = (id: number) => pose.landmarks[id] ?? { x: 0, y: 0 };
  const [ls, rs, lh, rh] = [TORSO.leftShoulder, TORSO.rightShoulder, TORSO.leftHip, TORSO.rightHip].map(point);
  if (!ls || !rs || !lh || !rh) return 0;
  return Math.hypot(((ls.x + rs.x - lh.x - rh.x) / 2) * aspect, (ls.y + rs.y - lh.y - rh.y) / 2);
}

/** Gives the people of each frame the ids that they had in the frames before, by the way that their torsos moved. */
export class IdentityKeeper {
  readonly #wanted: number;
  readonly #aspect: number;
  readonly #known: Person[] = [];
  #frame = 0;

  /**
   * @param wanted people looked for. With one, whoever is found is person 0.
   * @param aspect width of the picture over its height
   */
  constructor(wanted: number, aspect: number) {
    this.#wanted = wanted;
    this.#aspect = aspect;
  }

  save(): IdentityState {
    return { known: this.#known.map(person => ({ ...person })), frame: this.#frame };
  }

  restore({ known, frame }: IdentityState): void {
    this.#known.splice(0, this.#known.length, ...known.map(person => ({ ...person })));
    this.#frame = frame;
  }

  /** The ids of the poses, in their order. Call once for each analysed frame, also when nobody was found. */
  identify(poses: readonly Pose[]): number[] {
    this.#frame++;
    if (this.#wanted === 1) return poses.map((_, index) => index);
    const ids = new Array<number>(poses.length).fill(-1);
    for (const { person, index } of this.#matches(poses)) {
      if (ids[index] !== -1 || person.lastSeen === this.#frame) continue;
      ids[index] = this.#remember(person, poses[index] as Pose);
    }
    return ids.map((id, index) => (id === -1 ? this.#welcome(poses[index] as Pose) : id));
  }

  /** Pairs of a known person and a pose that may be the same, the nearest first. */
  #matches(poses: readonly Pose[]): { person: Person; index: number; distance: number }[] {
    return this.#known
      .flatMap(person => poses.map((pose, index) => ({ person, index, distance: this.#distance(person, pose) })))
      .filter(({ person, distance }) => {
        const absence = Math.min(this.#frame - person.lastSeen, LONGEST_ABSENCE_FRAMES);
        return distance <= FARTHEST_STEP * absence;
      })
      .sort((a, b) => a.distance - b.distance || a.person.id - b.person.id || a.index - b.index);
  }

  /** In torso lengths. */
  #distance(person: Person, pose: Pose): number {
    const [ax, ay] = torsoCentre(person.pose);
    const [bx, by] = torsoCentre(pose);
    const scale = Math.max(torsoLength(person.pose, this.#aspect), torsoLength(pose, this.#aspect), 1e-3);
    return Math.hypot((ax - bx) * this.#aspect, ay - by) / scale;
  }

  #remember(person: Person, pose: Pose): number {
    person.pose = pose;
    person.lastSeen = this.#frame;
    return person.id;
  }

  #welcome(pose: Pose): number {
    const person = { id: this.#known.length, pose, lastSeen: this.#frame };
    this.#known.push(person);
    return person.id;
  }
}
