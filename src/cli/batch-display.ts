import { basename } from 'node:path';
import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import type { OutputOptions } from '../analyze/options.js';
import type { ActiveVideo, BatchEvents, BatchRequest } from '../batch/batch.js';
import { counted } from '../text/counted.js';
import { forTerminal } from '../text/terminal.js';
import { widthOf } from '../text/width.js';
import { doneLine, problemLine } from './batch-lines.js';
import { BatchStanding } from './batch-standing.js';
import { fitLine } from './fit-line.js';
import { liveLines } from './live-lines.js';
import type { Log } from './log.js';
import { progressPieces, Redrawing } from './progress.js';
import { doneAlready } from './summary.js';

const LINE_EVERY_MS = 10_000;
/** Videos that are done already and get a line of their own; further ones are counted. */
const SKIPS_SHOWN = 20;
const INDENT = '  ';

/** Shows how far a command is, on stderr. */
export interface BatchDisplay {
  readonly events: BatchEvents;
  stop(): void;
}

/** Where progress is shown. */
interface Surface {
  video(video: ActiveVideo, progress: Progress): void;
  ended(video: ActiveVideo): void;
  all(): void;
  stop(): void;
}

/** A line now and then for a log. */
function lines(log: Log, standing: BatchStanding): Surface {
  let next = performance.now() + LINE_EVERY_MS;
  return {
    video: () => {},
    ended: () => {},
    all: () => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_EVERY_MS;
      log.info(String(standing), { event: 'progress', settled: standing.settled, total: standing.total });
    },
    stop: () => {},
  };
}

interface Lane {
  readonly name: string;
  readonly progress: Progress;
}

/** A line for all videos, and one for each that is being analysed. */
function live(standing: BatchStanding): Surface {
  const lanes = new Map<number, Lane>();
  const redrawing = new Redrawing(() => {
    const { columns } = liveLines;
    const head = `${standing.settled} of ${counted(standing.total, 'video')}`;
    const running = [...lanes].sort(([a], [b]) => a - b).map(([, lane]) => lane);
    const longest = Math.max(0, ...running.map(({ name }) => widthOf(name)));
    const nameColumns = Math.min(longest, Math.floor(columns / 3));
    return [
      fitLine(head, standing.pieces(), columns),
      ...running.map(lane => INDENT + laneLine(lane, columns - INDENT.length, nameColumns)),
    ];
  });
  return {
    video: ({ lane, given }, progress) => {
      lanes.set(lane, { name: forTerminal(basename(given)), progress });
    },
    ended: ({ lane }) => lanes.delete(lane),
    all: () => redrawing.changed(),
    stop: liveLines.close,
  };
}

function laneLine({ name, progress }: Lane, columns: number, nameColumns: number): string {
  const pieces = [...progressPieces(progress), { text: megabytes(progress.memory), rank: 4 }];
  return fitLine(name, pieces, columns, nameColumns);
}

const SILENT: Surface = { video() {}, ended() {}, all() {}, stop() {} };

function surfaceFor(log: Log, standing: BatchStanding): Surface {
  if (log.isQuiet) return SILENT;
  return log.isTerminal ? live(standing) : lines(log, standing);
}

export function batchDisplay({ options, staging }: BatchRequest, log: Log): BatchDisplay {
  const standing = new BatchStanding();
  const surface = surfaceFor(log, standing);
  const settled = settledLines(log, {
    ...options.outputs,
    outDir: staging?.destination?.place ?? options.outputs.outDir,
  });
  return {
    stop: surface.stop,
    events: {
      onReady: (total, _lanes, passed) => {
        standing.total = total;
        for (const folder of passed.unreadable) log.error(`${folder}: the folder cannot be read`);
      },
      onLeave: video => {
        standing.leave(video.lane);
        surface.ended(video);
      },
      onProgress: (video, progress, memory) => {
        standing.update(video.lane, progress, memory);
        surface.video(video, progress);
        surface.all();
      },
      onWarning: message => log.warn(message),
      onSettled: (video, outcome, decision, ended) => {
        standing.end(ended?.kind === 'done' ? ended.record.frames.decoded : undefined);
        if (outcome === 'failed') standing.failed++;
        settled(video, outcome, decision, ended);
        surface.all();
      },
    },
  };
}

/** Writes a line for each video that has ended. */
function settledLines(log: Log, outputs: OutputOptions): NonNullable<BatchEvents['onSettled']> {
  const beganAt = Date.now();
  let skips = 0;
  return ({ given, job }, outcome, decision, ended) => {
    const facts = { event: outcome, input: given };
    if (ended?.kind === 'done') {
      const { frames, outputs: files } = ended.record;
      log.status('done', doneLine(given, ended.record, beganAt), { ...facts, frames, outputs: files });
    } else if (outcome === 'skipped') {
      skips++;
      if (skips <= SKIPS_SHOWN) log.status('skipped', doneAlready(given, job.outputs, decision, outputs), facts);
      else if (skips === SKIPS_SHOWN + 1) log.info('...and more that are done already');
    } else {
      const status = outcome === 'interrupted' ? 'interrupted' : 'failed';
      log.status(status, problemLine(given, outcome, decision, ended), facts);
    }
  };
}
