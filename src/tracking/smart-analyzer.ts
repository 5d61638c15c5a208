import type { PoseEngine } from '../engine/pose-engine.js';
import type { AttemptRecord, FrameAttempts } from '../model/attempts.js';
import type { Frame } from '../model/frame.js';
import type { PersonBox } from '../model/person-box.js';
import type { Pose } from '../model/pose.js';
import type { Region } from '../model/region.js';
import { type FrameResult, type PersonResult, statusOf } from '../model/result.js';
import { regionOfPose } from '../regions/person.js';
import { STRATEGIES } from '../strategies/catalogue.js';
import { type Attempt, AttemptPlan, type PlanState, type Situation } from '../strategies/plan.js';
import type { Strategy, View } from '../strategies/strategy.js';
import { type BudgetState, COST, LookBudget } from './budget.js';
import { agree, best, type Candidate, isAmong } from './candidate.js';
import { choosePerson, type PersonChoice } from './choose-person.js';
import { boxesWithout, boxFit, poseInBox } from './find-people.js';
import type { AnalyzerNotes, FrameAnalyzer } from './frame-analyzer.js';
import { fusePoses } from './fusing.js';
import { type Judged, judgePose, type Witness, withConfidences } from './judge.js';
import { People, type PeopleState } from './people.js';
import { Person, PLAIN } from './person.js';
import { exchangeSides } from './person-memory.js';
import { Refusals, type RefusalsState } from './refusals.js';

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
  /** Looks at each frame in all ways that help, good or not. */
  readonly exhaustive: boolean;
  /** Whether sides that changed places against the motion are exchanged back where no other look does better. */
  readonly fixSwaps: boolean;
  /** Whether poses are smoothed here, and not by what looks ahead. Yes where nothing is said. */
  readonly smooths?: boolean;
  /** Told how each frame was decided that needed more than its first look. */
  readonly onAttempts?: ((attempts: FrameAttempts) => void) | undefined;
  /** Told each pose that is judged, with all that is known of it. For the calibration. */
  readonly onJudged?: ((judged: Judged) => void) | undefined;
}

/** From this score on nothing more is tried. */
const GOOD = 0.9;
/** The same for engines that follow by themselves: each look makes them forget whom they follow. */
const GOOD_FOR_ITSELF = 0.7;
/** Below, the detector looks at the whole frame again. */
const DOUBTFUL = 0.3;
/** Poses below are hardly of anybody. */
const INCREDIBLE = 0.1;
/** So much of a pose lies in the box of its person. */
const LEAST_FIT = 0.5;
/** A look has gained something when the score rises by so much. */
const GAIN = 0.05;
/** Strangers are believed when they are there more likely than not. */
const LEAST_FOR_STRANGERS = 0.5;
/** From this score on the person finder is not asked whether a stranger is there. */
const SURE_WITHOUT_BOX = 0.95;
/** A light is kept where the usual one shows less than this. */
const LEAST_IN_PLAIN_LIGHT = 0.5;
/** After so many frames in another light the usual one is tried again. */
const LONGEST_IN_LIGHT = 60;
/** Somebody who was not found again within so many seconds is looked for less at their old place: what is left of the budget goes into searching the frame. */
const SOON = 0.1;
const LATE_ATTEMPTS = 2;
/** A person's square grows by this part for each second out of sight. */
const GROWTH_PER_SECOND = 0.5;
/** Seconds between looks for people who are not followed yet; twice as many after each look that found nobody new. */
const SEARCH_EVERY = 0.3;
const SEARCH_EVERY_AT_MOST = 1;
const SEARCH_EVERY_AFTER_LOSS = 0.15;
/** Seconds, and frames, between looks for other people beside the one who is followed: while nobody else was seen, and after somebody was. */
const CROWD_EVERY = { alone: { seconds: 3, frames: 60 }, crowded: { seconds: 1, frames: 15 } } as const;
/** Bystanders whose clothes are remembered, at most. */
const MOST_BYSTANDERS = 3;
/** Others count as near for so many seconds after they were seen. */
const CROWD_LASTS = 2;
/** Others count from this part of the person's own height on. */
const CROWD_HEIGHT = 0.4;
/** People whom the detector looks at while somebody is missed, at most. */
const MOST_LOOKED_AT = 3;
/** People among whom `--person` chooses, at most. */
const MOST_CHOSEN_FROM = 8;
/** What the careful network sees best: each part of the picture with its own contrast. It is right more often so than in plain light, on samples and on webcams alike. */
const CAREFUL_LIGHT = 'clahe';
/** What is looked at beside it where time does not count. */
const SIDES = ['original', 'mirrored', 'mirrored_clahe', 'crisp', 'mirrored_crisp'] as const;

