import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import { counted } from '../text/counted.js';
import { forTerminal } from '../text/terminal.js';
import { roughly } from './durations.js';
import { bar, fitLine, type Piece, percent } from './fit-line.js';
import { liveLines } from './live-lines.js';
import type { Log } from './log.js';

const LINE_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 200;

/** Shows how far a run is, on stderr. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Takes the display away. */
  stop(): void;
}

/**
 * Frames per second since the first frame that this run did: the loading of the model, and what a run before had done,
 * do not count.
 */
class RateMeter {
  #first: { ms: number; frames: number } | undefined;

  /** @returns undefined before it is known */
  read(frames: number): number | undefined {
    const ms = performance.now();
    if (frames > 0) this.#first ??= { ms, frames };
    if (!this.#first) return undefined;
    const rate = (frames - this.#first.frames) / Math.max(0.001, (ms - this.#first.ms) / 1000);
    return rate > 0 ? rate : undefined;
  }
}

/** How far one video is, in the order of a line. */
export function progressPieces({ frames, expected }: Progress): Piece[] {
  if (expected === undefined) return [{ text: counted(frames, 'frame'), rank: 0 }];
  const total = Math.max(1, expected, frames);
  return [
    { text: bar(frames / total), rank: 2 },
    { text: percent(frames / total), rank: 0 },
    { text: `${frames}/${counted(total, 'frame')}`, rank: 3 },
  ];
}

/** Has lines drawn now and then, not at each of their changes. */
export class Redrawing {
  readonly #lines: () => readonly string[];
  #next = 0;

  constructor(lines: () => readonly string[]) {
    this.#lines = lines;
  }

  changed(): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + DRAW_EVERY_MS;
    liveLines.show(this.#lines());
  }
}

/** A line that changes in place, for a person at a terminal. */
function liveLine(name: string): ProgressDisplay {
  const rate = new RateMeter();
  const shown = forTerminal(name);
  let state: Progress | undefined;
  const redrawing = new Redrawing(() => (state ? [fitLine(shown, pieces(state, rate), liveLines.columns)] : []));
  return {
    update: progress => {
      state = progress;
      rate.read(progress.frames);
      redrawing.changed();
    },
    stop: liveLines.close,
  };
}

function pieces(progress: Progress, meter: RateMeter): Piece[] {
  const { frames, expected, memory } = progress;
  const rate = meter.read(frames);
  const all = progressPieces(progress);
  if (rate !== undefined) all.push({ text: `${rate.toFixed(1)} frames/s`, rank: 4 });
  if (rate !== undefined && expected !== undefined) {
    all.push({ text: `${roughly(Math.max(0, expected - frames) / rate)} left`, rank: 1 });
  }
  return [...all, { text: megabytes(memory), rank: 5 }];
}

/** A line now and then for a log. */
function lines(name: string, log: Log): ProgressDisplay {
  const rate = new RateMeter();
  let next = performance.now() + LINE_EVERY_MS;
  return {
    update: ({ frames, expected, memory }) => {
      const perSecond = rate.read(frames);
      if (performance.now() < next) return;
      next = performance.now() + LINE_EVERY_MS;
      const of =
        expected === undefined
          ? counted(frames, 'frame')
          : `${frames} of ${counted(expected, 'frame')} (${Math.floor((100 * frames) / Math.max(1, expected))} %)`;
      const speed = perSecond === undefined ? '' : `, ${perSecond.toFixed(1)} frames/s`;
      log.info(`${name}: ${of}${speed}, ${megabytes(memory)}`, { event: 'progress', frames, expected, memory });
    },
    stop: () => {},
  };
}

const SILENT: ProgressDisplay = { update: () => {}, stop: () => {} };

/** @param isStdoutData whether a table or film goes to stdout: at a terminal it would be mixed with progress */
export function progressDisplay(name: string, log: Log, isStdoutData: boolean): ProgressDisplay {
  if (log.isQuiet || (isStdoutData && process.stdout.isTTY)) return SILENT;
  return log.isTerminal ? liveLine(name) : lines(name, log);
}
