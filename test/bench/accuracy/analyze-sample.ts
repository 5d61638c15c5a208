import { basename, extname, join } from 'node:path';
import { analyzeVideo } from '../../../src/analyze/analyze-video.js';
import { DEFAULT_ENGINE_OPTIONS, type PoseEngine } from '../../../src/engine/pose-engine.js';
import type { EngineName } from '../../../src/engine/worker/protocol.js';
import { WorkerEngine } from '../../../src/engine/worker/worker-engine.js';
import type { ModeName } from '../../../src/strategies/modes.js';
import { USUALLY_AHEAD } from '../../../src/tracking/look-ahead.js';
import { analyzeOptions, USUAL_ENGINE } from '../../support/options.js';
import { type PredictedFrame, readPoses } from './poses.js';

/** Engines by name, model and number of people: made once, since loading a model takes seconds. */
export class Engines implements AsyncDisposable {
  readonly #engines = new Map<string, PoseEngine>();

  async get(name: EngineName, model: string, people: number): Promise<PoseEngine> {
    const key = `${name} ${model} ${people}`;
    const engine =
      this.#engines.get(key) ?? (await WorkerEngine.create(name, { ...DEFAULT_ENGINE_OPTIONS, model, people }));
    this.#engines.set(key, engine);
    return engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#engines.values()) await engine[Symbol.asyncDispose]();
  }
}

/** How to analyse a clip. */
export interface Way {
  readonly engine: EngineName;
  readonly model: string;
  readonly mode: ModeName;
  readonly people: number;
  /** Every n-th frame; all of them by default. */
  readonly every?: number;
  /** Only this many of them. */
  readonly maxFrames?: number;
  /** Look-ahead frames of smart and quality; the default if absent. */
  readonly lookAhead?: number | undefined;
}

/**
 * Analyses a clip like the command line, and reads the resulting table. CPU time is of this process with its
 * engines, without the decoder's.
 */
export async function analyzeSample(
  engines: Engines,
  clip: string,
  way: Way,
  folder: string,
): Promise<{ frames: PredictedFrame[]; msPerFrame: number; cpuMsPerFrame: number }> {
  const engine = await engines.get(way.engine, way.model, way.people);
  await engine.reset();
  const outDir = join(folder, `${way.engine}-${way.mode}`);
  const options = analyzeOptions(outDir, {
    mode: way.mode,
    engineName: way.engine,
    engine: { ...USUAL_ENGINE, model: way.model, people: way.people },
    lookAhead: way.lookAhead ?? USUALLY_AHEAD,
    overwrite: true,
    selection: { every: way.every ?? 1, maxFrames: way.maxFrames },
  });
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const record = await analyzeVideo(clip, options, { engine });
  const msPerFrame = (performance.now() - start) / record.frames.decoded;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMsPerFrame = (user + system) / 1000 / record.frames.decoded;
  return { frames: await readPoses(join(outDir, `${basename(clip, extname(clip))}.csv`)), msPerFrame, cpuMsPerFrame };
}