/** What is remembered of a video between two frames. */
interface SmartState {
  readonly people: PeopleState;
  readonly plan: PlanState;
  readonly budget: BudgetState;
  readonly refusals: RefusalsState;
  readonly searchedAt: number;
  readonly searchEvery: number;
  readonly crowdLooked: CrowdLook;
  readonly crowdSeenAt: number;
  readonly previous: FrameResult | undefined;
}

/** When others were looked for, in seconds and as a frame's id. */
interface CrowdLook {
  readonly at: number;
  readonly frame: number;
}

/** Somebody in the frame at hand. */
interface Seen {
  readonly id: number;
  readonly candidates: Candidate[];
  readonly effort: Effort;
}

/**
 * Follows people, judges each pose by what can be seen of it, and looks again in other ways where it is doubtful: with the more careful network, in other light, in a mirror.
 * The tracker's pose stays where nothing better is found; left out is what is known to be wrong.
 */
export class SmartAnalyzer implements FrameAnalyzer {
  readonly #engine: PoseEngine;
  readonly #options: SmartOptions;
  readonly #hasCareful: boolean;
  readonly #plan: AttemptPlan;
  readonly #people: People;
  readonly #budget: LookBudget;
  readonly #refusals = new Refusals();
  #searchedAt = Number.NEGATIVE_INFINITY;
  #searchEvery = SEARCH_EVERY;
  /** When others were looked for beside the followed person, and when some were seen. */
  #crowdLooked: CrowdLook = { at: Number.NEGATIVE_INFINITY, frame: Number.NEGATIVE_INFINITY };
  #crowdSeenAt = Number.NEGATIVE_INFINITY;
  #previous: FrameResult | undefined;
  /** Further looks that the frame may still take. */
  #attemptsLeft = 0;
  /** What an engine that follows by itself sees in the frame at hand, as far as nobody has taken it. */
  #own: Pose[] | undefined;
  /** What the person finder saw in the frame at hand; undefined where it has not looked. */
  #boxes: readonly PersonBox[] | undefined;

  /** @param hasCareful whether the engine has a more careful network that may be used */
  constructor(engine: PoseEngine, hasCareful: boolean, options: SmartOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#hasCareful = hasCareful;
    this.#plan = new AttemptPlan(hasCareful);
    this.#people = new People(options);
    this.#budget = new LookBudget(options.exhaustive);
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
    return { framesOverBudget: this.#budget.ranOut };
  }

  save(): SmartState {
    return {
      people: this.#people.save(),
      plan: this.#plan.save(),
      budget: this.#budget.save(),
      refusals: this.#refusals.save(),
      searchedAt: this.#searchedAt,
      searchEvery: this.#searchEvery,
      crowdLooked: this.#crowdLooked,
      crowdSeenAt: this.#crowdSeenAt,
      previous: this.#previous,
    };
  }

  restore(state: SmartState): void {
    this.#people.restore(state.people);
    this.#plan.restore(state.plan);
    this.#budget.restore(state.budget);
    this.#refusals.restore(state.refusals);
    this.#searchedAt = state.searchedAt;
    this.#searchEvery = state.searchEvery;
    this.#crowdLooked = state.crowdLooked;
    this.#crowdSeenAt = state.crowdSeenAt;
    this.#previous = state.previous;
  }

  /** Who is in the frame: first those who are followed, then those who were lost, then anybody else. */
  async #choose(frame: Frame): Promise<Chosen[]> {
    const followed = this.#people.followed();
    this.#budget.begin(followed.length + this.#people.lost(followed, frame.timestamp).length);
    this.#attemptsLeft = this.#options.exhaustive ? Number.POSITIVE_INFINITY : this.#options.maxAttempts;
    this.#boxes = undefined;
    this.#own = this.#engine.info.followsItself ? await this.#engine.track(frame.image, frame.timestamp) : undefined;
    const seen: Seen[] = [];
    for (const id of followed) {
      const sight = await this.#follow(frame, id);
      if (sight) seen.push(sight);
    }
    await this.#watchCrowd(frame, seen);
    const chosen = await this.#decide(frame, this.#apart(seen, frame.timestamp));
    const ids = chosen.map(({ id }) => id);
    const lost = this.#people.lost(ids, frame.timestamp);
    for (const id of lost) this.#take(await this.#recover(frame, id, posesOf(chosen)), chosen);
    if (followed.some(id => !ids.includes(id))) this.#searchEvery = SEARCH_EVERY_AFTER_LOSS;
    await this.#welcome(frame, chosen);
    return chosen;
  }

