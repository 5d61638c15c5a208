import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import { forTerminal } from '../text/terminal.js';
import type { Log } from './log.js';

const LINE_EVERY_MS = 10_000;
const BAR_FPS = 5;

/** Shows how far a run is, on stderr. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Takes the display away, so that other lines can be printed. */
  stop(): void;
}

/**
 * Frames per second since the first frame that this run did: the loading of the model, and what a run before had done,
 * do not count.
 */
class RateMeter {
  #first: { ms: number; frames: number } | undefined;

  read(frames: number): string {
    const ms = performance.now();
    if (frames > 0) this.#first ??= { ms, frames };
    const seconds = this.#first ? (ms - this.#first.ms) / 1000 : 0;
    return this.#first && seconds > 0 ? ((frames - this.#first.frames) / seconds).toFixed(1) : '-';
  }
}

/** A bar for a person at a terminal. */
async function bar(name: string): Promise<ProgressDisplay> {
  // Loaded for a terminal alone: 5 MB.
  const { SingleBar } = await import('cli-progress');
  const rate = new RateMeter();
  const format = `{name} {bar} {percentage}% | {value}/{total} frames | {rate} frames/s | {eta_formatted} left | {memory}`;
  const display = new SingleBar({
    format,
    stream: process.stderr,
    fps: BAR_FPS,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  });
  let started = false;
  return {
    update: ({ frames, expected, memory }) => {
      const payload = { name: forTerminal(name), rate: rate.read(frames), memory: megabytes(memory) };
      const total = Math.max(expected ?? frames, frames);
      if (!started) display.start(total, frames, payload);
      started = true;
      display.setTotal(total);
      display.update(frames, payload);
    },
    stop: () => display.stop(),
  };
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
        expected === undefined ? '' : ` of ${expected} (${Math.floor((100 * frames) / Math.max(1, expected))} %)`;
      const text = `${name}: ${frames} frames${of}, ${perSecond} frames/s, ${megabytes(memory)}`;
      log.info(text, { event: 'progress', frames, expected, memory });
    },
    stop: () => {},
  };
}

const SILENT: ProgressDisplay = { update: () => {}, stop: () => {} };

export async function progressDisplay(name: string, log: Log): Promise<ProgressDisplay> {
  if (log.isQuiet) return SILENT;
  return log.isTerminal ? bar(name) : lines(name, log);
}
