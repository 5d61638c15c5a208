import type { Frame } from '../model/frame.js';
import type { Pose } from '../model/pose.js';
import { regionOfPose } from '../regions/person.js';
import type { Attempt, AttemptPlan } from '../strategies/plan.js';
import { type AttemptRunner, Effort, type Sight } from './attempt-runner.js';
import { COST } from './budget.js';
import { agree, best, type Candidate, type Chosen, isAmong } from './candidate.js';
import { choosePerson } from './choose-person.js';
import { boxesWithout, poseInBox } from './find-people.js';
import { FollowedPerson, PLAIN } from './followed-person.js';
import type { People } from './people.js';
import { Refusals, type RefusalsState } from './refusals.js';

/** Strangers are accepted if they are more likely present than not. */
export const LEAST_FOR_STRANGERS = 0.5;
/** From this score on, the person finder is not asked to confirm a stranger. */
const SURE_WITHOUT_BOX = 0.95;
/**
 * Seconds between searches for people who are not followed yet; twice as many after each search without a new person.
 */
const SEARCH_EVERY = 0.3;
const SEARCH_EVERY_AT_MOST = 1;
const SEARCH_EVERY_AFTER_LOSS = 0.15;
/** Maximum number of people from the detector while a person is lost. */
const MOST_TRIED = 3;
/** Maximum number of people from which `--person` chooses. */
const MOST_CHOSEN_FROM = 8;

export interface SearchState {
  readonly refusals: RefusalsState;
  readonly searchedAt: number;
  readonly searchEvery: number;
}

/**
 * Searches for people who are not followed yet: plainly, in the boxes of the person finder, in other light, and closer.
 */
export class StrangerSearch {
  readonly #runner: AttemptRunner;
  readonly #people: People;
  readonly #plan: AttemptPlan;
  readonly #refusals = new Refusals();
  #searchedAt = Number.NEGATIVE_INFINITY;
  #searchEvery = SEARCH_EVERY;

  constructor(runner: AttemptRunner, people: People, plan: AttemptPlan) {
    this.#runner = runner;
    this.#people = people;
    this.#plan = plan;
  }