  /** Others near a person who is followed alone may be taken for them: only then clothes decide. */
  async #watchCrowd(frame: Frame, seen: readonly Seen[]): Promise<void> {
    const { people, width, height } = this.#options;
    const { timestamp, frameId } = frame;
    if (people > 1 || seen.length === 0) return;
    const every = this.#isCrowded(timestamp) ? CROWD_EVERY.crowded : CROWD_EVERY.alone;
    const { at, frame: then } = this.#crowdLooked;
    if (timestamp - at < every.seconds || frameId - then < every.frames) return;
    this.#crowdLooked = { at: timestamp, frame: frameId };
    const poses = seen.map(({ candidates }) => (best(candidates) as Candidate).pose);
    const boxes = await this.#findBoxes(frame);
    const others = boxesWithout(poses, boxes, width, height);
    const tallest = Math.max(0, ...boxes.filter(box => !others.includes(box)).map(({ top, bottom }) => bottom - top));
    const near = others.filter(({ top, bottom }) => bottom - top >= CROWD_HEIGHT * tallest);
    if (near.length === 0) return;
    this.#crowdSeenAt = timestamp;
    for (const box of near.slice(0, MOST_BYSTANDERS)) {
      this.#budget.spend(COST.search);
      const pose = await poseInBox(this.#engine, frame.image, box, false, () => false);
      if (pose && !isAmong(pose, poses, width, height)) this.#people.noteBystander(frame, pose);
    }
  }

