import type { PictureSize } from '../../decode/decode-command.js';
import type { FrameAttempts } from '../../model/attempts.js';
import type { Frame } from '../../model/frame.js';
import type { FrameResult, PersonResult } from '../../model/result.js';
import type { AnalyzerNotes, FrameAnalyzer } from '../../tracking/frame-analyzer.js';
import type { Cuts } from './cuts.js';
import type { AnalysedFrame, AnalysedSegment, Memory } from './protocol.js';
import { pairPeople } from './same-people.js';
import type { SegmentTeam } from './segment-team.js';

/**
 * A video that cannot be analysed in segments: its times fall, or decoding from a key frame yields other frames than
 * decoding from the start. The run starts over without segments.
 */
export class SegmentsUnfit extends Error {
  override readonly name = 'SegmentsUnfit';
}

/** State between two frames. */
export interface SegmentedState {
  readonly index: number;
  /** By the segment's own id of a person: the id in the table. */
  readonly ids: ReadonlyMap<number, number>;
  readonly nextId: number;
  readonly previous: FrameResult | undefined;
  /** State from which the segment was analysed, if it had to be analysed again. */
  readonly memory: Memory | undefined;
  readonly framesOverBudget: number;
}

type Take = Pick<SegmentTeam, 'take' | 'again' | 'further'>;

/** Settings of the analysis. */
export interface SegmentedOptions {
  /** Of the analysed pictures. */
  readonly size: PictureSize;
  /** True seconds in a second of the file. */
  readonly timeScale: number;
  /** Frames of the video that are needed; undefined: all. */
  readonly maxFrames?: number | undefined;
  /** Stops the waiting for a segment. */
  readonly signal: AbortSignal;
}

interface CurrentSegment {
  analysed: AnalysedSegment;
  /** Index of the next frame in `analysed.frames`; undefined until the first frame is requested. */
  next: number | undefined;
}

/**
 * Gives the results of a video that a team analyses in segments, frame by frame, with one id for each person. If the
 * people of a segment are not clearly those before the cut, it is analysed again, from the state at the end of the
 * segment before: then its poses equal those of a run without segments.
 */
