import { basename } from 'node:path';
import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import type { ActiveVideo, BatchEvents, BatchRequest } from '../batch/batch.js';
import type { RunRecord } from '../model/run-record.js';
import { forTerminal } from '../text/terminal.js';
import { duration } from './durations.js';
import { Log } from './log.js';
import { doneAlready } from './summary.js';

const LINE_EVERY_MS = 10_000;
const BAR_FPS = 5;
/** Lines about videos that are done already, before only their number is told. */
const SKIPS_TOLD = 20;

/** Shows how far a command is, on stderr. */
export interface BatchDisplay {
  readonly events: BatchEvents;
  stop(): void;
}

/** What all displays show, counted. */
class Standing {
  readonly #startMs = performance.now();
  readonly #running = new Map<number, Progress>();
  #memory = 0;
  total = 0;
  settled = 0;
  /** Videos that were analysed, and their frames. */
  analysed = 0;
  frames = 0;

  update(lane: number, progress: Progress, memory: number): void {
    this.#running.set(lane, progress);
    this.#memory = memory;
  }

  leave(lane: number): void {
    this.#running.delete(lane);
  }

  /** A video has ended. @param frames how many it had */
  end(frames: number | undefined): void {
    this.settled++;
    if (frames === undefined) return;
    this.analysed++;
    this.frames += frames;
  }