  #isCrowded(timestamp: number): boolean {
    return timestamp - this.#crowdSeenAt <= CROWD_LASTS;
  }

  /** Whether a look at a person's place shows somebody else. */
  #isStray(frame: Frame, id: number, pose: Pose, tracked: Pose | undefined): boolean {
    if (this.#options.people > 1) return this.#people.isStray(frame, id, pose, tracked);
    return this.#isCrowded(frame.timestamp) && this.#people.isBystander(frame, id, pose);
  }

  #isOneOf(pose: Pose, others: readonly Pose[]): boolean {
    return isAmong(pose, others, this.#options.width, this.#options.height);
  }

  /** Whether somebody who was found for one who was lost is rather another one who was lost. */
  #isAnothers(frame: Frame, id: number, pose: Pose): boolean {
    const who = this.#people.recognise(frame, pose);
    return who !== undefined && who !== id;
  }

  /** Looks where a person should be. */
  async #follow(frame: Frame, id: number): Promise<Seen | undefined> {
    const person = this.#people.get(id);
    const { region } = person;
    if (!region) return undefined;
    const seen: Seen = { id, candidates: [], effort: new Effort() };
    person.count();
    if (person.light !== PLAIN && person.framesInLight > LONGEST_IN_LIGHT) person.light = PLAIN;
    const own = this.#takeOwn(person, frame.timestamp);
    if (own) this.#add(seen.candidates, PLAIN, own, person, frame.timestamp, false, true, PLAIN);
    else await this.#lookAt(frame, person, region, person.isCareful, seen, true);
    const [first] = seen.candidates;
    if (!first && this.#hasCareful && !person.isCareful) {
      await this.#lookAt(frame, person, region, true, seen, true);
      person.follow(true);
    } else if (first && this.#hasCareful) await this.#askOther(frame, person, region, seen);
    if (this.#options.exhaustive && seen.candidates.length > 0) await this.#lookAround(frame, person, region, seen);
    return seen.candidates.length > 0 ? seen : undefined;
  }

  /** The pose that the engine's own tracking has of a person. */
  #takeOwn(person: Person, timestamp: number): Pose | undefined {
    const { width, height, people } = this.#options;
    const expected = person.memory.expected(timestamp);
    const isTheirs = (pose: Pose) => people === 1 || (expected && isAmong(pose, [expected], width, height));
    const own = this.#own?.find(isTheirs);
    if (own) this.#own = this.#own?.filter(pose => pose !== own);
    return own;
  }

  /** One look at a square of the frame itself, as the tracker does it. */
  async #lookAt(
    frame: Frame,
    person: Person,
    region: Region,
    careful: boolean,
    { candidates, effort }: Seen,
    tracked: boolean,
  ): Promise<void> {
    this.#budget.spend(careful ? COST.careful : COST.usual);
    const light = careful && person.light === PLAIN ? CAREFUL_LIGHT : person.light;
    const name = nameOf(tracked, light, careful);
    const start = performance.now();
    const view = (STRATEGIES[light] as Strategy).view(frame.image, { region });
    const [pose] = await this.#engine.detect(view.image, { region: view.region, careful });
    if (pose) this.#add(candidates, name, view.toFrame(pose), person, frame.timestamp, careful, tracked, light);
    if (careful || !tracked) effort.add(name, candidates.at(-1), start);
  }

  /** Has the network look that does not follow, where it is time to. */
  async #askOther(frame: Frame, person: Person, region: Region, seen: Seen): Promise<void> {
    const { width, height, exhaustive } = this.#options;
    const { timestamp } = frame;
    const first = seen.candidates[0] as Candidate;
    const isDoubtful = first.judgement.score < GOOD || first.exchanged;
    if (!exhaustive && !person.isOtherDue(timestamp, isDoubtful)) return;
    await this.#lookAt(frame, person, region, !first.careful, seen, true);
    const second = seen.candidates[1];
    const agrees = second !== undefined && agree(first.pose, second.pose, width, height);
    person.learnOther(timestamp, agrees, isDoubtful);
    // The usual network's word is worth less: while they disagree, the careful one's pose is taken, and followed.
    const other = seen.candidates.findIndex(({ careful }) => careful !== (person.isCareful || exhaustive));
    if (second && (agrees || person.isCareful || exhaustive)) seen.candidates.splice(other, 1);
  }

  /** Looks from several sides with the best network, and takes the mean of what agrees. */
  async #lookAround(frame: Frame, person: Person, region: Region, { candidates, effort }: Seen): Promise<void> {
    const { width, height } = this.#options;
    const careful = this.#hasCareful;
    const base = best(candidates) as Candidate;
    const looks: Pose[] = [];
    const add = async (view: View) => {
      this.#budget.spend(COST.careful);
      const [pose] = await this.#engine.detect(view.image, { region: view.region, careful });
      if (pose) looks.push(view.toFrame(pose));
    };
    for (const name of SIDES) await add((STRATEGIES[name] as Strategy).view(frame.image, { region }));
    const agreeing = looks.filter(pose => isAmong(pose, [base.pose], width, height));
    if (agreeing.length === 0) return;
    const start = performance.now();
    const trusted = [base.pose, ...agreeing].map(pose => ({
      pose,
      confidences: this.#judge(pose, [base.pose, ...agreeing], person, frame.timestamp, careful).judgement.confidences,
    }));
    const fused = fusePoses(trusted, width, height);
    this.#add(candidates, 'fused', fused, person, frame.timestamp, careful, true, person.light, agreeing);
    candidates.splice(0, candidates.length - 1);
    effort.add('fused', candidates[0], start);
  }

  #judge(pose: Pose, others: readonly Pose[], person: Person, timestamp: number, careful: boolean) {
    const { width, height } = this.#options;
    const exchanged = person.memory.isExchanged(pose, timestamp, width, height);
    const box = this.#boxes && Math.max(0, ...this.#boxes.map(one => boxFit(pose, one, width, height)));
    const circumstances = {
      width,
      height,
      careful: careful || this.#engine.info.model === 'heavy',
      others: others.filter(other => other !== pose),
      expected: person.memory.expected(timestamp),
      absence: person.memory.absence(timestamp),
    };
    const witness: Witness = { box, exchanged };
    const judgement = judgePose(pose, circumstances, witness);
    this.#options.onJudged?.({ pose, circumstances, witness, judgement });
    return { exchanged, judgement };
  }

  /** Adds what a look found; all looks at the person are judged anew with it. */
  #add(
    candidates: Candidate[],
    name: string,
    pose: Pose,
    person: Person,
    timestamp: number,
    careful: boolean,
    tracked: boolean,
    light: string,
    others: readonly Pose[] = [],
  ): void {
    const poses = [...candidates.map(candidate => candidate.pose), pose];
    for (const [i, candidate] of candidates.entries()) {
      candidates[i] = { ...candidate, ...this.#judge(candidate.pose, poses, person, timestamp, candidate.careful) };
    }
    const judged = this.#judge(pose, [...poses, ...others], person, timestamp, careful);
    candidates.push({ name, pose, careful, tracked, light, ...judged });
  }

  /** Of two people whose squares show the same body, the one stays whom it fits better; the other one is hidden. */
  #apart(seen: readonly Seen[], timestamp: number): Seen[] {
    const { width, height } = this.#options;
    const surprise = ({ id, candidates }: Seen) =>
      this.#people.get(id).memory.surprise((best(candidates) as Candidate).pose, timestamp, width, height);
    const kept: Seen[] = [];
    for (const one of [...seen].sort((a, b) => surprise(a) - surprise(b))) {
      const poses = kept.map(({ candidates }) => (best(candidates) as Candidate).pose);
      if (!isAmong((best(one.candidates) as Candidate).pose, poses, width, height)) kept.push(one);
    }
    return kept.sort((a, b) => a.id - b.id);
  }

  /** Who those are whom the tracker sees, and whether they are believed. */
  async #decide(frame: Frame, seen: readonly Seen[]): Promise<Chosen[]> {
    const poses = seen.map(({ id, candidates }) => ({ id, pose: (best(candidates) as Candidate).pose }));
    const ids = this.#people.identify(frame, poses);
    const chosen: Chosen[] = [];
    for (const [i, { candidates, effort, id: prior }] of seen.entries()) {
      const assigned = ids[i] as number;
      const wearer = this.#people.wearerOf(frame, assigned, (best(candidates) as Candidate).pose);
      // In the clothes of somebody who is not seen elsewhere: the square has gone over to them.
      const id = wearer !== undefined && !ids.includes(wearer) && this.#people.has(wearer) ? wearer : assigned;
      if (id !== prior && !this.#people.has(id)) {
        // The square of one who was followed shows a stranger.
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
      this.#take(await this.#refine(frame, id, candidates, effort), chosen);
    }
    return chosen;
  }

  /** Nobody is told twice. */
  #take(one: Chosen | undefined, chosen: Chosen[]): void {
    if (!one || chosen.length >= this.#options.people || chosen.some(({ id }) => id === one.id)) return;
    const { width, height } = this.#options;
    const poses = chosen.map(({ candidate }) => candidate.pose);
    if (!isAmong(one.candidate.pose, poses, width, height)) chosen.push(one);
  }

  /** The best pose of one person; further looks where those so far are doubtful. */
  async #refine(
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
    const enough = this.#engine.info.followsItself ? GOOD_FOR_ITSELF : GOOD;
    if (before < enough && this.#budget.isHopeful(key, timestamp)) {
      const hasLooked = await this.#retry(frame, id, person, situation, candidates, effort, others);
      const after = best(candidates)?.judgement.score ?? 0;
      if (hasLooked) this.#budget.learn(key, timestamp, after >= before + GAIN);
    }
    const strays = candidates.filter(
      ({ pose }) => this.#isStray(frame, id, pose, tracked) || (!tracked && this.#isAnothers(frame, id, pose)),
    );
    const winner = best(candidates.filter(candidate => !strays.includes(candidate)));
    // The tracker's pose stays; somebody who was lost among others has to be found.
    const { minScore, people } = this.#options;
    const least = tracked || people === 1 ? minScore : Math.max(LEAST_FOR_STRANGERS, minScore);
    const kept = winner && winner.judgement.score >= least ? winner : undefined;
    this.#report(frame, id, situation, effort, kept, winner);
    if (kept && (await this.#isGhost(frame, person, kept))) {
      person.region = undefined;
      person.memory.forget();
      return undefined;
    }
    if (kept) {
      const isSeenPlainly = candidates.some(
        ({ light, judgement }) => isPlain(light) && judgement.score >= LEAST_IN_PLAIN_LIGHT,
      );
      return { id, candidate: isSeenPlainly ? { ...kept, light: PLAIN } : kept };
    }
    if (this.#options.people === 1) return undefined;
    const stray = best(strays);
    const owner = stray && this.#people.wearerOf(frame, id, stray.pose);
    return stray && owner !== undefined ? { id: owner, candidate: stray } : undefined;
  }

  /** Where what follows is doubtful, the detector may see the body better than the square of the frame before. */
  async #detectAgain(frame: Frame, person: Person, candidates: Candidate[], effort: Effort): Promise<void> {
    const { width, height } = this.#options;
    if (this.#attemptsLeft <= 0 || !this.#budget.afford(COST.detector + COST.usual)) return;
    this.#attemptsLeft--;
    const start = performance.now();
    const poses = candidates.map(({ pose }) => pose);
    const found = (await this.#engine.detect(frame.image, { most: 1 })).find(pose =>
      isAmong(pose, poses, width, height),
    );
    if (found) this.#add(candidates, 'crop', found, person, frame.timestamp, false, false, PLAIN);
    effort.add('crop', found && candidates.at(-1), start);
  }

  /** Whether what is followed is nobody: the judge does not believe it, and the person finder sees nobody there, twice. */
  async #isGhost(frame: Frame, person: Person, { pose, judgement }: Candidate): Promise<boolean> {
    const { width, height } = this.#options;
    if (!person.suspect(frame.timestamp, judgement.score < INCREDIBLE)) return false;
    const boxes = await this.#findBoxes(frame);
    return person.learnBox(
      frame.timestamp,
      boxes.some(box => boxFit(pose, box, width, height) >= LEAST_FIT),
    );
  }

  /** Looks for somebody whom the tracker lost. */
  async #recover(frame: Frame, id: number, others: readonly Pose[]): Promise<Chosen | undefined> {
    const person = this.#people.get(id);
    person.region = undefined; // Followed again from where they are found.
    if (person.memory.absence(frame.timestamp) > SOON) this.#attemptsLeft = Math.min(LATE_ATTEMPTS, this.#attemptsLeft);
    return this.#refine(frame, id, [], new Effort(), others);
  }

  /** @returns whether a look was taken */
  async #retry(
    frame: Frame,
    id: number,
    person: Person,
    situation: Situation,
    candidates: Candidate[],
    effort: Effort,
    others: readonly Pose[],
  ): Promise<boolean> {
    const region = this.#regionFor(id, person, candidates[0]?.pose, frame.timestamp);
    if (!region) return false;
    const tried = new Set(effort.tried.map(({ name }) => name.replace('original', 'crop')));
    let hasLooked = false;
    for (const attempt of this.#plan.attempts(situation).filter(({ name }) => !tried.has(name))) {
      if (this.#attemptsLeft <= 0) break;
      if (!this.#budget.afford(attempt.careful ? COST.careful : COST.usual)) break;
      const before = best(candidates)?.judgement.score ?? 0;
      await this.#attempt(frame, person, attempt, region, candidates, effort);
      hasLooked = true;
      const found = candidates.at(-1);
      if (found && !found.tracked && this.#isOneOf(found.pose, others)) {
        // Another one is in the way: further looks would show the same.
        candidates.pop();
        break;
      }
      const after = best(candidates)?.judgement.score ?? 0;
      this.#plan.learn(situation, attempt, Math.max(0, after - before));
      if (after >= GOOD) break;
    }
    return hasLooked;
  }

  /** Where to look again for a person: where the tracker sees them, or where they should be. */
  #regionFor(id: number, person: Person, tracked: Pose | undefined, timestamp: number): Region | undefined {
    const { width, height } = this.#options;
    const expected = person.memory.expected(timestamp);
    if (tracked) return tracked.next ?? regionOfPose(tracked, width, height);
    if (!expected) return person.region;
    const { x, y, size, rotation } = regionOfPose(person.memory.last ?? expected, width, height);
    const way = this.#people.wayOf(id);
    const grown = size * (1 + GROWTH_PER_SECOND * person.memory.absence(timestamp));
    return { x: x + way.x, y: y + way.y, size: grown, rotation };
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
    const { careful, name } = attempt;
    const [pose] = await this.#engine.detect(view.image, { region: view.region, careful });
    const light = lightOf(attempt.strategy.name);
    if (pose) this.#add(candidates, name, view.toFrame(pose), person, frame.timestamp, careful, false, light);
    effort.add(name, pose && candidates.at(-1), start);
  }

  /** Lets people in who are not followed yet, as long as more are wanted. */
  async #welcome(frame: Frame, chosen: Chosen[]): Promise<void> {
    const { people } = this.#options;
    const isFirst = this.#previous === undefined;
    if (chosen.length >= people) return;
    if (chosen.length === 0 && people === 1) {
      const found = await this.#searchPlainly(frame);
      if (found) return void this.#let(frame, found, chosen);
    }
    const key = 'search';
    const isDue = isFirst || frame.timestamp - this.#searchedAt >= this.#searchEvery || this.#options.exhaustive;
    if (isDue) {
      const before = chosen.length;
      await this.#searchOthers(frame, chosen);
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
    if (chosen.length > 0 || !this.#budget.isHopeful(key, frame.timestamp)) return;
    const found = await this.#searchHarder(frame);
    this.#budget.learn(key, frame.timestamp, found !== undefined);
    if (found) this.#let(frame, found, chosen);
  }

  /** Nobody takes the place of somebody who was there a moment ago. */
  #isWelcome(frame: Frame, pose: Pose, chosen: readonly Chosen[]): boolean {
    const ids = chosen.map(one => one.id);
    const missed = this.#people.lost(ids, frame.timestamp).length;
    return chosen.length + missed < this.#options.people || this.#people.recognise(frame, pose) !== undefined;
  }

  /** Somebody new is followed from now on. */
  #let(frame: Frame, candidate: Candidate, chosen: Chosen[]): void {
    const { width, height } = this.#options;
    const poses = chosen.map(one => one.candidate.pose);
    if (isAmong(candidate.pose, poses, width, height)) return;
    if (!this.#isWelcome(frame, candidate.pose, chosen)) return;
    const id = this.#people.identifyAnother(frame, candidate.pose);
    if (!chosen.some(one => one.id === id)) chosen.push({ id, candidate });
  }

  /** The way in which MediaPipe's tracking begins: its detector searches the frame, the careful network confirms. */
  async #searchPlainly(frame: Frame): Promise<Candidate | undefined> {
    const { person, width, height } = this.#options;
    const isMissed = this.#people.isAnybodyThere(frame.timestamp);
    const most = isMissed ? MOST_LOOKED_AT : person === 'first' ? 1 : MOST_CHOSEN_FROM;
    this.#budget.spend(COST.detector);
    const poses = this.#own ?? (await this.#engine.detect(frame.image, { most }));
    const welcome = isMissed ? poses.filter(pose => this.#isWelcome(frame, pose, [])) : poses;
    const pose = choosePerson(welcome, person, width, height);
    if (!pose) return undefined;
    this.#budget.spend(COST.usual);
    return this.#confirm(frame, PLAIN, pose, false);
  }

  /** A stranger is believed when the looks at them, together, say that they are there. */
  async #confirm(frame: Frame, name: string, pose: Pose, careful: boolean): Promise<Candidate | undefined> {
    const { width, height } = this.#options;
    const region = pose.next ?? regionOfPose(pose, width, height);
    if (this.#refusals.isKnown(region, frame.timestamp)) return undefined;
    const stranger = new Person();
    const effort = new Effort();
    const candidates: Candidate[] = [];
    const start = performance.now();
    this.#add(candidates, name, pose, stranger, frame.timestamp, careful, false, PLAIN);
    effort.add(name, candidates[0], start);
    const seen: Seen = { id: -1, candidates, effort };
    if (this.#hasCareful) await this.#lookAt(frame, stranger, region, !careful, seen, false);
    if ((best(candidates)?.judgement.score ?? 0) < SURE_WITHOUT_BOX)
      await this.#weighByBoxes(frame, stranger, candidates);
    const [first, second] = candidates;
    const { exhaustive } = this.#options;
    // Where both networks agree, the usual one begins to follow.
    if (first && second && !exhaustive && agree(first.pose, second.pose, width, height)) {
      candidates.splice(first.careful ? 0 : 1, 1);
    }
    if (this.#options.exhaustive) await this.#lookAround(frame, stranger, region, seen);
    const winner = best(candidates);
    const least = Math.max(LEAST_FOR_STRANGERS, this.#options.minScore);
    const kept = winner && winner.judgement.score >= least ? winner : undefined;
    if (!kept) this.#refusals.add(region, frame.timestamp);
    this.#report(frame, null, 'nobody', effort, kept, winner);
    return kept;
  }

  /** Judges looks anew with what the person finder saw. */
  async #weighByBoxes(frame: Frame, person: Person, candidates: Candidate[]): Promise<void> {
    await this.#findBoxes(frame);
    const poses = candidates.map(({ pose }) => pose);
    for (const [i, one] of candidates.entries()) {
      candidates[i] = { ...one, ...this.#judge(one.pose, poses, person, frame.timestamp, one.careful) };
    }
  }

  /** Asks the person finder, once for each frame. */
  async #findBoxes(frame: Frame): Promise<readonly PersonBox[]> {
    if (this.#boxes) return this.#boxes;
    this.#budget.spend(COST.finder);
    this.#boxes = await this.#engine.findPeople(frame.image);
    return this.#boxes ?? [];
  }

  /** Looks for people who are not followed: with BlazePose's own detector, and in the boxes of the person finder. */
  async #searchOthers(frame: Frame, chosen: Chosen[]): Promise<void> {
    const { people, width, height, exhaustive } = this.#options;
    const isFree = exhaustive || this.#previous === undefined;
    const pays = (cost: number) => isFree || this.#budget.afford(cost);
    const others = () => chosen.map(({ candidate }) => candidate.pose);
    const greet = async (name: string, pose: Pose, careful: boolean) => {
      if (isAmong(pose, others(), width, height) || !this.#isWelcome(frame, pose, chosen)) return;
      const found = await this.#confirm(frame, name, pose, careful);
      if (found) this.#let(frame, found, chosen);
    };
    if (people > 1) {
      // Taken also where the budget is used up: it comes before looks at those who are seen already.
      this.#budget.spend(COST.detector + people * COST.usual);
      for (const pose of this.#own ?? (await this.#engine.detect(frame.image, { most: people }))) {
        if (chosen.length < people) await greet(PLAIN, pose, false);
      }
    }
    const careful = this.#hasCareful;
    for (const box of boxesWithout(others(), await this.#findBoxes(frame), width, height)) {
      if (chosen.length >= people || !pays(COST.search + COST.careful)) return;
      const pose = await poseInBox(this.#engine, frame.image, box, careful, () => pays(COST.careful));
      if (pose) await greet(`box${careful ? '+heavy' : ''}`, pose, careful);
    }
  }

  /** Searches in other light, and closer. */
  async #searchHarder(frame: Frame): Promise<Candidate | undefined> {
    for (const attempt of this.#plan.attempts('nobody')) {
      if (this.#attemptsLeft <= 0 || !this.#budget.afford(COST.search)) break;
      const candidates: Candidate[] = [];
      await this.#attempt(frame, new Person(), attempt, undefined, candidates, new Effort());
      const [found] = candidates;
      const kept = found && (await this.#confirmInLight(frame, attempt, found));
      this.#plan.learn('nobody', attempt, kept?.judgement.score ?? 0);
      if (kept) return kept;
    }
    return undefined;
  }

  /** Who was found in another light is looked at in the same light, at their own square. */
  async #confirmInLight(frame: Frame, { name }: Attempt, found: Candidate): Promise<Candidate | undefined> {
    const { width, height } = this.#options;
    const stranger = new Person();
    const candidates = [found];
    const effort = new Effort();
    const region = found.pose.next ?? regionOfPose(found.pose, width, height);
    await this.#findBoxes(frame);
    const looks = this.#plan.attempts('lost').filter(attempt => attempt.careful === this.#hasCareful);
    const same = looks.find(attempt => attempt.name.includes(`+${name}`)) ?? looks[0];
    if (same) await this.#attempt(frame, stranger, same, region, candidates, effort);
    const winner = best(candidates);
    const least = Math.max(LEAST_FOR_STRANGERS, this.#options.minScore);
    const kept = winner && winner.judgement.score >= least ? winner : undefined;
    this.#report(frame, null, 'nobody', effort, kept, winner);
    return kept;
  }

  #accept(id: number, candidate: Candidate, timestamp: number): PersonResult {
    const { name, tracked, judgement, exchanged } = candidate;
    const { width, height, fixSwaps, smooths = true } = this.#options;
    const swap = exchanged ? (fixSwaps ? 'fixed' : 'found') : undefined;
    const found = withConfidences(candidate.pose, judgement.confidences);
    const raw = swap === 'fixed' ? exchangeSides(found) : found;
    const person = this.#people.get(id);
    const region = candidate.pose.next ?? regionOfPose(raw, width, height);
    const smooth = smooths ? person.smooth(raw, region.size, timestamp, width, height) : raw;
    // An engine that follows by itself has smoothed its poses already.
    const pose = this.#engine.info.followsItself && name === PLAIN ? raw : smooth;
    person.memory.remember(raw, timestamp);
    person.region = region;
    person.light = candidate.light === CAREFUL_LIGHT ? PLAIN : candidate.light;
    if (candidate.careful) person.follow(true);
    const wasThere = this.#previous?.people.some(other => other.personId === id) ?? false;
    const status = tracked && wasThere ? 'tracked' : 'detected';
    return { personId: id, pose, strategy: name, status, score: judgement.score, swap };
  }

  #report(
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
    this.#options.onAttempts?.({ frameId, timestamp, personId, situation, tried: effort.tried, won, why });
  }
}

/** Who is told in a frame. */
interface Chosen {
  readonly id: number;
  readonly candidate: Candidate;
}

/** The looks that a frame took beyond the first. */
class Effort {
  readonly tried: AttemptRecord[] = [];

  add(name: string, candidate: Candidate | undefined, start: number): void {
    const milliseconds = performance.now() - start;
    this.tried.push({ name, score: candidate?.judgement.score ?? null, milliseconds });
  }
}

function situationOf(candidate: Candidate | undefined): Situation {
  if (!candidate) return 'lost';
  if (candidate.exchanged) return 'jump';
  return candidate.judgement.score < 0.5 ? 'implausible' : 'faint';
}

/** As the table's `strategy` has it. */
function nameOf(tracked: boolean, light: string, careful: boolean): string {
  const base = tracked ? light : light === PLAIN ? 'crop' : `crop+${light}`;
  return careful ? `${base}+heavy` : base;
}

/** Somebody is followed in the light in which they were found; turned and mirrored pictures, and parts of them, are in plain light. */
function lightOf(strategy: string): string {
  return LIGHTS.has(strategy) ? strategy : PLAIN;
}

const isPlain = (light: string) => light === PLAIN || light === CAREFUL_LIGHT;

const LIGHTS: ReadonlySet<string> = new Set(
  Object.keys(STRATEGIES).filter(name => !/^(mirrored|turned|crisp)/.test(name)),
);

const posesOf = (chosen: readonly Chosen[]) => chosen.map(({ candidate }) => candidate.pose);

const byPerson = (a: PersonResult, b: PersonResult) => a.personId - b.personId;
