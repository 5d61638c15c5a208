import type { PoseEngine } from '../engine/pose-engine.js';
import type { Frame } from '../model/frame.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import { regionOfPose } from '../regions/person.js';
import { AttemptPlan, type PlanState } from '../strategies/plan.js';
import { AttemptRunner, Effort, REFINE_LIGHT, type Sight } from './attempt-runner.js';
import type { BudgetState } from './budget.js';
import { agree, best, type Candidate, type Chosen, isAmong } from './candidate.js';
import { Crowd, type CrowdState } from './crowd.js';
import { type FollowedPerson, PLAIN } from './followed-person.js';
import type { AnalyzerNotes, FrameAnalyzer } from './frame-analyzer.js';
import { withConfidences } from './judge.js';
import { People, type PeopleState } from './people.js';
import { swapPose } from './person-memory.js';
import { GOOD, PoseChooser } from './pose-chooser.js';
import type { SmartOptions } from './smart-options.js';
import { type SearchState, StrangerSearch } from './stranger-search.js';

/** After this many frames in another light, the plain one is tried again. */
const LONGEST_IN_LIGHT = 60;
/**
 * A person not found again within this many seconds is searched for less often at their last position: the rest of the
 * budget goes into searching the frame.
 */
const SOON = 0.1;
const LATE_ATTEMPTS = 2;

/** State of a video between two frames. */
export interface SmartState {
  readonly people: PeopleState;
  readonly plan: PlanState;
  readonly budget: BudgetState;
  readonly search: SearchState;
  readonly crowd: CrowdState;
  readonly previous: FrameResult | undefined;
}

/** A person in the current frame. */
interface Seen extends Sight {
  readonly id: number;
}

/**
 * Follows people, judges each pose by what is visible of it, and retries where it is doubtful: with the refining
 * network, in other light, mirrored. The tracker's pose stays if no better one is found; poses known to be wrong are
 * dropped.
 */
export class SmartAnalyzer implements FrameAnalyzer {
  readonly #options: SmartOptions;
  readonly #runner: AttemptRunner;
  readonly #plan: AttemptPlan;
  readonly #people: People;
  readonly #crowd: Crowd;
  readonly #search: StrangerSearch;
  readonly #chooser: PoseChooser;
  #previous: FrameResult | undefined;

  /** @param hasRefiner whether the engine has a refining network that may run */
  constructor(engine: PoseEngine, hasRefiner: boolean, options: SmartOptions) {
    this.#options = options;
    this.#runner = new AttemptRunner(engine, hasRefiner, options);
    this.#plan = new AttemptPlan(hasRefiner);
    this.#people = new People(options);
    this.#crowd = new Crowd(this.#runner, this.#people);
    this.#search = new StrangerSearch(this.#runner, this.#people, this.#plan);
    this.#chooser = new PoseChooser(this.#runner, this.#people, this.#plan, this.#crowd);
  }