  get framesSoFar(): number {
    return [...this.#running.values()].reduce((sum, { frames }) => sum + frames, this.frames);
  }

  get rate(): string {
    return (this.framesSoFar / Math.max(0.001, (performance.now() - this.#startMs) / 1000)).toFixed(1);
  }

  /** Seconds that the rest will take if it is like what was analysed; undefined before the first video is done. */
  get secondsLeft(): number | undefined {
    if (this.analysed === 0) return undefined;
    const running = [...this.#running.values()].reduce(
      (sum, { frames, expected }) => sum + (expected ? frames / expected : 0),
      0,
    );
    const each = (performance.now() - this.#startMs) / 1000 / (this.analysed + running);
    return Math.max(0, each * (this.total - this.settled - running));
  }

  /** `12 of 400 videos, 3600 frames, 85.1 frames/s, about 1 h 20 min left, 612 MB`. */
  toString(): string {
    const left = this.secondsLeft;
    const eta = left === undefined ? '' : `, about ${duration(left)} left`;
    return `${this.settled} of ${this.total} videos, ${this.framesSoFar} frames, ${this.rate} frames/s${eta}, ${megabytes(this.#memory)}`;
  }
}

/** Where lines and bars go. */
interface Surface {
  start(total: number, lanes: number): void;
  line(text: string): void;
  video(video: ActiveVideo, progress: Progress): void;
  ended(video: ActiveVideo): void;
  all(standing: Standing): void;
  stop(): void;
}

function lines(log: Log): Surface {
  let next = performance.now() + LINE_EVERY_MS;
  return {
    start: () => {},
    line: text => log.info(text),
    video: () => {},
    ended: () => {},
    all: standing => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_EVERY_MS;
      log.info(String(standing), { event: 'progress', settled: standing.settled, total: standing.total });
    },
    stop: () => {},
  };
}

/** A bar for each video at work and one for all. */
async function bars(): Promise<Surface> {
  const { MultiBar } = await import('cli-progress');
  const multi = new MultiBar({
    stream: process.stderr,
    fps: BAR_FPS,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 20,
    format: '{bar} {value}/{total} {text}',
    autopadding: true,
  });
  const inLanes: ReturnType<typeof multi.create>[] = [];
  let whole: ReturnType<typeof multi.create> | undefined;
  return {
    start: (total, lanes) => {
      whole = multi.create(Math.max(1, total), 0, { text: 'videos' });
      for (let lane = 0; lane < lanes; lane++) inLanes.push(multi.create(1, 0, { text: '' }));
    },
    line: text => multi.log(`${text}\n`),
    video: ({ lane, given }, { frames, expected, memory }) => {
      inLanes[lane]?.setTotal(Math.max(1, expected ?? frames, frames));
      inLanes[lane]?.update(frames, { text: `frames | ${forTerminal(basename(given))} | ${megabytes(memory)}` });
    },
    ended: ({ lane }) => inLanes[lane]?.update(0, { text: '' }),
    all: standing => whole?.update(standing.settled, { text: `| ${standing}` }),
    stop: () => multi.stop(),
  };
}

/** A log whose lines go above the bars. */
class SurfaceLog extends Log {
  readonly #surface: Surface;

  constructor(outer: Log, surface: Surface) {
    super(outer.options);
    this.#surface = surface;
  }

  protected override line(text: string): void {
    this.#surface.line(text);
  }
}

const SILENT: Surface = { start() {}, line() {}, video() {}, ended() {}, all() {}, stop() {} };

export async function batchDisplay({ options }: BatchRequest, outer: Log): Promise<BatchDisplay> {
  const surface = outer.isQuiet ? SILENT : outer.isTerminal ? await bars() : lines(outer);
  const log = outer.isTerminal ? new SurfaceLog(outer, surface) : outer;
  const standing = new Standing();
  let skips = 0;
  const beganAt = Date.now();
  return {
    stop: surface.stop,
    events: {
      onReady: (total, lanes, passed) => {
        standing.total = total;
        surface.start(total, lanes);
        for (const folder of passed.unreadable) log.error(`${folder}: the folder cannot be read`);
      },
      onLeave: video => {
        standing.leave(video.lane);
        surface.ended(video);
      },
      onProgress: (video, progress, memory) => {
        standing.update(video.lane, progress, memory);
        surface.video(video, progress);
        surface.all(standing);
      },
      onWarning: message => log.warn(message),
      onSettled: ({ given, job }, outcome, decision, ended) => {
        standing.end(ended?.kind === 'done' ? ended.record.frames.decoded : undefined);
        const facts = { event: outcome, input: given };
        if (ended?.kind === 'done') {
          const { frames, outputs } = ended.record;
          log.info(doneLine(given, ended.record, beganAt), { ...facts, frames, outputs });
        } else if (outcome === 'skipped') {
          skips++;
          if (skips <= SKIPS_TOLD) log.info(doneAlready(given, job.outputs, decision, options.outputs), facts);
          else if (skips === SKIPS_TOLD + 1) log.info('...and more that are done already');
        } else log.error(problemLine(given, outcome, decision, ended), facts);
        surface.all(standing);
      },
    },
  };
}

/** @param beganAt when the command began, in milliseconds since 1970 */
function doneLine(given: string, { frames, seconds, endedAt, madeFromTable }: RunRecord, beganAt: number): string {
  if (endedAt === null || Date.parse(endedAt) >= beganAt) {
    return `${given}: done, ${frames.decoded} frames in ${duration(seconds.wall)}`;
  }
  const added = madeFromTable.filter(({ at }) => Date.parse(at) >= beganAt).flatMap(({ outputs }) => outputs);
  return added.length === 0
    ? `${given}: done already, with all of these outputs`
    : `${given}: done, ${added.join(', ')} made from its table, without analysis`;
}

type Settled = Parameters<NonNullable<BatchEvents['onSettled']>>;

function problemLine(given: string, outcome: string, decision: Settled[2], ended: Settled[3]): string {
  if (decision?.what === 'failed') {
    const { error } = decision.job;
    return `${given}: failed before (${error?.code}); --retry-failed tries it again`;
  }
  if (decision?.what === 'refuse')
    return `${decision.error.message} (${decision.error.code}). ${decision.error.remedy ?? ''}`;
  if (ended?.kind === 'failed' && outcome === 'failed') {
    const { code, message, remedy } = ended.error;
    const named = message.includes(given) ? message : `${given}: ${message}`;
    const kept = ended.kept.length > 0 ? ` What was computed is kept in ${ended.kept.join(', ')}.` : '';
    return `${named} (${code}). ${remedy ?? ''}${kept}`.trim();
  }
  return `${given}: ${outcome}; the next run goes on from there`;
}
