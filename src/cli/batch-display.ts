import { basename } from 'node:path';
import type { SingleBar } from 'cli-progress';
import type { Progress } from '../analyze/analyze-video.js';
import { megabytes } from '../analyze/memory-guard.js';
import type { OutputOptions } from '../analyze/options.js';
import type { ActiveVideo, BatchEvents, BatchRequest } from '../batch/batch.js';
import type { DocketVideo } from '../batch/docket.js';
import { counted } from '../text/counted.js';
import { forTerminal } from '../text/terminal.js';
import { widthOf } from '../text/width.js';
import { openBars } from './bars.js';
import { doneLine, problemLine, waitingLine } from './batch-lines.js';
import { BatchStanding } from './batch-standing.js';
import { fitLine } from './fit-line.js';
import type { Log } from './log.js';
import { progressPieces } from './progress.js';
import { doneAlready } from './summary.js';

const LINE_EVERY_MS = 10_000;
/** Number of finished videos that get their own line; further ones are only counted. */
const SKIPS_SHOWN = 20;
const INDENT = '  ';

/** Shows a command's progress on stderr. */
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

/** Writes a line for a log at regular intervals. */
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

interface Payload {
  /** Undefined for the row of all videos. */
  readonly lane: Lane | undefined;
}

/** Shows one row for all videos, and one for each current video. */
async function live(standing: BatchStanding): Promise<Surface> {
  const rows = new Map<number, { readonly bar: SingleBar; lane: Lane }>();
  const bars = await openBars((_, { maxWidth }, { lane }: Payload) => {
    if (!lane)
      return fitLine(`${standing.settled} of ${counted(standing.total, 'video')}`, standing.pieces(), maxWidth);
    const longest = Math.max(...[...rows.values()].map(row => widthOf(row.lane.name)));
    const nameColumns = Math.min(longest, Math.floor(maxWidth / 3));
    return INDENT + laneLine(lane, maxWidth - INDENT.length, nameColumns);
  });
  let head: SingleBar | undefined;
  return {
    video: ({ lane, given }, progress) => {
      head ??= bars.create(standing.total, standing.settled, { lane: undefined });
      const now = { name: forTerminal(basename(given)), progress };
      const row = rows.get(lane);
      if (row) {
        row.lane = now;
        row.bar.update(progress.frames, { lane: now });
      } else rows.set(lane, { bar: bars.create(progress.expected ?? 0, progress.frames, { lane: now }), lane: now });
    },
    ended: ({ lane }) => {
      const row = rows.get(lane);
      rows.delete(lane);
      if (row) bars.remove(row.bar);
    },
    all: () => head?.update(standing.settled),
    stop: () => bars.stop(),
  };
}

function laneLine({ name, progress }: Lane, columns: number, nameColumns: number): string {
  const pieces = [...progressPieces(progress), { text: megabytes(progress.memory), rank: 4 }];
  return fitLine(name, pieces, columns, nameColumns);
}

const SILENT: Surface = { video() {}, ended() {}, all() {}, stop() {} };

async function surfaceFor(log: Log, standing: BatchStanding): Promise<Surface> {
  if (log.isQuiet) return SILENT;
  return log.isTerminal ? live(standing) : lines(log, standing);
}

export async function batchDisplay({ options, staging }: BatchRequest, log: Log): Promise<BatchDisplay> {
  const standing = new BatchStanding();
  const surface = await surfaceFor(log, standing);
  const place = staging?.destination;
  const outputs = { ...options.outputs, outDir: place?.place ?? options.outputs.outDir };
  // What waits in a private folder for its upload ends with the command.
  const isLost = ({ own }: DocketVideo) => (own ? own.destination : place) !== undefined && staging?.isKept === false;
  const settled = settledLines(log, outputs, isLost);
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

/** Writes a line for each video that ends. */
function settledLines(
  log: Log,
  outputs: OutputOptions,
  isLost: (video: DocketVideo) => boolean,
): NonNullable<BatchEvents['onSettled']> {
  const beganAt = Date.now();
  let skips = 0;
  const skipped = (line: string, facts: Record<string, unknown>) => {
    skips++;
    if (skips <= SKIPS_SHOWN) log.status('skipped', line, facts);
    else if (skips === SKIPS_SHOWN + 1) log.info('...and more that are done already');
  };
  return (video, outcome, decision, ended) => {
    const { given, job, own } = video;
    const facts = { event: outcome, input: given };
    if (ended?.kind === 'done' && ended.byAnother) {
      log.status('skipped', `${given}: another run published its results first`, facts);
    } else if (ended?.kind === 'done') {
      const { frames, outputs: files } = ended.record;
      log.status('done', doneLine(given, ended.record, beganAt), { ...facts, frames, outputs: files });
    } else if (ended?.kind === 'waiting') {
      log.status('waiting', waitingLine(given, ended), { ...facts, segments: ended.segments, missing: ended.missing });
    } else if (outcome === 'skipped') {
      skipped(doneAlready(given, job.outputs, decision, shownOutputs(own) ?? outputs), facts);
    } else {
      const status = outcome === 'interrupted' ? 'interrupted' : 'failed';
      log.status(status, problemLine(given, outcome, decision, ended, isLost(video)), facts);
    }
  };
}

/** Where the outputs of a video are that has a place of its own. */
function shownOutputs(own: DocketVideo['own']): OutputOptions | undefined {
  return own && { ...own.options.outputs, outDir: own.destination?.place ?? own.options.outputs.outDir };
}
