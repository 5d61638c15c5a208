/** A process that analyses segments of one video. Started by `segment-worker.ts`. */

import type { PoseEngine } from '../../engine/pose-engine.js';
import { createEngine } from '../../engine/worker/create-engine.js';
import { toPlainError } from '../../errors.js';
import { killRunningChildren, runningChildren } from '../../system/child-process.js';
import { forgetLeanEnvironment } from '../../system/lean-memory.js';
import { engineOptionsOf } from '../create-analyzer.js';
import { type InspectedVideo, inspectVideo } from '../inspect-video.js';
import { analyseSegment } from './analyse-segment.js';
import {
  ALIVE_EVERY_MS,
  type FromSegmentWorker,
  type SegmentSource,
  type SegmentTask,
  type ToSegmentWorker,
} from './protocol.js';

const TELL_EVERY_MS = 200;

forgetLeanEnvironment(process.env);

let opened: { readonly inspected: InspectedVideo; readonly engine: PoseEngine; readonly explains: boolean } | undefined;

function tell(message: FromSegmentWorker): void {
  if (process.connected) process.send?.(message, () => {});
}

async function open({ path, options, explains }: SegmentSource): Promise<void> {
  const inspected = await inspectVideo(path, options);
  const warn = (message: string) => tell({ say: 'warning', message });
  const engine = await createEngine(options.analysis.engineName, engineOptionsOf(options), warn);
  opened = { inspected, engine, explains };
  tell({ say: 'ready', engine: engine.info });
}

async function analyse(task: SegmentTask): Promise<void> {
  if (!opened) return;
  let toldAt = 0;
  const onFrame = (count: number) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    tell({ say: 'frames', count, programs: runningChildren() });
  };
  tell({ say: 'analysed', segment: await analyseSegment({ ...opened, task, onFrame }) });
}

setInterval(() => tell({ say: 'alive' }), ALIVE_EVERY_MS);

process.on('message', (message: ToSegmentWorker) => {
  const work = message.say === 'open' ? open(message.source) : analyse(message.task);
  work.catch(error => tell({ say: 'failed', error: toPlainError(error) }));
});

/** The parent has died, or needs no more segments. */
process.on('disconnect', () => {
  killRunningChildren();
  process.kill(process.pid, 'SIGKILL');
});

// Ctrl-C in the terminal is for the parent, which then ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