  async analyze(frame: Frame): Promise<FrameResult> {
    const { frameId, timestamp } = frame;
    const chosen = await this.#choose(frame);
    const people = chosen.map(({ id, candidate }) => this.#accept(id, candidate, timestamp)).sort(byPerson);
    this.#people.settle(frame, new Map(chosen.map(({ id, candidate }) => [id, candidate.pose])));
    this.#previous = { frameId, timestamp, status: statusOf(people), people };
    return this.#previous;
  }

  notes(): AnalyzerNotes {
    return { framesOverBudget: this.#runner.budget.ranOut };
  }

  save(): SmartState {
    return {
      people: this.#people.save(),
      plan: this.#plan.save(),
      budget: this.#runner.budget.save(),
      search: this.#search.save(),
      crowd: this.#crowd.save(),
      previous: this.#previous,
    };
  }

  restore(state: SmartState): void {
    this.#people.restore(state.people);
    this.#plan.restore(state.plan);
    this.#runner.budget.restore(state.budget);
    this.#search.restore(state.search);
    this.#crowd.restore(state.crowd);
    this.#previous = state.previous;
  }

  /** The people in the frame: first those followed, then the lost ones, then any others. */
  async #choose(frame: Frame): Promise<Chosen[]> {
    const followed = this.#people.followed();
    await this.#runner.begin(frame, followed.length + this.#people.lost(followed, frame.timestamp).length);
    const seen: Seen[] = [];
    for (const id of followed) {
      const sight = await this.#follow(frame, id);
      if (sight) seen.push(sight);
    }
    await this.#crowd.watch(frame, seen);
    const chosen = await this.#decide(frame, this.#apart(seen, frame.timestamp));
    const ids = chosen.map(({ id }) => id);
    const lost = this.#people.lost(ids, frame.timestamp);
    for (const id of lost) this.#take(await this.#recover(frame, id, posesOf(chosen)), chosen);
    if (followed.some(id => !ids.includes(id))) this.#search.hasten();
    await this.#search.welcome(frame, chosen, this.#previous === undefined);
    return chosen;
  }

  /** The first attempts at a person, at their expected position. */
  async #follow(frame: Frame, id: number): Promise<Seen | undefined> {
    const person = this.#people.get(id);
    const { region } = person;
    if (!region) return undefined;
    const seen: Seen = { id, candidates: [], effort: new Effort() };
    person.count();
    if (person.light !== PLAIN && person.framesInLight > LONGEST_IN_LIGHT) person.light = PLAIN;
    const own = this.#takeOwn(person, frame.timestamp);
    if (own) this.#runner.add(seen.candidates, PLAIN, own, person, frame.timestamp, false, true, PLAIN);
    else await this.#runner.at(frame, person, region, person.isRefined, seen, true);
    const [first] = seen.candidates;
    if (!first && this.#runner.hasRefiner && !person.isRefined) {
      await this.#runner.at(frame, person, region, true, seen, true);
      person.follow(true);
    } else if (first && this.#runner.hasRefiner) await this.#askOther(frame, person, region, seen);
    if (this.#options.exhaustive && seen.candidates.length > 0) await this.#runner.around(frame, person, region, seen);
    return seen.candidates.length > 0 ? seen : undefined;
  }

  /** The engine's own tracked pose of a person. */
  #takeOwn(person: FollowedPerson, timestamp: number): Pose | undefined {
    const { width, height, people } = this.#options;
    const expected = person.memory.expected(timestamp);
    const isTheirs = (pose: Pose) => people === 1 || (expected && isAmong(pose, [expected], width, height));
    const own = this.#runner.own?.find(isTheirs);
    if (own) this.#runner.own = this.#runner.own?.filter(pose => pose !== own);
    return own;
  }

  /** Runs the network that does not follow, when it is due. */
  async #askOther(frame: Frame, person: FollowedPerson, region: Region, seen: Seen): Promise<void> {
    const { width, height, exhaustive } = this.#options;
    const { timestamp } = frame;
    const first = seen.candidates[0]!;
    const isDoubtful = first.judgement.score < GOOD || first.swapped;
    if (!exhaustive && !person.isOtherDue(timestamp, isDoubtful)) return;
    await this.#runner.at(frame, person, region, !first.refined, seen, true);
    const second = seen.candidates[1];
    const agrees = second !== undefined && agree(first.pose, second.pose, width, height);
    person.learnOther(timestamp, agrees, isDoubtful);
    // The usual network is less reliable: while they disagree, the refining one's pose is taken, and followed.
    const other = seen.candidates.findIndex(({ refined }) => refined !== (person.isRefined || exhaustive));
    if (second && (agrees || person.isRefined || exhaustive)) seen.candidates.splice(other, 1);
  }

