import { basename, join } from 'node:path';
import type { ExportFacts } from '../../../formats/export-facts.js';
import { isIkName, personName } from '../../../formats/person-file.js';
import type { TableFrame } from '../../../model/table-frame.js';
import { StepRate } from '../../../signal/step-rate.js';
import { settleAll } from '../../../system/settle.js';
import { partialPath } from '../../../system/whole-file.js';
import { WholeFolder } from '../../../system/whole-folder.js';
import type { Output } from '../../output.js';
import { ExportClock } from '../export-clock.js';
import { pauseWarnings } from '../pause-warning.js';
import { TextFile } from '../text-file.js';
import { IK_MARKERS, IK_MEASUREMENTS } from './markers.js';
import { PersonFrames } from './person-frames.js';
import { type ReadmePerson, readmeOf } from './readme.js';
import { ikSetup, knownMeasurements, type SetupFacts, scaleSetup } from './setups.js';
import { placementOf, writeMarkers } from './write-markers.js';

/**
 * A folder for inverse kinematics with OpenSim: for each person the markers of Pose2Sim's BlazePose set, one set-up
 * that scales the model and one that moves it, and a README with the command. Nothing is written if no person was seen
 * with enough certainty.
 */
export class OpenSimFolder implements Output<'table'> {
  readonly #facts: ExportFacts;
  readonly #folder: WholeFolder;
  readonly #clock = new ExportClock();
  readonly #steps = new StepRate();
  readonly #people = new Map<number, PersonFrames>();
  readonly #files: TextFile[] = [];
  readonly #warnings: string[] = [];
  #frames = 0;
  #isEmpty = false;

  private constructor(facts: ExportFacts, folder: WholeFolder) {
    this.#facts = facts;
    this.#folder = folder;
  }

  static async create(facts: ExportFacts): Promise<OpenSimFolder> {
    return new OpenSimFolder(facts, await WholeFolder.create(`${facts.stem}.opensim`, isIkName));
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  async write({ timestamp, people }: TableFrame): Promise<void> {
    const time = this.#clock.next(timestamp);
    this.#frames++;
    this.#steps.add(time);
    for (const person of people) {
      const { personId } = person;
      const known = this.#people.get(personId);
      const frames = known ?? (await PersonFrames.create(this.#pathOf(`${personName(personId)}.rows`), this.#facts));
      if (!known) this.#people.set(personId, frames);
      await frames.add(time, person);
    }
  }

  async finish(): Promise<void> {
    const written: ReadmePerson[] = [];
    for (const [id, frames] of [...this.#people].sort(([a], [b]) => a - b)) {
      if (frames.count > 0) written.push(await this.#writePerson(personName(id), frames));
      await frames.rows.remove();
    }
    this.#isEmpty = written.length === 0;
    if (!this.#isEmpty) this.#warnings.push(...pauseWarnings(basename(this.#folder.path), this.#steps));
    if (this.#isEmpty) await this.#folder.remove();
    else await this.#folder.add('README.md', readmeOf(written));
  }

  async publish(): Promise<readonly string[]> {
    if (this.#isEmpty) return [];
    await this.#folder.publish();
    return [`${this.#folder.path}/`];
  }

  async abandon(): Promise<void> {
    const rows = [...this.#people.values()].map(frames => frames.rows.remove());
    await settleAll([...rows, ...this.#files.map(file => file.remove())]);
    await this.#folder.remove();
  }

  async #writePerson(name: string, frames: PersonFrames): Promise<ReadmePerson> {
    const { personHeight } = this.#facts;
    const placement = placementOf(frames, personHeight);
    const file = await TextFile.create(this.#pathOf(`${name}.trc`));
    this.#files.push(file);
    await writeMarkers(frames, placement, { name: `${name}.trc`, rate: this.#steps.rate }, file);
    await file.close();
    await file.publish();
    const scalable = new Set(IK_MARKERS.flatMap((marker, i) => (frames.scaling.knows(i) ? [marker.name] : [])));
    const facts: SetupFacts = { name, scaling: frames.scaling.times, range: frames.range, scalable, seen: frames.seen };
    await this.#folder.add(`${name}.scale.xml`, scaleSetup(facts));
    await this.#folder.add(`${name}.ik.xml`, ikSetup(facts));
    if (personHeight !== undefined && frames.height.value === undefined) {
      this.#warnings.push(
        `opensim: the whole body of ${name} is never visible: --person-height cannot scale the markers`,
      );
    }
    const measured = knownMeasurements(scalable).map(measurement => measurement.name);
    const unscaled = IK_MEASUREMENTS.map(measurement => measurement.name).filter(part => !measured.includes(part));
    const { quarterTurns, factor } = placement;
    const { scaling } = facts;
    return { name, frames: frames.count, allFrames: this.#frames, scaling, quarterTurns, factor, unscaled };
  }

  /** A file of the folder while the folder is incomplete. */
  #pathOf(name: string): string {
    return join(partialPath(this.#folder.path), name);
  }
}
