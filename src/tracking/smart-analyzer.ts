import type { PoseEngine } from '../engine/pose-engine.js';
import type { AttemptRecord, FrameAttempts } from '../model/attempts.js';
import type { Frame } from '../model/frame.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import { regionOfPose } from '../regions/person.js';
import { type Attempt, AttemptPlan, type PlanState, type Situation } from '../strategies/plan.js';
import { best, type Candidate, isAmong, UNCONFIRMED, weigh } from './candidate.js';
import { choosePerson, type PersonChoice } from './choose-person.js';
import type { FrameAnalyzer } from './frame-analyzer.js';
import { AGREEMENTS_TO_TRUST, LONGEST_BLINK, People, type PeopleState, Person } from './people.js';
import { exchangeSides } from './person-memory.js';
import { poseDistance } from './plausibility.js';
import { AGREE, EXCELLENT, type Judgement, judgePose, scoreAlone } from './score.js';

/** How hard a frame is worked on. */
export interface SmartOptions {
  readonly people: number;
  /** Of the analysed pictures, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Poses below are left out, 0-1. */
  readonly minScore: number;
  /** Whom to follow when one person is wanted. */
  readonly person: PersonChoice;
  /** Looks at one frame beyond the first, at most. */
  readonly maxAttempts: number;
  /** Tries everything on each frame, good or not. */
  readonly exhaustive: boolean;
  /** Whether sides that changed places against the motion are exchanged back where no other look does better. */
  readonly fixSwaps: boolean;
  /** Told how each frame was decided that needed more than its first look. */
  readonly onAttempts?: ((attempts: FrameAttempts) => void) | undefined;
}

/** The careful network's look at a tracked pose, as the plan names it. */
const CHECK = 'crop+heavy';
/** Seconds between the careful network's looks at a pose that seems good. */
const CHECK_EVERY = 2;
/** A person's square grows by this part for each second out of sight. */
const GROWTH_PER_SECOND = 0.5;
/** While nobody is found, seconds after which frames are searched less, and how many further looks they get then. */
const PATIENCE = 1;
const IDLE_ATTEMPTS = 2;
/** After that, poses that the tracker is less sure of are not looked at again. */
const IDLE_SCORE = 0.5;
/** People among whom `--person` chooses, at most. */
const MOST_CHOSEN_FROM = 8;

/** Strangers, and people after a loss, are let in from this score on only. */
const ENTRY_SCORE = 0.9;

/** What is remembered of a video between two frames. */
interface SmartState {
  readonly people: PeopleState;
  readonly plan: PlanState;
  readonly hint: Region | undefined;
  readonly lastSeen: number;
  readonly previous: FrameResult | undefined;
}

/**
 * Follows people, judges each pose, and looks again in other ways where it is doubtful: at the person's own square, in other light, by a more careful
 * network. A pose that stays doubtful is left out.
 */
export class SmartAnalyzer implements FrameAnalyzer {
  readonly #engine: PoseEngine;
  readonly #options: SmartOptions;
  readonly #hasCareful: boolean;
  readonly #plan: AttemptPlan;
  readonly #people: People;
  /** Where the tracker is to go on, after somebody was found by other means. */
  #hint: Region | undefined;
  #lastSeen = Number.NaN;
  /** Further looks that the frame may still take. */
  #attemptsLeft = 0;
  /** Whether nobody has been seen for so long that less is tried. */
  #isIdle = false;
  #previous: FrameResult | undefined;

  /** @param hasCareful whether the engine has a more careful network that may be used */
  constructor(engine: PoseEngine, hasCareful: boolean, options: SmartOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#hasCareful = hasCareful;
    this.#plan = new AttemptPlan(hasCareful);
    this.#people = new People(options);
  }

