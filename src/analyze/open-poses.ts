import type { PoseEngine } from '../engine/pose-engine.js';
import { createEngine } from '../engine/worker/create-engine.js';
import type { PoseSource } from './analyze-frames.js';
import { engineOptionsOf } from './create-analyzer.js';
import type { Job } from './job.js';
import type { AnalyzeOptions } from './options.js';
import type { SegmentPlan } from './segments/plan-segments.js';
import type { SegmentShelf } from './segments/segment-shelf.js';
import { SegmentStore } from './segments/segment-store.js';
import { SegmentTeam } from './segments/segment-team.js';

/** An engine that the caller leaves open, or a function that opens it on demand. */
export type LentEngine = PoseEngine | (() => Promise<PoseEngine>);

/** Settings of a team. */
interface TeamContext {
  readonly segments?: SegmentShelf | undefined;
  readonly stallMs?: number | undefined;
}

/** The caller's engine, reset after its last video and left open at the end, or a new one. */
export async function borrowEngine(
  options: AnalyzeOptions,
  given: LentEngine | undefined,
  warn: (message: string) => void,
): Promise<PoseSource & AsyncDisposable> {
  if (given) {
    const engine = typeof given === 'function' ? await given() : given;
    await engine.reset();
    return { engine, info: engine.info, segments: undefined, [Symbol.asyncDispose]: async () => {} };
  }
  const engine = await createEngine(options.analysis.engineName, engineOptionsOf(options), warn);
  return { engine, info: engine.info, segments: undefined, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

/** Processes that analyse segments, each with an engine of its own. */
export async function openTeam(
  job: Job,
  { count, cuts, last, limit }: SegmentPlan,
  { segments: shelf, stallMs }: TeamContext,
  warn: (message: string) => void,
): Promise<PoseSource & AsyncDisposable> {
  const { source, options } = job;
  const path = source.etag === undefined ? source.path : (source.files[0] ?? source.path);
  const team = await SegmentTeam.open({
    source: { path, options, explains: options.outputs.explain },
    count: Math.min(count, last + 1),
    ...{ cuts, last, limit, stallMs, warn },
    openStore: shelf && (engine => SegmentStore.open(shelf, { inspected: job, engine, cuts, warn })),
  });
  const close = () => team[Symbol.asyncDispose]();
  return { engine: undefined, info: team.info, segments: { team, cuts }, [Symbol.asyncDispose]: close };
}
