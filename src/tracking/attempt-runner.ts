import type { PoseEngine } from '../engine/pose-engine.js';
import type { AttemptRecord } from '../model/attempts.js';
import type { Frame } from '../model/frame.js';
import type { PersonBox } from '../model/person-box.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { STRATEGIES } from '../strategies/catalogue.js';
import type { Attempt } from '../strategies/plan.js';
import type { View } from '../strategies/strategy.js';
import { AttemptBudget, COST } from './budget.js';
import { best, type Candidate, isAmong } from './candidate.js';
import { boxFit } from './find-people.js';
import { type FollowedPerson, PLAIN } from './followed-person.js';
import { fusePoses } from './fusing.js';
import { judgePose, type Witness } from './judge.js';
import type { SmartOptions } from './smart-options.js';

/**
 * What the refining network reads best: a picture with its contrast enhanced part by part. It is more often right than
 * in plain light, on samples and webcams alike.
 */
export const REFINE_LIGHT = 'clahe';
/** Attempted as well if time does not matter. */
const SIDES = ['original', 'mirrored', 'mirrored_clahe', 'crisp', 'mirrored_crisp'] as const;

/** The results of attempts at one person in a frame. */
export interface Sight {
  readonly candidates: Candidate[];
  readonly effort: Effort;
}

/** The retries of a frame. */
export class Effort {
  readonly tried: AttemptRecord[] = [];

  add(name: string, candidate: Candidate | undefined, start: number): void {
    const milliseconds = performance.now() - start;
    this.tried.push({ name, score: candidate?.judgement.score ?? null, milliseconds });
  }
}

/**
 * Makes attempts at frames and judges the results. It forgets its knowledge of a frame with the next one; the budget
 * stays.
 */
export class AttemptRunner {
  readonly engine: PoseEngine;
  readonly options: SmartOptions;
  /** Whether the engine has a refining network that may run. */
  readonly hasRefiner: boolean;
  readonly budget: AttemptBudget;
  /** Retries that the frame still allows. */
  attemptsLeft = 0;
  /** Poses of the frame from an engine that follows people itself, minus those already taken. */
  own: Pose[] | undefined;
  /** What the person finder found in the frame; undefined if it was not asked. */
  #boxes: readonly PersonBox[] | undefined;

  constructor(engine: PoseEngine, hasRefiner: boolean, options: SmartOptions) {
    this.engine = engine;
    this.options = options;
    this.hasRefiner = hasRefiner;
    this.budget = new AttemptBudget(options.exhaustive);
  }

  /** Starts a frame. @param people who are followed or lost */
  async begin(frame: Frame, people: number): Promise<void> {
    this.budget.begin(people);
    this.attemptsLeft = this.options.exhaustive ? Number.POSITIVE_INFINITY : this.options.maxAttempts;
    this.#boxes = undefined;
    this.own = this.engine.info.followsItself ? await this.engine.track(frame.image, frame.timestamp) : undefined;
  }

  /** One attempt at a square of the unchanged frame, as the tracker makes it. */
  async at(
    frame: Frame,
    person: FollowedPerson,
    region: Region,
    refine: boolean,
    { candidates, effort }: Sight,
    tracked: boolean,
  ): Promise<void> {
    this.budget.spend(refine ? COST.refine : COST.usual);
    const light = refine && person.light === PLAIN ? REFINE_LIGHT : person.light;
    const name = nameOf(tracked, light, refine);
    const start = performance.now();
    const view = STRATEGIES[light]!.view(frame.image, { region });
    const [pose] = await this.engine.detect(view.image, { region: view.region, refine });
    if (pose) this.add(candidates, name, view.toFrame(pose), person, frame.timestamp, refine, tracked, light);
    if (refine || !tracked) effort.add(name, candidates.at(-1), start);
  }

  /** Makes several attempts with the best network, and averages those that agree. */
  async around(frame: Frame, person: FollowedPerson, region: Region, { candidates, effort }: Sight): Promise<void> {
    const { width, height } = this.options;
    const refine = this.hasRefiner;
    const base = best(candidates)!;
    const found: Pose[] = [];
    const add = async (view: View) => {
      this.budget.spend(COST.refine);
      const [pose] = await this.engine.detect(view.image, { region: view.region, refine });
      if (pose) found.push(view.toFrame(pose));
    };
    for (const name of SIDES) await add(STRATEGIES[name]!.view(frame.image, { region }));
    const agreeing = found.filter(pose => isAmong(pose, [base.pose], width, height));
    if (agreeing.length === 0) return;
    const start = performance.now();
    const trusted = [base.pose, ...agreeing].map(pose => ({
      pose,
      confidences: this.judge(pose, [base.pose, ...agreeing], person, frame.timestamp, refine).judgement.confidences,
    }));
    const fused = fusePoses(trusted, width, height);
    this.add(candidates, 'fused', fused, person, frame.timestamp, refine, true, person.light, agreeing);
    candidates.splice(0, candidates.length - 1);
    effort.add('fused', candidates[0], start);
  }

