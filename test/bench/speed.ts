/** `npm run bench:speed`: the whole run compared with the engine alone, alternating; and the cost of drawing. */
import { join } from 'node:path';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { drawSkeleton } from '../../src/draw/skeleton.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import { decodeAll } from '../support/decoded-clip.js';
import { analyzeOptions } from '../support/options.js';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';

const ROUNDS = 5;
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: true };

async function wholeRun(folder: string): Promise<BenchRow> {
  const clip = await scaledSample(folder, '720p.mp4', 1280, 720, 30);
  const pictures = await decodeAll(clip, 120);
  await using engine = await WorkerEngine.create('mediapipe', DEFAULT_ENGINE_OPTIONS);
  const alone: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await engine.reset();
    let start = performance.now();
    for (const [i, picture] of pictures.entries()) await engine.track(picture, i / 30);
    alone.push((performance.now() - start) / pictures.length);
    start = performance.now();
    const options = analyzeOptions(join(folder, `round-${round}`), { overlay: OVERLAY });
    const record = await analyzeVideo(clip, options, { engine });
    whole.push((performance.now() - start) / record.frames.decoded);
  }
  const ratio = median(whole.map((time, i) => time / alone[i]!));
  return {
    what: `720p, overlay with labels, model full: whole run against the engine alone, ${ROUNDS} alternating rounds of 120 frames`,
    figure: `${median(whole).toFixed(1)} and ${median(alone).toFixed(1)} ms/frame: median ratio ${ratio.toFixed(3)}`,
    bar: 'at most 1.3',
    reached: ratio <= 1.3,
    data: { alone, whole, ratio },
  };
}

async function drawing(folder: string): Promise<BenchRow> {
  const clip = await scaledSample(folder, '1080p.mp4', 1920, 1080, 30);
  const [picture] = await decodeAll(clip, 1);
  await using engine = await WorkerEngine.create('mediapipe', { ...DEFAULT_ENGINE_OPTIONS, model: 'lite' });
  const [pose] = await engine.detect(picture!);
  if (!picture || !pose) throw new Error('nobody found in the sample');
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const start = performance.now();
    drawSkeleton(picture, pose, { minVisibility: 0.5 });
    times.push(performance.now() - start);
  }
  const figure = median(times.slice(50));
  return {
    what: 'drawing and blending one person at 1080p',
    figure: `median ${figure.toFixed(2)} ms/frame`,
    bar: 'under 3 ms',
    reached: figure < 3,
    data: { median: figure },
  };
}

await using folder = await benchFolder();
reportBench('speed', [await wholeRun(folder.path), await drawing(folder.path)]);
