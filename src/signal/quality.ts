import { LANDMARK_NAMES } from '../model/blazepose.js';
import { BODY_GROUPS, BONES } from '../model/body.js';
import { pictureSize } from '../model/picture-size.js';
import { confidenceOf } from '../model/pose.js';
import type { Gate, PersonQuality, Quality } from '../model/quality.js';
import type { TableFrame, TableLandmark, TablePerson } from '../model/table-frame.js';
import { counted, timesOf } from '../text/counted.js';
import { failedGates, gate, gatesOf } from './gates.js';
import { LongestGap } from './longest-gap.js';
import { LowScores } from './low-scores.js';
import { consistencyOf, type Moment, MomentList, medianOf, PersonSums } from './person-quality.js';
import { PlaneSums } from './plane-sums.js';
import { Spread } from './spread.js';

/** Landmarks of lower confidence count as not seen. */
const SEEN = 0.5;
/** Up to this many failing people are listed by name. */
const PEOPLE_TOLD = 3;

const meansByName = (landmarks: readonly Spread[]) =>
  Object.fromEntries(LANDMARK_NAMES.map((name, id) => [name, landmarks[id]?.mean ?? 0]));

/** Quality of a table's landmarks, frame by frame, in constant memory. */
export class QualitySums {
  frames = 0;
  #found = 0;
  readonly #gap = new LongestGap();
  readonly #lowScores = new LowScores();
  readonly #planes = new PlaneSums();
  readonly #unseen = LANDMARK_NAMES.map(() => new Spread());
  readonly #scores = new Spread();
  readonly #visibility = LANDMARK_NAMES.map(() => new Spread());
  readonly #confidence = LANDMARK_NAMES.map(() => new Spread());
  readonly #jumps = new MomentList();
  readonly #swaps = new MomentList();
  readonly #people = new Map<number, PersonSums>();
  #aspect = 1;
  #mostAtOnce = 0;
  /** The last person who was alone in a frame. */
  #lastAlone: number | undefined;
  #changes = 0;

  add({ frameId, timestamp, people }: TableFrame): void {
    const moment = { frame: this.frames++, timestamp };
    if (people.length > 0) this.#found++;
    if (people.length === 0) this.#gap.addMissing(timestamp);
    else this.#gap.addFound();
    this.#mostAtOnce = Math.max(this.#mostAtOnce, people.length);
    if (people.length === 1) this.#addAlone(people[0]!.personId);
    for (const person of people) {
      this.#addPerson(person, moment);
      const { personId, score } = person;
      if (score !== undefined) this.#lowScores.add({ score, at: timestamp, frameId, personId });
    }
  }

  result(): Quality {
    const detectionRate = this.frames === 0 ? 0 : this.#found / this.frames;
    const sums = [...this.#people.values()].sort((a, b) => a.personId - b.personId);
    const variations = BONES.map((_, i) =>
      weightedMean(
        sums.map(({ bones }) => bones[i]!),
        'variation',
      ),
    );
    const consistency = this.#found === 0 ? 0 : consistencyOf(variations);
    const measured = { detectionRate, missingRate: 1 - detectionRate, confidence: this.#scores.mean, consistency };
    const people = sums.map(person => person.result());
    const personChanges = this.#mostAtOnce > 1 ? null : this.#changes;
    const reasons = [...failedGates(measured), ...doubtsAbout(people, personChanges)];
    return {
      frames: this.frames,
      ...measured,
      longestGap: this.#gap.longest,
      missingFrames: this.frames - this.#found,
      lowestScores: this.#lowScores.lowest,
      unseen: this.#unseenByPart(),
      planes: this.#planes.turns,
      visibility: meansByName(this.#visibility),
      landmarkConfidence: this.#confidence.some(({ count }) => count > 0) ? meansByName(this.#confidence) : null,
      jumps: this.#jumps.moments,
      swaps: this.#swaps.moments,
      boneVariation: Object.fromEntries(BONES.map(({ name }, i) => [name, variations[i]!])),
      jitter: medianOf(
        LANDMARK_NAMES.map((_, id) =>
          weightedMean(
            sums.map(({ jitter }) => jitter[id]!),
            'mean',
          ),
        ),
      ),
      people,
      personChanges,
      gates: [...gatesOf(measured), ...gatesOfPeople(people, personChanges)],
      researchGrade: reasons.length === 0,
      reasons,
    };
  }

  #unseenByPart(): Record<string, number> {
    const shareOf = (ids: readonly number[]) =>
      weightedMean(
        ids.map(id => this.#unseen[id]!),
        'mean',
      );
    return Object.fromEntries(Object.entries(BODY_GROUPS).map(([part, ids]) => [part, shareOf(ids)]));
  }

  #addAlone(personId: number): void {
    if (this.#lastAlone !== undefined && this.#lastAlone !== personId) this.#changes++;
    this.#lastAlone = personId;
  }

  #addPerson(person: TablePerson, moment: Moment): void {
    const { landmarks, personId, score } = person;
    if (score !== undefined) this.#scores.add(score);
    for (const [id, mark] of landmarks.entries()) {
      this.#visibility[id]?.add(mark?.visibility ?? 0);
      if (mark?.confidence !== undefined) this.#confidence[id]?.add(mark.confidence);
      this.#unseen[id]?.add(Number(!isSeen(mark)));
    }
    this.#planes.add(person);
    const size = pictureSize(person);
    if (size) this.#aspect = size.height / size.width;
    const sums = this.#people.get(personId) ?? new PersonSums(personId);
    this.#people.set(personId, sums);
    const { jumps, swaps } = sums.add(person, moment, this.#aspect);
    if (jumps) this.#jumps.add(moment.timestamp);
    if (swaps) this.#swaps.add(moment.timestamp);
  }
}

/** In a table without confidences and visibilities, every landmark with a position counts as seen. */
function isSeen(mark: TableLandmark | undefined): boolean {
  return mark?.x !== undefined && (confidenceOf(mark) ?? 1) >= SEEN;
}

/** Checks that each of several people passes, and that a lone person is always the same one. */
function gatesOfPeople(people: readonly PersonQuality[], personChanges: number | null): Gate[] {
  const failed = people.filter(({ researchGrade }) => !researchGrade).length;
  return [
    ...(personChanges === null ? [] : [gate('changes', personChanges, 'most', 0)]),
    ...(people.length < 2 ? [] : [gate('people', failed, 'most', 0)]),
  ];
}

/** Mean over people, weighted by how much was measured of each. */
function weightedMean(spreads: readonly Spread[], of: 'mean' | 'variation'): number {
  const total = spreads.reduce((sum, { count }) => sum + count, 0);
  return total === 0 ? 0 : spreads.reduce((sum, spread) => sum + spread[of] * spread.count, 0) / total;
}

/** The reasons why people among several fail, and why one person may have been taken for several. */
function doubtsAbout(people: readonly PersonQuality[], personChanges: number | null): string[] {
  const failed = people.length < 2 ? [] : people.filter(({ researchGrade }) => !researchGrade);
  const listed = failed
    .slice(0, PEOPLE_TOLD)
    .map(({ personId, reasons }) => `person ${personId}: ${reasons.join(' and ')}`);
  const further = failed.length - listed.length;
  return [
    ...(personChanges ? [`the person changes ${timesOf(personChanges)}`] : []),
    ...listed,
    ...(further > 0 ? [counted(further, 'further person', 'further people')] : []),
  ];
}
