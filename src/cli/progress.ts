import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import { counted } from '../text/counted.js';
import { forTerminal } from '../text/terminal.js';
import { openBars } from './bars.js';
import { roughly } from './durations.js';
import { bar as drawBar, fitLine, type Piece, percent } from './fit-line.js';
import type { Log } from './log.js';

const LINE_EVERY_MS = 10_000;

/** Shows a run's progress on stderr. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Takes the display away. */
  stop(): void;
}

/** Frames per second since this run's first frame; loading the model and frames of an earlier run do not count. */
class RateMeter {
  #first: { ms: number; frames: number } | undefined;

  /** @returns undefined until it is known */
  read(frames: number): number | undefined {
    const ms = performance.now();
    if (frames > 0) this.#first ??= { ms, frames };
    if (!this.#first) return undefined;
    const rate = (frames - this.#first.frames) / Math.max(0.001, (ms - this.#first.ms) / 1000);
    return rate > 0 ? rate : undefined;
  }
}

/** The progress of one video, in the order shown. */
export function progressPieces({ frames, expected }: Progress): Piece[] {
  if (expected === undefined) return [{ text: counted(frames, 'frame'), rank: 0 }];
  const total = Math.max(1, expected, frames);
  return [
    { text: drawBar(frames / total), rank: 2 },
    { text: percent(frames / total), rank: 0 },
    { text: `${frames}/${counted(total, 'frame')}`, rank: 3 },
  ];
}

/** Shows a bar at a terminal. */
async function bar(name: string): Promise<ProgressDisplay> {
  const rate = new RateMeter();
  const shown = forTerminal(name);
  let state: Progress | undefined;
  const bars = await openBars((_, { maxWidth }) => (state ? fitLine(shown, pieces(state, rate), maxWidth) : ''));
  let isShown = false;
  return {
    update: progress => {
      state = progress;
      rate.read(progress.frames);
      if (!isShown) bars.create(progress.expected ?? 0, progress.frames);
      isShown = true;
    },
    stop: () => bars.stop(),
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

/** Writes a line for a log at regular intervals. */
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
export async function progressDisplay(name: string, log: Log, isStdoutData: boolean): Promise<ProgressDisplay> {
  if (log.isQuiet || (isStdoutData && process.stdout.isTTY)) return SILENT;
  return log.isTerminal ? bar(name) : lines(name, log);
}