  /** Judges a pose by the results of other attempts and the person's expected position. */
  judge(pose: Pose, others: readonly Pose[], person: FollowedPerson, timestamp: number, refined: boolean) {
    const { width, height } = this.options;
    const swapped = person.memory.isSwapped(pose, timestamp, width, height);
    const box = this.#boxes && Math.max(0, ...this.#boxes.map(one => boxFit(pose, one, width, height)));
    const circumstances = {
      width,
      height,
      refined: refined || this.engine.info.model === 'heavy',
      others: others.filter(other => other !== pose),
      expected: person.memory.expected(timestamp),
      absence: person.memory.absence(timestamp),
    };
    const witness: Witness = { box, swapped };
    const judgement = judgePose(pose, circumstances, witness);
    this.options.onJudged?.({ pose, circumstances, witness, judgement });
    return { swapped, judgement };
  }

  /** Adds the result of an attempt; all attempts at the person are then judged again. */
  add(
    candidates: Candidate[],
    name: string,
    pose: Pose,
    person: FollowedPerson,
    timestamp: number,
    refined: boolean,
    tracked: boolean,
    light: string,
    others: readonly Pose[] = [],
  ): void {
    const poses = [...candidates.map(candidate => candidate.pose), pose];
    for (const [i, candidate] of candidates.entries()) {
      candidates[i] = { ...candidate, ...this.judge(candidate.pose, poses, person, timestamp, candidate.refined) };
    }
    const judged = this.judge(pose, [...poses, ...others], person, timestamp, refined);
    candidates.push({ name, pose, refined, tracked, light, ...judged });
  }

  /** A retry according to the plan. */
  async attempt(
    frame: Frame,
    person: FollowedPerson,
    attempt: Attempt,
    region: Region | undefined,
    candidates: Candidate[],
    effort: Effort,
  ): Promise<void> {
    this.attemptsLeft--;
    const start = performance.now();
    const view = attempt.strategy.view(frame.image, { region });
    const { refine, name } = attempt;
    const [pose] = await this.engine.detect(view.image, { region: view.region, refine });
    const light = lightOf(attempt.strategy.name);
    if (pose) this.add(candidates, name, view.toFrame(pose), person, frame.timestamp, refine, false, light);
    effort.add(name, pose && candidates.at(-1), start);
  }

  /** Asks the person finder, once for each frame. */
  async findBoxes(frame: Frame): Promise<readonly PersonBox[]> {
    if (this.#boxes) return this.#boxes;
    this.budget.spend(COST.finder);
    this.#boxes = await this.engine.findPeople(frame.image);
    return this.#boxes ?? [];
  }

  /** Judges attempts again with the person finder's result. */
  async weighByBoxes(frame: Frame, person: FollowedPerson, candidates: Candidate[]): Promise<void> {
    await this.findBoxes(frame);
    const poses = candidates.map(({ pose }) => pose);
    for (const [i, one] of candidates.entries()) {
      candidates[i] = { ...one, ...this.judge(one.pose, poses, person, frame.timestamp, one.refined) };
    }
  }

  /** Reports the decision on a frame that needed a retry. */
  report(
    { frameId, timestamp }: Frame,
    personId: number | null,
    situation: string,
    effort: Effort,
    kept: Candidate | undefined,
    winner: Candidate | undefined,
  ): void {
    if (effort.tried.length === 0) return;
    const why = kept
      ? `best score, ${kept.judgement.score.toFixed(2)}`
      : winner
        ? `best score ${winner.judgement.score.toFixed(2)} is too low`
        : 'nobody found';
    const won = kept?.name ?? null;
    this.options.onAttempts?.({ frameId, timestamp, personId, situation, tried: effort.tried, won, why });
  }
}

/** As written to the table's `strategy` column. */
function nameOf(tracked: boolean, light: string, refine: boolean): string {
  const base = tracked ? light : light === PLAIN ? 'crop' : `crop+${light}`;
  return refine ? `${base}+heavy` : base;
}

/**
 * A person is followed in the light in which they were found; rotated, mirrored and partial pictures use plain light.
 */
function lightOf(strategy: string): string {
  return LIGHTS.has(strategy) ? strategy : PLAIN;
}

/** Whether a light is the plain one, with either network. */
export const isPlain = (light: string) => light === PLAIN || light === REFINE_LIGHT;

const LIGHTS: ReadonlySet<string> = new Set(
  Object.keys(STRATEGIES).filter(name => !/^(mirrored|turned|crisp)/.test(name)),
);
