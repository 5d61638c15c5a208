import { C3D_ABSENT, C3D_POINT_BYTES, c3dHead, c3dPadding } from '../../formats/c3d.js';
import { type ExportFacts, USUAL_CONFIDENCE } from '../../formats/export-facts.js';
import { personAngles } from '../../formats/person-angles.js';
import { sureness } from '../../formats/pose-of.js';
import { LANDMARK_NAMES } from '../../model/blazepose.js';
import type { TableFrame, TableLandmark, TablePerson } from '../../model/table-frame.js';
import { ANGLE_NAMES } from '../../signal/angles.js';
import { BodyHeight } from '../../signal/body-height.js';
import { settleAll } from '../../system/settle.js';
import { GrowingFile } from '../../system/whole-file.js';
import type { Output } from '../output.js';
import { ExportClock } from './export-clock.js';
import { PersonRecords, personPath } from './person-records.js';

const MM_PER_METRE = 1000;
/** A landmark is named like its angle: `left_knee`. */
const ANGLE_LABELS = ANGLE_NAMES.map(name => `${name}_angle`);
const LABELS = [...LANDMARK_NAMES, ...ANGLE_LABELS];
const FRAME_BYTES = LABELS.length * C3D_POINT_BYTES;
/** Fraction of the time between two frames: if frames deviate further from their places, a warning says so. */
const NOTABLE_PART = 0.5;

/**
 * C3D, one file for each person: the landmarks in millimetres on the axes of TRC (x to the picture's right, y up, z
 * towards the camera), and the joint angles in space as points of the group ANGLES, in degrees in x. Uncertain points
 * have the residual -1. A file has a single rate: the average; `MANUFACTURER:TIME_ERROR` states how far frames deviate
 * from it.
 */
export class C3dFile implements Output<'table'> {
  readonly #facts: ExportFacts;
  readonly #records: PersonRecords;
  readonly #heights = new Map<number, BodyHeight>();
  readonly #clock = new ExportClock();
  #time = 0;
  #files: GrowingFile[] = [];
  #warnings: string[] = [];

  constructor(facts: ExportFacts) {
    this.#facts = facts;
    this.#records = new PersonRecords(`${facts.stem}.c3d`, FRAME_BYTES, person => this.#record(person));
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  async write({ timestamp, people }: TableFrame): Promise<void> {
    this.#time = this.#clock.next(timestamp);
    if (this.#facts.personHeight !== undefined) for (const person of people) this.#measure(person);
    await this.#records.write(this.#time, people);
  }

  async finish(): Promise<void> {
    const { ids, frames } = this.#records;
    const rate = frames > 1 && this.#time > 0 ? (frames - 1) / this.#time : 0;
    const timeError = await this.#timeError(rate);
    if (timeError * rate > NOTABLE_PART) {
      const [seconds, perSecond] = [timeError.toFixed(3), rate.toFixed(2)];
      this.#warnings = [
        `${this.#facts.stem}.c3d: C3D has one frame rate, here ${perSecond} per second: frames are up to ${seconds} s off their own times`,
      ];
    }
    const head = c3dHead({ labels: LABELS, angles: ANGLE_LABELS, frames, rate, timeError });
    for (const id of ids) {
      const file = await GrowingFile.create(personPath(this.#facts.stem, 'c3d', id, ids.length));
      this.#files.push(file);
      await file.append(head);
      for await (const piece of this.#records.pieces(id)) await file.append(scaled(piece, this.#scale(id)));
      await file.append(c3dPadding(frames * FRAME_BYTES));
      await file.close();
    }
    await this.#records.remove();
  }

  async publish(): Promise<readonly string[]> {
    for (const file of this.#files) await file.publish();
    return this.#files.map(({ path }) => path);
  }

  async abandon(): Promise<void> {
    await settleAll([this.#records.remove(), ...this.#files.map(file => file.remove())]);
  }

  #record(person: TablePerson | undefined): Buffer {
    const bytes = Buffer.alloc(FRAME_BYTES);
    let at = 0;
    const put = (place: readonly (number | undefined)[]) => {
      const [x, y, z] = place;
      const isThere = x !== undefined && y !== undefined && z !== undefined;
      for (const value of isThere ? [x, y, z, 0] : [0, 0, 0, C3D_ABSENT]) at = bytes.writeFloatLE(value, at);
    };
    const least = this.#facts.minConfidence ?? USUAL_CONFIDENCE;
    for (const id of LANDMARK_NAMES.keys()) {
      const mark = person?.landmarks[id];
      put(person && mark && sureness(person, mark) >= least ? this.#place(mark) : []);
    }
    const angles = person ? personAngles(person, this.#facts.display) : [];
    for (const index of ANGLE_NAMES.keys()) {
      const angle = angles[index];
      put(angle && angle.confidence >= least ? [angle.degrees3d, 0, 0] : []);
    }
    return bytes;
  }

  /** Metres, or pixels if a person's height is given. */
  #place({ xPx, yPx, z, worldX, worldY, worldZ }: TableLandmark): readonly (number | undefined)[] {
    const { display, personHeight } = this.#facts;
    if (personHeight === undefined) return [worldX, negative(worldY), negative(worldZ)];
    return [
      xPx,
      yPx === undefined ? undefined : display.height - yPx,
      z === undefined ? undefined : -z * display.width,
    ];
  }

  #measure(person: TablePerson): void {
    const height = this.#heights.get(person.personId) ?? new BodyHeight();
    this.#heights.set(person.personId, height);
    height.add(person.landmarks.map(mark => ({ x: mark?.xPx ?? Number.NaN, y: mark?.yPx ?? Number.NaN })));
  }

  /** Millimetres in the unit of `#place`; NaN for a person whose height in the picture is unknown. */
  #scale(id: number): number {
    const { personHeight } = this.#facts;
    if (personHeight === undefined) return MM_PER_METRE;
    return (MM_PER_METRE * personHeight) / (this.#heights.get(id)?.value ?? Number.NaN);
  }

  async #timeError(rate: number): Promise<number> {
    if (rate === 0) return 0;
    let [most, frame] = [0, 0];
    for await (const time of this.#records.times()) most = Math.max(most, Math.abs(time - frame++ / rate));
    return most;
  }
}

const negative = (value: number | undefined) => (value === undefined ? undefined : -value);

/** Some frames with their landmarks scaled, in place. */
function scaled(frames: Buffer, scale: number): Buffer {
  for (let from = 0; from < frames.length; from += FRAME_BYTES) {
    for (const id of LANDMARK_NAMES.keys()) scalePoint(frames, from + id * C3D_POINT_BYTES, scale);
  }
  return frames;
}

function scalePoint(bytes: Buffer, from: number, scale: number): void {
  if (bytes.readFloatLE(from + 12) === C3D_ABSENT) return;
  const isKnown = Number.isFinite(scale);
  for (const at of [from, from + 4, from + 8]) {
    // 0 times -1 is -0, which tables never contain.
    bytes.writeFloatLE(isKnown ? bytes.readFloatLE(at) * scale + 0 : 0, at);
  }
  if (!isKnown) bytes.writeFloatLE(C3D_ABSENT, from + 12);
}
