/** A worker process: loads the engine once and analyses one video after another. Started by `worker-process.ts`. */

import { engineOptionsOf } from '../../analyze/create-analyzer.js';
import type { PoseEngine } from '../../engine/pose-engine.js';
import { createEngine } from '../../engine/worker/create-engine.js';
import { fromPlainError } from '../../errors.js';
import { killRunningChildren } from '../../system/child-process.js';
import { forgetLeanEnvironment } from '../../system/lean-memory.js';
import { forgetPeakMemory } from '../../system/process-memory.js';
import type { FromWorker, ToWorker, VideoTask } from './protocol.js';
import { runTask } from './run-task.js';

/** Minimum interval between updates of the parent's display. */
const PROGRESS_EVERY_MS = 200;

forgetLeanEnvironment(process.env);

let engine: { readonly key: string; readonly poses: PoseEngine } | undefined;
let stop = new AbortController();
let admitted: () => void = () => {};

function tell(message: FromWorker): void {
  // The parent may have gone: then `disconnect` ends this process.
  if (process.connected) process.send?.(message, () => {});
}

async function engineFor({ options }: VideoTask): Promise<PoseEngine> {
  const { engineName } = options.analysis;
  const key = JSON.stringify([engineName, engineOptionsOf(options)]);
  if (engine?.key !== key) {
    await engine?.poses[Symbol.asyncDispose]();
    engine = undefined;
    const poses = await createEngine(engineName, engineOptionsOf(options), message =>
      tell({ say: 'warning', message }),
    );
    engine = { key, poses };
  }
  return engine.poses;
}

/** Asks the parent, and waits for its permission. */
async function answerTo(question: FromWorker, signal: AbortSignal): Promise<void> {
  const go = new Promise<void>((resolve, reject) => {
    admitted = resolve;
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  tell(question);
  await go;
}

async function run(task: VideoTask): Promise<void> {
  stop = new AbortController();
  const { signal } = stop;
  await forgetPeakMemory();
  let toldAt = 0;
  const outcome = await runTask(task, {
    signal,
    governed: true,
    engine: () => engineFor(task),
    admit: async needs => {
      await answerTo({ say: 'prepared', needs }, signal);
    },
    mayPublish: () => answerTo({ say: 'finished' }, signal),
    onProgress: progress => {
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      tell({ say: 'progress', progress });
    },
    onFinishing: () => tell({ say: 'finishing' }),
    onWarning: message => tell({ say: 'warning', message }),
  });
  // An engine that failed once gets no further video.
  if (outcome.kind === 'failed' && outcome.error.code === 'ENGINE_FAILED') engine = undefined;
  tell({ say: 'ended', outcome });
}

process.on('message', (message: ToWorker) => {
  if (message.say === 'run') void run(message.task);
  else if (message.say === 'go') admitted();
  else stop.abort(fromPlainError(message.error));
});

/** The parent has died, or stops: this process must not continue writing. */
process.on('disconnect', () => {
  killRunningChildren();
  process.kill(process.pid, 'SIGKILL');
});

// Ctrl-C in the terminal is for the parent, which then decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const) process.on(signal, () => {});