  save(): SearchState {
    return { refusals: this.#refusals.save(), searchedAt: this.#searchedAt, searchEvery: this.#searchEvery };
  }

  restore({ refusals, searchedAt, searchEvery }: SearchState): void {
    this.#refusals.restore(refusals);
    this.#searchedAt = searchedAt;
    this.#searchEvery = searchEvery;
  }

  /** A followed person was lost: the next search, which may find them, comes soon. */
  hasten(): void {
    this.#searchEvery = SEARCH_EVERY_AFTER_LOSS;
  }

  /** Admits people who are not followed yet, while more are requested. @param isFirst whether the video begins */
  async welcome(frame: Frame, chosen: Chosen[], isFirst: boolean): Promise<void> {
    const { people } = this.#runner.options;
    if (chosen.length >= people) return;
    if (chosen.length === 0 && people === 1) {
      const found = await this.#searchPlainly(frame);
      if (found) return void this.#let(frame, found, chosen);
    }
    const key = 'search';
    const isDue = isFirst || frame.timestamp - this.#searchedAt >= this.#searchEvery || this.#runner.options.exhaustive;
    if (isDue) {
      const before = chosen.length;
      await this.#searchOthers(frame, chosen, isFirst);
      const hasFound = chosen.length > before;
      this.#searchedAt = frame.timestamp;
      const isMissed =
        this.#people.lost(
          chosen.map(({ id }) => id),
          frame.timestamp,
        ).length > 0;
      const longer = isMissed ? SEARCH_EVERY_AFTER_LOSS : Math.min(SEARCH_EVERY_AT_MOST, 2 * this.#searchEvery);
      this.#searchEvery = hasFound ? SEARCH_EVERY : longer;
    }
    if (chosen.length > 0 || !this.#runner.budget.isHopeful(key, frame.timestamp)) return;
    const found = await this.#searchHarder(frame);
    this.#runner.budget.learn(key, frame.timestamp, found !== undefined);
    if (found) this.#let(frame, found, chosen);
  }

  /** No person takes the place of one who was present a moment ago. */
  #isWelcome(frame: Frame, pose: Pose, chosen: readonly Chosen[]): boolean {
    const ids = chosen.map(one => one.id);
    const missed = this.#people.lost(ids, frame.timestamp).length;
    return chosen.length + missed < this.#runner.options.people || this.#people.recognise(frame, pose) !== undefined;
  }

  /** Starts to follow a new person. */
  #let(frame: Frame, candidate: Candidate, chosen: Chosen[]): void {
    const { width, height } = this.#runner.options;
    const poses = chosen.map(one => one.candidate.pose);
    if (isAmong(candidate.pose, poses, width, height)) return;
    if (!this.#isWelcome(frame, candidate.pose, chosen)) return;
    const id = this.#people.identifyAnother(frame, candidate.pose);
    if (!chosen.some(one => one.id === id)) chosen.push({ id, candidate });
  }

  /** The way MediaPipe's tracking begins: its detector searches the frame, the refining network confirms. */
  async #searchPlainly(frame: Frame): Promise<Candidate | undefined> {
    const { person, width, height } = this.#runner.options;
    const isMissed = this.#people.isAnybodyThere(frame.timestamp);
    const most = isMissed ? MOST_TRIED : person === 'first' ? 1 : MOST_CHOSEN_FROM;
    this.#runner.budget.spend(COST.detector);
    const poses = this.#runner.own ?? (await this.#runner.engine.detect(frame.image, { most }));
    const welcome = isMissed ? poses.filter(pose => this.#isWelcome(frame, pose, [])) : poses;
    const pose = choosePerson(welcome, person, width, height);
    if (!pose) return undefined;
    this.#runner.budget.spend(COST.usual);
    return this.#confirm(frame, PLAIN, pose, false);
  }

  /** A stranger is accepted if the attempts at them, together, confirm that they are present. */
  async #confirm(frame: Frame, name: string, pose: Pose, refine: boolean): Promise<Candidate | undefined> {
    const { width, height } = this.#runner.options;
    const region = pose.next ?? regionOfPose(pose, width, height);
    if (this.#refusals.isKnown(region, frame.timestamp)) return undefined;
    const stranger = new FollowedPerson();
    const effort = new Effort();
    const candidates: Candidate[] = [];
    const start = performance.now();
    this.#runner.add(candidates, name, pose, stranger, frame.timestamp, refine, false, PLAIN);
    effort.add(name, candidates[0], start);
    const seen: Sight = { candidates, effort };
    if (this.#runner.hasRefiner) await this.#runner.at(frame, stranger, region, !refine, seen, false);
    if ((best(candidates)?.judgement.score ?? 0) < SURE_WITHOUT_BOX)
      await this.#runner.weighByBoxes(frame, stranger, candidates);
    const [first, second] = candidates;
    const { exhaustive } = this.#runner.options;
    // If both networks agree, the usual one begins to follow.
    if (first && second && !exhaustive && agree(first.pose, second.pose, width, height)) {
      candidates.splice(first.refined ? 0 : 1, 1);
    }
    if (this.#runner.options.exhaustive) await this.#runner.around(frame, stranger, region, seen);
    const winner = best(candidates);
    const least = Math.max(LEAST_FOR_STRANGERS, this.#runner.options.minScore);
    const kept = winner && winner.judgement.score >= least ? winner : undefined;
    if (!kept) this.#refusals.add(region, frame.timestamp);
    this.#runner.report(frame, null, 'nobody', effort, kept, winner);
    return kept;
  }

  /** Searches for people who are not followed: with BlazePose's own detector, and in the boxes of the person finder. */
  async #searchOthers(frame: Frame, chosen: Chosen[], isFirst: boolean): Promise<void> {
    const { people, width, height, exhaustive } = this.#runner.options;
    const isFree = exhaustive || isFirst;
    const pays = (cost: number) => isFree || this.#runner.budget.afford(cost);
    const others = () => chosen.map(({ candidate }) => candidate.pose);
    const greet = async (name: string, pose: Pose, refine: boolean) => {
      if (isAmong(pose, others(), width, height) || !this.#isWelcome(frame, pose, chosen)) return;
      const found = await this.#confirm(frame, name, pose, refine);
      if (found) this.#let(frame, found, chosen);
    };
    for (const pose of people > 1 ? await this.#detected(frame) : []) {
      if (chosen.length < people) await greet(PLAIN, pose, false);
    }
    const refine = this.#runner.hasRefiner;
    for (const box of boxesWithout(others(), await this.#runner.findBoxes(frame), width, height)) {
      if (chosen.length >= people || !pays(COST.search + COST.refine)) return;
      const pose = await poseInBox(this.#runner.engine, frame.image, box, refine, () => pays(COST.refine));
      if (pose) await greet(`box${refine ? '+heavy' : ''}`, pose, refine);
    }
  }

  /** The people found by BlazePose's own detector. */
  async #detected(frame: Frame): Promise<readonly Pose[]> {
    const { people } = this.#runner.options;
    // Charged even if the budget is used up: it precedes attempts at people already seen.
    this.#runner.budget.spend(COST.detector + people * COST.usual);
    return this.#runner.own ?? this.#runner.engine.detect(frame.image, { most: people });
  }

  /** Searches in other light, and closer. */
  async #searchHarder(frame: Frame): Promise<Candidate | undefined> {
    for (const attempt of this.#plan.attempts('nobody')) {
      if (this.#runner.attemptsLeft <= 0 || !this.#runner.budget.afford(COST.search)) break;
      const candidates: Candidate[] = [];
      await this.#runner.attempt(frame, new FollowedPerson(), attempt, undefined, candidates, new Effort());
      const [found] = candidates;
      const kept = found && (await this.#confirmInLight(frame, attempt, found));
      this.#plan.learn('nobody', attempt, kept?.judgement.score ?? 0);
      if (kept) return kept;
    }
    return undefined;
  }

  /** A person found in another light is confirmed in the same light, at their own square. */
  async #confirmInLight(frame: Frame, { name }: Attempt, found: Candidate): Promise<Candidate | undefined> {
    const { width, height } = this.#runner.options;
    const stranger = new FollowedPerson();
    const candidates = [found];
    const effort = new Effort();
    const region = found.pose.next ?? regionOfPose(found.pose, width, height);
    await this.#runner.findBoxes(frame);
    const attempts = this.#plan.attempts('lost').filter(attempt => attempt.refine === this.#runner.hasRefiner);
    const same = attempts.find(attempt => attempt.name.includes(`+${name}`)) ?? attempts[0];
    if (same) await this.#runner.attempt(frame, stranger, same, region, candidates, effort);
    const winner = best(candidates);
    const least = Math.max(LEAST_FOR_STRANGERS, this.#runner.options.minScore);
    const kept = winner && winner.judgement.score >= least ? winner : undefined;
    this.#runner.report(frame, null, 'nobody', effort, kept, winner);
    return kept;
  }
}
