import { analysedSize } from '../../../src/decode/decode-command.js';
import { FrameReader } from '../../../src/decode/frame-reader.js';
import { openSource } from '../../../src/decode/input.js';
import { probeVideo } from '../../../src/decode/probe.js';
import type { PoseEngine } from '../../../src/engine/pose-engine.js';
import type { Frame } from '../../../src/model/frame.js';
import type { Pose } from '../../../src/model/pose.js';
import { STRATEGIES } from '../../../src/strategies/catalogue.js';
import { findFfmpeg } from '../../../src/system/ffmpeg-binaries.js';
import type { PredictedFrame } from './poses.js';

/** The old tool's attempts, in order: the first three, five or all seven. */
const ORDER = ['original', 'clahe', 'mirrored', 'bright', 'gaussian', 'lower_enhanced', 'very_bright'];

/**
 * Number of strategies that the score of the frame before requested. A miss scored 0, which the old tool took for "no
 * score yet".
 */
function strategyCount(previous: number): number {
  if (previous === 0 || previous > 0.8) return 3;
  return previous > 0.6 ? 5 : 7;
}

const meanVisibility = (pose: Pose) =>
  pose.landmarks.reduce((sum, { visibility }) => sum + visibility, 0) / pose.landmarks.length;

/**
 * The rules of the tool that this one replaces, for comparison: a full detection for each strategy on each frame, the
 * highest mean visibility wins. Its mirrored wins kept left and right swapped; here they are put right.
 */
export async function analyzeTheOldWay(
  engine: PoseEngine,
  clip: string,
): Promise<{ frames: PredictedFrame[]; msPerFrame: number }> {
  const { ffmpeg, ffprobe } = await findFfmpeg();
  await using source = await openSource(clip);
  const video = await probeVideo(source, ffprobe);
  const size = analysedSize(video);
  await using reader = await FrameReader.open({ source, video, size, selection: { every: 1 }, ffmpeg });
  const frames: PredictedFrame[] = [];
  let previous = 0;
  const start = performance.now();
  for await (const frame of reader.frames()) {
    const best = await bestOf(engine, frame, ORDER.slice(0, strategyCount(previous)));
    frame.release();
    previous = best?.score ?? 0;
    frames.push({ timestamp: frame.timestamp, people: best ? [predicted(best.pose, best.score, size)] : [] });
  }
  return { frames, msPerFrame: (performance.now() - start) / frames.length };
}

async function bestOf(engine: PoseEngine, frame: Frame, names: readonly string[]) {
  let best: { pose: Pose; score: number } | undefined;
  for (const name of names) {
    const view = STRATEGIES[name]!.view(frame.image, { region: undefined });
    const [found] = await engine.detect(view.image);
    if (!found) continue;
    const pose = view.toFrame(found);
    const score = meanVisibility(pose);
    if (!best || score > best.score) best = { pose, score };
  }
  return best;
}

function predicted(pose: Pose, score: number, { width, height }: { width: number; height: number }) {
  return {
    personId: 0,
    score,
    image: pose.landmarks.map(({ x, y }) => [x * width, y * height] as const),
    confidence: pose.landmarks.map(({ visibility }) => visibility),
    world: pose.worldLandmarks.map(({ x, y, z }) => [x, y, z] as const),
  };
}
