import type { PoseEngine } from '../engine/pose-engine.js';
import type { Frame } from '../model/frame.js';
import type { Picture } from '../model/picture.js';
import type { Pose } from '../model/pose.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import type { Mode } from '../strategies/modes.js';
import type { Strategy } from '../strategies/strategy.js';
import { appearanceOf } from './appearance.js';
import { isAmong } from './candidate.js';
import { boxesWithout, poseInBox } from './find-people.js';
import type { AnalyzerNotes, FrameAnalyzer } from './frame-analyzer.js';
import { judgePose, withConfidences } from './judge.js';
import { PersonTracker, type PersonTrackerState } from './person-tracker.js';

/** The result of one attempt at a frame, with its score. */
interface Found {
  readonly strategy: string;
  readonly poses: readonly Pose[];
  readonly scores: readonly number[];
}

export interface PlainState {
  readonly tracker: PersonTrackerState;
  readonly previous: FrameResult | undefined;
}

/** Tries a mode's strategies on each frame and keeps the best result. */
export class PlainAnalyzer implements FrameAnalyzer {
  readonly #engine: PoseEngine;
  readonly #mode: Mode;
  readonly #people: number;
  readonly #tracker: PersonTracker;
  /** Whether the engine's only network is the refining one. */
  readonly #isRefined: boolean;
  #previous: FrameResult | undefined;

  /** @param aspect width of the pictures over their height */
  constructor(engine: PoseEngine, mode: Mode, people: number, aspect: number) {
    this.#engine = engine;
    this.#mode = mode;
    this.#people = people;
    this.#isRefined = engine.info.model === 'heavy';
    this.#tracker = new PersonTracker(people, aspect);
  }

  async analyze(frame: Frame): Promise<FrameResult> {
    const people = await this.#findPeople(frame);
    const { frameId, timestamp } = frame;
    this.#previous = { frameId, timestamp, status: statusOf(people), people };
    return this.#previous;
  }

  /** Each frame gets all attempts of the mode. */
  notes(): AnalyzerNotes {
    return { framesOverBudget: 0 };
  }

  save(): PlainState {
    return { tracker: this.#tracker.save(), previous: this.#previous };
  }

  restore({ tracker, previous }: PlainState): void {
    this.#tracker.restore(tracker);
    this.#previous = previous;
  }

  async #findPeople(frame: Frame): Promise<PersonResult[]> {
    const all: Found[] = [];
    for (const strategy of this.#mode.strategies) all.push(await this.#attempt(frame, strategy));
    const { strategy, poses, scores } = all.reduce((best, found) => (total(found) > total(best) ? found : best));
    const people = poses.map(pose => ({
      pose,
      appearance: this.#people > 1 ? appearanceOf(frame.image, pose) : undefined,
    }));
    const ids = this.#tracker.identify(people);
    this.#tracker.settle(new Map(people.map((person, i) => [ids[i]!, person])));
    return poses
      .map((pose, i) => this.#describe(pose, ids[i]!, strategy, scores[i]!))
      .sort((a, b) => a.personId - b.personId);
  }

  async #attempt(frame: Frame, { name, view }: Strategy): Promise<Found> {
    const { image, region, toFrame } = view(frame.image, { region: undefined });
    const found = this.#mode.follows
      ? await this.#engine.track(image, frame.timestamp)
      : await this.#engine.detect(image, { region });
    if (!this.#mode.follows && this.#people > 1) found.push(...(await this.#findOthers(image, found)));
    const judged = found.slice(0, this.#people).map(one => this.#judge(toFrame(one), frame));
    return { strategy: name, poses: judged.map(({ pose }) => pose), scores: judged.map(({ score }) => score) };
  }

  /** BlazePose's own detector finds near people; the person finder finds the others. */
  async #findOthers(image: Picture, poses: readonly Pose[]): Promise<Pose[]> {
    const { width, height } = image;
    const others: Pose[] = [];
    for (const box of boxesWithout(poses, (await this.#engine.findPeople(image)) ?? [], width, height)) {
      if (poses.length + others.length >= this.#people) break;
      const pose = await poseInBox(this.#engine, image, box, false, () => true);
      if (pose && !isAmong(pose, [...poses, ...others], width, height)) others.push(pose);
    }
    return others;
  }

  /** Judged alone: these modes do not compare attempts. */
  #judge(pose: Pose, { image: { width, height } }: Frame): { pose: Pose; score: number } {
    const refined = this.#isRefined;
    const circumstances = {
      width,
      height,
      refined,
      others: [],
      expected: undefined,
      absence: Number.POSITIVE_INFINITY,
    };
    const { confidences, score } = judgePose(pose, circumstances, { box: undefined, swapped: false });
    return { pose: withConfidences(pose, confidences), score };
  }

  #describe(pose: Pose, personId: number, strategy: string, score: number): PersonResult {
    const wasThere = this.#previous?.people.some(person => person.personId === personId) ?? false;
    const status = this.#mode.follows && wasThere ? 'tracked' : 'detected';
    return { personId, pose, strategy, status, score };
  }
}

const total = ({ scores }: Found) => scores.reduce((sum, score) => sum + score, 0);
