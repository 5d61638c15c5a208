import type { Frame } from '../model/frame.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { regionOfPose } from '../regions/person.js';
import type { AttemptPlan, Situation } from '../strategies/plan.js';
import { type AttemptRunner, type Effort, isPlain } from './attempt-runner.js';
import { COST } from './budget.js';
import { best, type Candidate, type Chosen, isAmong } from './candidate.js';
import type { Crowd } from './crowd.js';
import { boxFit } from './find-people.js';
import { type FollowedPerson, PLAIN } from './followed-person.js';
import type { People } from './people.js';
import type { SmartOptions } from './smart-options.js';
import { LEAST_FOR_STRANGERS } from './stranger-search.js';

/** From this score on, no retry is made. */
export const GOOD = 0.9;
/** The same for engines that follow people themselves: each attempt makes them forget the followed people. */
const GOOD_FOR_ITSELF = 0.7;
/** Below this, the detector searches the whole frame as well. */
const DOUBTFUL = 0.3;
/** Poses below this hardly show a person. */
const INCREDIBLE = 0.1;
/** Share of a pose that must lie in the box of its person. */
const LEAST_FIT = 0.5;
/** A light is kept if the plain one shows less than this. */
const LEAST_IN_PLAIN_LIGHT = 0.5;
/** An attempt counts as a gain if the score rises by this much. */
const GAIN = 0.05;
/** A person's square grows by this fraction for each second out of sight. */
const GROWTH_PER_SECOND = 0.5;

/** Chooses one person's pose, with retries while it is doubtful. */
export class PoseChooser {
  readonly #options: SmartOptions;
  readonly #runner: AttemptRunner;
  readonly #people: People;
  readonly #plan: AttemptPlan;
  readonly #crowd: Crowd;

  constructor(runner: AttemptRunner, people: People, plan: AttemptPlan, crowd: Crowd) {
    this.#options = runner.options;
    this.#runner = runner;
    this.#people = people;
    this.#plan = plan;
    this.#crowd = crowd;
  }

  /** The best pose of one person; retries while the poses so far are doubtful. */
  async choose(
    frame: Frame,
    id: number,
    candidates: Candidate[],
    effort: Effort,
    others: readonly Pose[] = [],
  ): Promise<Chosen | undefined> {
    const person = this.#people.get(id);
    const { timestamp } = frame;
    const tracked = candidates[0]?.pose;
    const situation = situationOf(best(candidates));
    const before = best(candidates)?.judgement.score ?? 0;
    const key = `person ${id}`;
    if (candidates.length > 0 && before < DOUBTFUL) await this.#detectAgain(frame, person, candidates, effort);
    const enough = this.#runner.engine.info.followsItself ? GOOD_FOR_ITSELF : GOOD;
    if (before < enough && this.#runner.budget.isHopeful(key, timestamp)) {
      const hasTried = await this.#retry(frame, id, person, situation, candidates, effort, others);
      const after = best(candidates)?.judgement.score ?? 0;
      if (hasTried) this.#runner.budget.learn(key, timestamp, after >= before + GAIN);
    }
    const strays = candidates.filter(
      ({ pose }) => this.#isStray(frame, id, pose, tracked) || (!tracked && this.#isOfAnother(frame, id, pose)),
    );
    const winner = best(candidates.filter(candidate => !strays.includes(candidate)));
    const kept = winner && winner.judgement.score >= this.#leastScore(timestamp, tracked) ? winner : undefined;
    this.#runner.report(frame, id, situation, effort, kept, winner);
    if (kept && (await this.#isGhost(frame, person, kept))) {
      person.region = undefined;
      person.memory.forget();
      return undefined;
    }
    return kept ? { id, candidate: inPlainLight(kept, candidates) } : this.#asAnother(frame, id, best(strays));
  }

  /**
   * The score from which a pose is kept.
   * @param tracked the tracker's pose, which stays; a person lost among others must be found again
   */
  #leastScore(timestamp: number, tracked: Pose | undefined): number {
    const { minScore, people } = this.#options;
    // Among other people a doubtful pose may mix two of them: a gap is better.
    const isAmongOthers = people === 1 ? this.#crowd.isCrowded(timestamp) : !tracked;
    return isAmongOthers ? Math.max(LEAST_FOR_STRANGERS, minScore) : minScore;
  }

  /** Reassigns a pose seen at one person's position to the person whose clothes it wears. */
  #asAnother(frame: Frame, id: number, stray: Candidate | undefined): Chosen | undefined {
    if (!stray || this.#options.people === 1) return undefined;
    const owner = this.#people.wearerOf(frame, id, stray.pose);
    return owner === undefined ? undefined : { id: owner, candidate: stray };
  }