  /** If two people's squares show the same body, the one it fits better keeps it; the other one is hidden. */
  #apart(seen: readonly Seen[], timestamp: number): Seen[] {
    const { width, height } = this.#options;
    const surprise = ({ id, candidates }: Seen) =>
      this.#people.get(id).memory.surprise(best(candidates)!.pose, timestamp, width, height);
    const kept: Seen[] = [];
    for (const one of [...seen].sort((a, b) => surprise(a) - surprise(b))) {
      const poses = kept.map(({ candidates }) => best(candidates)!.pose);
      if (!isAmong(best(one.candidates)!.pose, poses, width, height)) kept.push(one);
    }
    return kept.sort((a, b) => a.id - b.id);
  }

  /** Identities of the people that the tracker sees, and whether they are credible. */
  async #decide(frame: Frame, seen: readonly Seen[]): Promise<Chosen[]> {
    const poses = seen.map(({ id, candidates }) => ({ id, pose: best(candidates)!.pose }));
    const ids = this.#people.identify(frame, poses);
    const chosen: Chosen[] = [];
    for (const [i, { candidates, effort, id: prior }] of seen.entries()) {
      const assigned = ids[i]!;
      const wearer = this.#people.wearerOf(frame, assigned, best(candidates)!.pose);
      // In the clothes of a person who is not seen elsewhere: the square has moved over to that person.
      const id = wearer !== undefined && !ids.includes(wearer) && this.#people.has(wearer) ? wearer : assigned;
      if (id !== prior && !this.#people.has(id)) {
        // The followed person's square shows a stranger.
        this.#people.get(prior).region = undefined;
        continue;
      }
      const decided = new Map(chosen.map(one => [one.id, one.candidate.pose]));
      this.#people.forgetMistake(
        frame,
        ids,
        poses.map(({ pose }) => pose),
        i,
        decided,
      );
      this.#take(await this.#chooser.choose(frame, id, candidates, effort), chosen);
    }
    return chosen;
  }

  /** No person is reported twice. */
  #take(one: Chosen | undefined, chosen: Chosen[]): void {
    if (!one || chosen.length >= this.#options.people || chosen.some(({ id }) => id === one.id)) return;
    const { width, height } = this.#options;
    const poses = chosen.map(({ candidate }) => candidate.pose);
    if (!isAmong(one.candidate.pose, poses, width, height)) chosen.push(one);
  }

  /** Searches for a person the tracker lost. */
  async #recover(frame: Frame, id: number, others: readonly Pose[]): Promise<Chosen | undefined> {
    const person = this.#people.get(id);
    person.region = undefined; // Follow them again from where they were found.
    if (person.memory.absence(frame.timestamp) > SOON)
      this.#runner.attemptsLeft = Math.min(LATE_ATTEMPTS, this.#runner.attemptsLeft);
    return this.#chooser.choose(frame, id, [], new Effort(), others);
  }

  #accept(id: number, candidate: Candidate, timestamp: number): PersonResult {
    const { name, tracked, judgement, swapped } = candidate;
    const { width, height, fixSwaps, smooths = true } = this.#options;
    const swap = swapped ? (fixSwaps ? 'fixed' : 'found') : undefined;
    const found = withConfidences(candidate.pose, judgement.confidences);
    const raw = swap === 'fixed' ? swapPose(found) : found;
    const person = this.#people.get(id);
    const region = candidate.pose.next ?? regionOfPose(raw, width, height);
    const smooth = smooths ? person.smooth(raw, region.size, timestamp, width, height) : raw;
    // An engine that follows people itself has already smoothed its poses.
    const pose = this.#runner.engine.info.followsItself && name === PLAIN ? raw : smooth;
    person.memory.remember(raw, timestamp);
    person.region = region;
    person.light = candidate.light === REFINE_LIGHT ? PLAIN : candidate.light;
    if (candidate.refined) person.follow(true);
    const wasThere = this.#previous?.people.some(other => other.personId === id) ?? false;
    const status = tracked && wasThere ? 'tracked' : 'detected';
    return { personId: id, pose, strategy: name, status, score: judgement.score, swap };
  }
}

const posesOf = (chosen: readonly Chosen[]) => chosen.map(({ candidate }) => candidate.pose);

const byPerson = (a: PersonResult, b: PersonResult) => a.personId - b.personId;