export class SegmentedAnalyzer implements FrameAnalyzer {
  readonly #team: Take;
  readonly #cuts: Cuts;
  readonly #options: SegmentedOptions;
  readonly #onAttempts: ((entry: FrameAttempts) => void) | undefined;
  /** Frames of this run. */
  #given = 0;
  #current: CurrentSegment | undefined;
  #state: SegmentedState = {
    index: -1,
    ids: new Map(),
    nextId: 0,
    previous: undefined,
    memory: undefined,
    framesOverBudget: 0,
  };
  #isRestored = false;

  constructor(
    team: Take,
    cuts: Cuts,
    options: SegmentedOptions,
    onAttempts: ((entry: FrameAttempts) => void) | undefined,
  ) {
    this.#team = team;
    this.#cuts = cuts;
    this.#options = options;
    this.#onAttempts = onAttempts;
  }

  /** To go on from here, no frame of a segment has to be analysed again. */
  get isAtCut(): boolean {
    return this.#current !== undefined && this.#current.next === this.#current.analysed.frames.length;
  }

  /** @throws SegmentsUnfit */
  async analyze(frame: Frame): Promise<FrameResult> {
    const index = this.#cuts.indexAt(frame.timestamp);
    if (index < this.#state.index) throw new SegmentsUnfit('its times fall');
    if (!this.#current || index > this.#state.index) await this.#enter(index);
    await this.#reach(frame.timestamp);
    const { result, attempts } = this.#frameAt(frame.timestamp);
    this.#given++;
    const { frameId } = frame;
    const people = result.people.map(person => ({ ...person, personId: this.#idOf(person.personId) }));
    for (const entry of attempts) this.#tell(entry, frame);
    const named = {
      ...result,
      frameId,
      timestamp: frame.steady.seconds * this.#options.timeScale,
      people: people.sort(byId),
    };
    this.#state = { ...this.#state, previous: { ...named, timestamp: frame.timestamp } };
    return named;
  }

  notes(): AnalyzerNotes {
    return { framesOverBudget: this.#state.framesOverBudget };
  }

  save(): SegmentedState {
    return { ...this.#state, ids: new Map(this.#state.ids) };
  }

  restore(state: SegmentedState): void {
    this.#state = { ...state, ids: new Map(state.ids) };
    this.#isRestored = state.index >= 0;
  }

  async #enter(index: number): Promise<void> {
    const restored = this.#isRestored && index === this.#state.index;
    this.#isRestored = false;
    let analysed = await this.#orAborted(this.#team.take(index));
    let { memory } = this.#state;
    if (restored) {
      if (memory) analysed = await this.#orAborted(this.#team.again(index, memory));
    } else {
      const pairs = this.#pairs(analysed);
      memory = pairs ? undefined : await this.#memoryBefore();
      if (memory) analysed = await this.#orAborted(this.#team.again(index, memory));
      // In an analysis from the state of the segment before, people keep their ids.
      const ids = pairs ?? this.#state.ids;
      const framesOverBudget = this.#state.framesOverBudget + analysed.framesOverBudget;
      this.#state = { ...this.#state, index, ids: new Map(ids), memory, framesOverBudget };
    }
    this.#current = { analysed, next: undefined };
  }

  async #memoryBefore(): Promise<Memory> {
    const { index, memory: began, previous } = this.#state;
    // A run that continues at a cut must analyse the segment before again.
    const before = this.#current?.analysed ?? (await this.#orAborted(this.#team.again(index, began)));
    const { memory } = await this.#reaching(before, previous?.timestamp ?? 0);
    if (!memory) throw new SegmentsUnfit('the engine cannot go on from where a segment ended');
    return memory;
  }

  /**
   * Identities of the people in a segment, from the last frame before the cut.
   * @returns undefined if they are unclear: a person has no match there, or appears while another is away
   */
  #pairs({ index, frames }: AnalysedSegment): Map<number, number> | undefined {
    const { previous, nextId } = this.#state;
    const { from } = this.#cuts.at(index);
    const own = frames.filter(frame => frame.timestamp >= from);
    if (!previous || nextId === 0) return new Map();
    const last = frames.filter(frame => frame.timestamp < from).at(-1);
    if (last?.timestamp !== previous.timestamp) return undefined;
    const { width, height } = this.#options.size;
    const pairs = pairPeople(previous.people, last.result.people, { width, height });
    const areAllHere = nextId === previous.people.length;
    const hasNew = own.some(({ result }) => result.people.some(person => !pairs?.has(person.personId)));
    return pairs && (areAllHere || !hasNew) ? pairs : undefined;
  }

  /** Analyses further frames of the segment if it ends before a time. */
  async #reach(timestamp: number): Promise<void> {
    const current = this.#current as CurrentSegment;
    const { analysed } = current;
    current.analysed = await this.#reaching(analysed, timestamp);
    const end = analysed.frames.at(-1)?.timestamp ?? timestamp;
    // A run that continues behind that end has counted them before.
    if (current.analysed === analysed || (this.#state.previous?.timestamp ?? 0) > end) return;
    const more = current.analysed.framesOverBudget - analysed.framesOverBudget;
    this.#state = { ...this.#state, framesOverBudget: this.#state.framesOverBudget + more };
  }

  /** With `--max-frames` the end of the last segment is estimated; where that is too early, it continues from there. */
  async #reaching(analysed: AnalysedSegment, timestamp: number): Promise<AnalysedSegment> {
    const { maxFrames } = this.#options;
    const { index, frames, memory, framesOverBudget } = analysed;
    const end = frames.at(-1)?.timestamp ?? timestamp;
    if (maxFrames === undefined || !memory || timestamp <= end) return analysed;
    const more = await this.#orAborted(this.#team.further(index, memory, end, maxFrames - this.#given));
    return {
      index,
      frames: [...frames, ...more.frames],
      memory: more.memory,
      framesOverBudget: framesOverBudget + more.framesOverBudget,
    };
  }

  #frameAt(timestamp: number): AnalysedFrame {
    const current = this.#current as CurrentSegment;
    const { frames } = current.analysed;
    current.next ??= frames.findIndex(frame => frame.timestamp === timestamp);
    const frame = frames[current.next];
    if (frame?.timestamp !== timestamp) throw new SegmentsUnfit('its frames differ when it is read from the middle');
    current.next++;
    return frame;
  }

  #idOf(own: number): number {
    const known = this.#state.ids.get(own);
    if (known !== undefined) return known;
    const { nextId, ids } = this.#state;
    this.#state = { ...this.#state, nextId: nextId + 1, ids: new Map(ids).set(own, nextId) };
    return nextId;
  }

  #tell(entry: FrameAttempts, { frameId, timestamp }: Frame): void {
    const personId = entry.personId === null ? null : this.#idOf(entry.personId);
    this.#onAttempts?.({ ...entry, frameId, timestamp, personId });
  }

  /** Waits, but not beyond the end of the run. */
  async #orAborted<T>(work: Promise<T>): Promise<T> {
    this.#options.signal.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(this.#options.signal.reason);
      this.#options.signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject).finally(() => this.#options.signal.removeEventListener('abort', onAbort));
    });
  }
}

function byId(a: PersonResult, b: PersonResult): number {
  return a.personId - b.personId;
}