  /**
   * If the followed pose is doubtful, the detector may locate the body better than the previous frame's square does.
   */
  async #detectAgain(frame: Frame, person: FollowedPerson, candidates: Candidate[], effort: Effort): Promise<void> {
    const { width, height } = this.#options;
    if (this.#runner.attemptsLeft <= 0 || !this.#runner.budget.afford(COST.detector + COST.usual)) return;
    this.#runner.attemptsLeft--;
    const start = performance.now();
    const poses = candidates.map(({ pose }) => pose);
    const found = (await this.#runner.engine.detect(frame.image, { most: 1 })).find(pose =>
      isAmong(pose, poses, width, height),
    );
    if (found) this.#runner.add(candidates, 'crop', found, person, frame.timestamp, false, false, PLAIN);
    effort.add('crop', found && candidates.at(-1), start);
  }

  /**
   * Whether a followed pose is a false detection: the judge rejects it, and the person finder has found no person
   * there, twice.
   */
  async #isGhost(frame: Frame, person: FollowedPerson, { pose, judgement }: Candidate): Promise<boolean> {
    const { width, height } = this.#options;
    if (!person.suspect(frame.timestamp, judgement.score < INCREDIBLE)) return false;
    const boxes = await this.#runner.findBoxes(frame);
    return person.learnBox(
      frame.timestamp,
      boxes.some(box => boxFit(pose, box, width, height) >= LEAST_FIT),
    );
  }

  /** Whether an attempt at a person's position shows another person. */
  #isStray(frame: Frame, id: number, pose: Pose, tracked: Pose | undefined): boolean {
    if (this.#options.people > 1) return this.#people.isStray(frame, id, pose, tracked);
    return this.#crowd.isCrowded(frame.timestamp) && this.#people.isBystander(frame, id, pose);
  }

  /** Whether an attempt at a person shows another known one. */
  #isInTheWay(found: Candidate | undefined, others: readonly Pose[]): boolean {
    const { width, height } = this.#options;
    return found !== undefined && !found.tracked && isAmong(found.pose, others, width, height);
  }

  /** Whether a person found in the search for a lost one is more likely another lost one. */
  #isOfAnother(frame: Frame, id: number, pose: Pose): boolean {
    const who = this.#people.recognise(frame, pose);
    return who !== undefined && who !== id;
  }

  /** @returns whether an attempt was made */
  async #retry(
    frame: Frame,
    id: number,
    person: FollowedPerson,
    situation: Situation,
    candidates: Candidate[],
    effort: Effort,
    others: readonly Pose[],
  ): Promise<boolean> {
    const region = this.#regionFor(id, person, candidates[0]?.pose, frame.timestamp);
    if (!region) return false;
    const tried = new Set(effort.tried.map(({ name }) => name.replace('original', 'crop')));
    let hasTried = false;
    for (const attempt of this.#plan.attempts(situation).filter(({ name }) => !tried.has(name))) {
      if (this.#runner.attemptsLeft <= 0) break;
      if (!this.#runner.budget.afford(attempt.refine ? COST.refine : COST.usual)) break;
      const before = best(candidates)?.judgement.score ?? 0;
      await this.#runner.attempt(frame, person, attempt, region, candidates, effort);
      hasTried = true;
      if (this.#isInTheWay(candidates.at(-1), others)) {
        candidates.pop(); // Further attempts would give the same result.
        break;
      }
      const after = best(candidates)?.judgement.score ?? 0;
      this.#plan.learn(situation, attempt, Math.max(0, after - before));
      if (after >= GOOD) break;
    }
    return hasTried;
  }

  /** Where to retry for a person: where the tracker sees them, or where they are expected. */
  #regionFor(id: number, person: FollowedPerson, tracked: Pose | undefined, timestamp: number): Region | undefined {
    const { width, height } = this.#options;
    const expected = person.memory.expected(timestamp);
    if (tracked) return tracked.next ?? regionOfPose(tracked, width, height);
    if (!expected) return person.region;
    const { x, y, size, rotation } = regionOfPose(person.memory.last ?? expected, width, height);
    const way = this.#people.wayOf(id);
    const grown = size * (1 + GROWTH_PER_SECOND * person.memory.absence(timestamp));
    return { x: x + way.x, y: y + way.y, size: grown, rotation };
  }
}

/** A light is abandoned if the plain one shows enough. */
function inPlainLight(kept: Candidate, candidates: readonly Candidate[]): Candidate {
  const isSeenPlainly = candidates.some(
    ({ light, judgement }) => isPlain(light) && judgement.score >= LEAST_IN_PLAIN_LIGHT,
  );
  return isSeenPlainly ? { ...kept, light: PLAIN } : kept;
}

function situationOf(candidate: Candidate | undefined): Situation {
  if (!candidate) return 'lost';
  if (candidate.swapped) return 'jump';
  return candidate.judgement.score < 0.5 ? 'implausible' : 'faint';
}