  async analyze(frame: Frame): Promise<FrameResult> {
    const { frameId, timestamp } = frame;
    const chosen = await this.#choose(frame);
    if (chosen.length > 0 || Number.isNaN(this.#lastSeen)) this.#lastSeen = timestamp;
    const people = chosen.map(([id, candidate]) => this.#accept(id, candidate, timestamp)).sort(byPerson);
    this.#people.settle(frame, new Map(chosen.map(([id, { pose }]) => [id, pose])));
    this.#previous = { frameId, timestamp, status: statusOf(people), people };
    return this.#previous;
  }

  save(): SmartState {
    return {
      people: this.#people.save(),
      plan: this.#plan.save(),
      hint: this.#hint,
      lastSeen: this.#lastSeen,
      previous: this.#previous,
    };
  }

  restore(state: SmartState): void {
    this.#people.restore(state.people);
    this.#plan.restore(state.plan);
    this.#hint = state.hint;
    this.#lastSeen = state.lastSeen;
    this.#previous = state.previous;
  }

  /** Who is in the frame: first those that the tracker follows, then those that it lost, then anybody else. */
  async #choose(frame: Frame): Promise<[id: number, candidate: Candidate][]> {
    const { exhaustive, maxAttempts } = this.#options;
    this.#isIdle = !exhaustive && frame.timestamp - this.#lastSeen > PATIENCE;
    this.#attemptsLeft = exhaustive
      ? Number.POSITIVE_INFINITY
      : this.#isIdle
        ? Math.min(IDLE_ATTEMPTS, maxAttempts)
        : maxAttempts;
    await this.#chooseAtStart(frame);
    const poses = await this.#engine.track(frame.image, frame.timestamp, { region: this.#hint });
    this.#hint = undefined;
    const ids = this.#people.identify(frame, poses);
    const found: [number, Candidate][] = [];
    for (const [i, pose] of poses.entries()) {
      const decided = new Map(found.map(([id, candidate]) => [id, candidate.pose]));
      this.#people.forgetMistake(frame, ids, poses, i, decided);
      this.#take(await this.#refine(frame, ids[i], pose), found);
    }
    for (const id of this.#people.lost(ids, frame.timestamp)) {
      if (!found.some(([other]) => other === id)) this.#take(await this.#refine(frame, id, undefined), found);
    }
    if (found.length === 0) {
      const candidate = await this.#search(frame);
      if (candidate) found.push([this.#people.identifyAnother(frame, candidate.pose), candidate]);
    }
    return found;
  }

  /** Nobody is told twice. */
  #take(one: [id: number, candidate: Candidate] | undefined, found: [id: number, candidate: Candidate][]): void {
    if (one && !this.#isFound(one[1], found) && !found.some(([id]) => id === one[0])) found.push(one);
  }

  #isFound({ pose }: Candidate, found: readonly [number, Candidate][]): boolean {
    const { width, height } = this.#options;
    const others = found.map(([, other]) => other);
    return isAmong(pose, others, width, height);
  }

  /** While nobody is followed, one of all people in the frame is chosen for the tracker to begin with. */
  async #chooseAtStart(frame: Frame): Promise<void> {
    const { people, person, width, height } = this.#options;
    const isFollowing = this.#people.isAnybodyThere(frame.timestamp);
    if (people > 1 || person === 'first' || isFollowing || this.#hint) return;
    const poses = await this.#engine.detect(frame.image, { most: MOST_CHOSEN_FROM });
    const chosen = choosePerson(poses, person, width, height);
    if (chosen) this.#hint = regionOfPose(chosen, width, height);
  }

  #accept(id: number, { pose: found, name, tracked, score, judgement }: Candidate, timestamp: number): PersonResult {
    const swap = judgement.exchanged ? (this.#options.fixSwaps ? 'fixed' : 'found') : undefined;
    const pose = swap === 'fixed' ? exchangeSides(found) : found;
    this.#people.get(id).memory.remember(pose, timestamp);
    const { width, height } = this.#options;
    if (!tracked) this.#hint = regionOfPose(pose, width, height);
    const wasThere = this.#previous?.people.some(person => person.personId === id) ?? false;
    return { personId: id, pose, strategy: name, status: tracked && wasThere ? 'tracked' : 'detected', score, swap };
  }

  /** The best pose of one person, from the tracker's or from nothing. */
  async #refine(
    frame: Frame,
    id: number,
    tracked: Pose | undefined,
  ): Promise<[id: number, candidate: Candidate] | undefined> {
    const person = this.#people.get(id);
    const effort = new Effort();
    const candidates: Candidate[] = [];
    if (tracked) candidates.push(this.#candidate('original', tracked, person, frame.timestamp, { tracked: true }));
    const [first] = candidates;
    // The tracker's opinion of a coat stand, once more.
    if (this.#isIdle && first && first.score < IDLE_SCORE) return undefined;
    let isCheck = false;
    const isFine = first !== undefined && first.score >= EXCELLENT;
    let situation: Situation = first ? situationOf(first.judgement) : 'lost';
    if (first && this.#isCheckDue(person, first, frame.timestamp)) {
      const agrees = await this.#check(frame, person, candidates, effort);
      if (!agrees && situation === 'faint') situation = 'implausible';
      isCheck = agrees && isFine;
    }
    const isGood = () => best(candidates) !== undefined && (best(candidates)?.score ?? 0) >= EXCELLENT;
    if (!isGood() || this.#options.exhaustive) await this.#retry(frame, person, situation, candidates, effort);
    const strays = candidates.filter(({ pose }) => this.#people.isStray(frame, id, pose, tracked));
    const winner = best(candidates.filter(candidate => !strays.includes(candidate)));
    const least = this.#leastScore(person, frame.timestamp);
    const kept = winner && winner.score >= least ? winner : undefined;
    this.#report(frame, id, isCheck ? 'check' : situation, effort, kept, winner);
    if (kept) return [id, kept];
    if (strays.length > 0) person.memory.forget(); // It led to somebody else.
    const stray = best(strays);
    const owner = stray && stray.score >= least ? this.#people.wearerOf(frame, id, stray.pose) : undefined;
    return stray && owner !== undefined ? [owner, stray] : undefined;
  }

  /** The careful network looks at the start of a track, after each doubt, while it disagrees, and every few seconds. */
  #isCheckDue(person: Person, first: Candidate, timestamp: number): boolean {
    if (!this.#hasCareful) return false;
    return (
      this.#options.exhaustive ||
      person.doubts > 0 ||
      first.score < EXCELLENT ||
      timestamp - person.checkedAt >= CHECK_EVERY
    );
  }

  /** @returns whether both networks agree */
  async #check(frame: Frame, person: Person, candidates: Candidate[], effort: Effort): Promise<boolean> {
    const [first] = candidates;
    const { width, height } = this.#options;
    const region = regionOfPose(first.pose, width, height);
    const start = performance.now();
    const [pose] = await this.#engine.detect(frame.image, { region, careful: true });
    person.checkedAt = frame.timestamp;
    const second = pose && this.#candidate(CHECK, pose, person, frame.timestamp, { careful: true });
    effort.add(CHECK, second, start);
    if (!second) {
      first.score *= UNCONFIRMED;
      person.doubts = AGREEMENTS_TO_TRUST;
      return false;
    }
    candidates.push(second);
    weigh(candidates, width, height);
    const agrees = poseDistance(first.pose, second.pose, width, height) < AGREE;
    person.doubts = agrees ? Math.max(0, person.doubts - 1) : AGREEMENTS_TO_TRUST;
    // Where both agree the tracker's pose is taken, which is smooth.
    if (agrees) candidates.splice(candidates.indexOf(second), 1);
    return agrees;
  }

  async #retry(
    frame: Frame,
    person: Person,
    situation: Situation,
    candidates: Candidate[],
    effort: Effort,
  ): Promise<void> {
    const region = this.#regionFor(person, candidates[0]?.pose, frame.timestamp);
    if (!region) return;
    const { exhaustive } = this.#options;
    const tried = new Set(effort.tried.map(({ name }) => name));
    for (const attempt of this.#plan.attempts(situation).filter(({ name }) => !tried.has(name))) {
      if (this.#attemptsLeft <= 0) break;
      const before = best(candidates)?.score ?? 0;
      if (!exhaustive && before >= EXCELLENT) break;
      await this.#attempt(frame, person, attempt, region, candidates, effort);
      this.#plan.learn(situation, attempt, Math.max(0, (best(candidates)?.score ?? 0) - before));
    }
  }

  #leastScore({ memory }: Person, timestamp: number): number {
    const { minScore } = this.#options;
    return memory.absence(timestamp) <= LONGEST_BLINK ? minScore : Math.max(minScore, ENTRY_SCORE);
  }

  /** Where the person is, or must be by now. */
  #regionFor(person: Person, pose: Pose | undefined, timestamp: number): Region | undefined {
    const { width, height } = this.#options;
    const expected = person.memory.expected(timestamp) ?? pose;
    if (!expected) return undefined;
    const region = regionOfPose(expected, width, height);
    const absence = person.memory.absence(timestamp);
    return Number.isFinite(absence) ? { ...region, size: region.size * (1 + GROWTH_PER_SECOND * absence) } : region;
  }

  async #attempt(
    frame: Frame,
    person: Person,
    attempt: Attempt,
    region: Region | undefined,
    candidates: Candidate[],
    effort: Effort,
  ): Promise<void> {
    this.#attemptsLeft--;
    const start = performance.now();
    const view = attempt.strategy.view(frame.image, { region });
    const [pose] = await this.#engine.detect(view.image, { region: view.region, careful: attempt.careful });
    const candidate =
      pose && this.#candidate(attempt.name, view.toFrame(pose), person, frame.timestamp, { careful: attempt.careful });
    effort.add(attempt.name, candidate, start);
    if (!candidate) return;
    candidates.push(candidate);
    weigh(candidates, this.#options.width, this.#options.height);
  }

  /** Searches the whole frame for somebody new; who is found is looked at again in their own square. */
  async #search(frame: Frame): Promise<Candidate | undefined> {
    const effort = new Effort();
    const person = new Person();
    let kept: Candidate | undefined;
    for (const attempt of this.#plan.attempts('nobody')) {
      if (this.#attemptsLeft <= 0 || kept) break;
      const candidates: Candidate[] = [];
      await this.#attempt(frame, person, attempt, undefined, candidates, effort);
      const [found] = candidates;
      if (found) kept = await this.#confirmed(frame, person, found, attempt, effort);
      this.#plan.learn('nobody', attempt, kept?.score ?? 0);
    }
    this.#report(frame, null, 'nobody', effort, kept, kept);
    return kept;
  }

  /** A stranger found in a strange light is believed when a second look, in the same light and at their own square, says the same. */
  async #confirmed(
    frame: Frame,
    person: Person,
    found: Candidate,
    { name }: Attempt,
    effort: Effort,
  ): Promise<Candidate | undefined> {
    const { width, height } = this.#options;
    const region = regionOfPose(found.pose, width, height);
    const candidates = [found];
    const looks = this.#plan.attempts('lost').filter(attempt => attempt.careful === this.#hasCareful);
    const same = looks.find(attempt => attempt.name.includes(`+${name}`)) ?? looks[0];
    await this.#attempt(frame, person, same, region, candidates, effort);
    if (candidates.length === 1) found.score *= UNCONFIRMED;
    const winner = best(candidates);
    return winner && winner.score >= this.#leastScore(person, frame.timestamp) ? winner : undefined;
  }

  #candidate(
    name: string,
    pose: Pose,
    person: Person,
    timestamp: number,
    { tracked = false, careful = false }: { tracked?: boolean; careful?: boolean },
  ): Candidate {
    const { width, height } = this.#options;
    const judgement = judgePose(pose, person.memory, timestamp, width, height);
    return { name, pose, careful, tracked, judgement, score: scoreAlone(judgement, careful) };
  }

  #report(
    frame: Frame,
    personId: number | null,
    situation: Situation | 'check',
    effort: Effort,
    kept: Candidate | undefined,
    winner: Candidate | undefined,
  ): void {
    if (effort.tried.length === 0) return;
    const why = kept
      ? `best score, ${kept.score.toFixed(2)}`
      : winner
        ? `best score ${winner.score.toFixed(2)} is too low`
        : 'nobody found';
    const { frameId, timestamp } = frame;
    this.#options.onAttempts?.({
      frameId,
      timestamp,
      personId,
      situation,
      tried: effort.tried,
      won: kept?.name ?? null,
      why,
    });
  }
}

/** The looks that a frame took beyond the first. */
class Effort {
  readonly tried: AttemptRecord[] = [];

  add(name: string, candidate: Candidate | undefined, start: number): void {
    this.tried.push({ name, score: candidate?.score ?? null, milliseconds: performance.now() - start });
  }
}

/** A torso's joint below this is hardly seen. */
const FAINT = 0.6;

function situationOf({ surprise, exchanged, evidence }: Judgement): Situation {
  if (exchanged || surprise > 1) return 'jump';
  return evidence.torsoVisibility < FAINT ? 'faint' : 'implausible';
}

const byPerson = (a: PersonResult, b: PersonResult) => a.personId - b.personId;
