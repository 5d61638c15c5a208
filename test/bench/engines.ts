/**
 * `npm run bench:engines`: the native engine against MediaPipe's and against its own networks, alternating, one thread
 * each.
 */
import { join } from 'node:path';
import { analyzeVideo } from '../../src/analyze/analyze-video.js';
import { MediaPipeEngine } from '../../src/engine/mediapipe/mediapipe-engine.js';
import { NativeEngine } from '../../src/engine/native/native-engine.js';
import { loadNativeModels } from '../../src/engine/native/native-models.js';
import { Networks } from '../../src/engine/native/networks.js';
import { LANDMARKS_SIZE } from '../../src/engine/native/pipeline/landmarks.js';
import { DEFAULT_ENGINE_OPTIONS, type PoseEngine } from '../../src/engine/pose-engine.js';
import type { YuvImage } from '../../src/model/picture.js';
import { sampleRegion } from '../../src/regions/sampling.js';
import { decodeAll } from '../support/decoded-clip.js';
import { analyzeOptions } from '../support/options.js';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, median, reportBench } from './bench-report.js';
import { profile } from './cpu-profile.js';
import { threadCpuMs } from './thread-cpu.js';

const ROUNDS = 9;
const FRAMES = 30;
/** Required speed-up of a model over MediaPipe. */
const FASTER_BARS = { lite: 4, full: 3.5, heavy: 4 } as const;
const OVERLAY = { to: 'auto', crf: 23, minVisibility: 0.5, labels: true };

type Model = keyof typeof FASTER_BARS;

async function msPerCall(
  count: number,
  call: (i: number) => unknown,
  clock: () => number = () => performance.now(),
): Promise<number> {
  const start = clock();
  for (let i = 0; i < count; i++) await call(i);
  return (clock() - start) / count;
}

/** Medians of several variants, measured in alternation, and of their ratio to the last one in the same round. */
async function alternate(ways: readonly (() => Promise<number>)[], rounds = ROUNDS) {
  const times: number[][] = ways.map(() => []);
  for (const way of ways) await way(); // Warm.
  for (let round = 0; round < rounds; round++) {
    for (const [i, way] of ways.entries()) times[i]!.push(await way());
  }
  const last = times.at(-1)!;
  return times.map(list => ({ ms: median(list), ratio: median(list.map((ms, round) => ms / last[round]!)) }));
}

function tracker(engine: PoseEngine, pictures: readonly YuvImage[]): () => Promise<number> {
  return async () => {
    await engine.reset();
    return msPerCall(pictures.length, i => engine.track(pictures[i]!, i / 30));
  };
}

async function againstMediaPipe(model: Model, pictures: readonly YuvImage[]): Promise<BenchRow> {
  const options = { ...DEFAULT_ENGINE_OPTIONS, model, threads: 1 };
  await using native = await NativeEngine.create(options);
  await using mediapipe = await MediaPipeEngine.create(options);
  const [theirs, ours] = await alternate([tracker(mediapipe, pictures), tracker(native, pictures)]);
  return {
    what: `track, model ${model}, 720p, one thread: mediapipe against native`,
    figure: `${theirs!.ms.toFixed(1)} and ${ours!.ms.toFixed(1)} ms/frame: ${theirs!.ratio.toFixed(2)} times`,
    bar: `${FASTER_BARS[model]} times`,
    reached: theirs!.ratio >= FASTER_BARS[model],
    data: { theirs, ours },
  };
}

/** Followed frames need only the landmark network: the rest of the engine's time is the pipeline's own. */
async function pipelineAgainstNetwork(pictures: readonly YuvImage[]): Promise<BenchRow> {
  const options = { ...DEFAULT_ENGINE_OPTIONS, model: 'full', threads: 1 };
  await using engine = await NativeEngine.create(options);
  await using networks = await Networks.create(await loadNativeModels('full'), options);
  await engine.track(pictures[0]!, 0);
  let time = 0;
  const followed = () => msPerCall(FRAMES, i => engine.track(pictures[i]!, ++time / 30), threadCpuMs);
  const alone = () => msPerCall(FRAMES, () => networks.findLandmarks(), threadCpuMs);
  const [pipeline, network] = await alternate([followed, alone]);
  return {
    what: 'track of a followed person, model full, one thread: the pipeline against its network alone',
    figure: `${pipeline!.ms.toFixed(2)} and ${network!.ms.toFixed(2)} ms of CPU a frame: ${((pipeline!.ratio - 1) * 100).toFixed(1)} % more`,
    bar: 'at most 15 %',
    reached: pipeline!.ratio <= 1.15,
    data: { pipeline, network },
  };
}

/** The time of a followed person's frames by part; onnxruntime's is `run` of its binding. */
async function printProfile(pictures: readonly YuvImage[]): Promise<void> {
  await using engine = await NativeEngine.create({ ...DEFAULT_ENGINE_OPTIONS, model: 'full', threads: 1 });
  const track = tracker(engine, pictures);
  await track();
  const shares = await profile(async () => {
    for (let i = 0; i < ROUNDS; i++) await track();
  });
  const lines = shares.map(({ name, share }) => `| ${name} | ${(100 * share).toFixed(1)} % |`);
  process.stdout.write(
    `\nCPU profile of track, model full\n\n| function | own time |\n|---|---|\n${lines.join('\n')}\n`,
  );
}

/** The basis for the default of `--threads`: a whole run has a decoder and an encoder beside the network. */
async function threads(clip: string, folder: string): Promise<BenchRow> {
  const run = (count: number) => async () => {
    const options = analyzeOptions(join(folder, `threads-${count}`), {
      engineName: 'native',
      threads: count,
      overlay: OVERLAY,
      overwrite: true,
    });
    const record = await analyzeVideo(clip, options);
    return (record.seconds.wall * 1000) / record.frames.decoded;
  };
  const [two, one] = await alternate([run(2), run(1)], 3);
  return {
    what: 'whole run at 720p, model full: two threads against one, the default',
    figure: `${two!.ms.toFixed(1)} and ${one!.ms.toFixed(1)} ms/frame: ${two!.ratio.toFixed(2)} times the time`,
    bar: 'one is not slower',
    reached: two!.ratio >= 1,
    data: { two, one },
  };
}

async function sampling([picture]: readonly YuvImage[]): Promise<BenchRow> {
  const region = { x: picture!.width / 2, y: picture!.height / 2, size: picture!.height, rotation: 0.2 };
  const tensor = new Float32Array(3 * LANDMARKS_SIZE * LANDMARKS_SIZE);
  const sample = () => sampleRegion(picture!, region, LANDMARKS_SIZE, 'nearest', { scale: 1 / 255, offset: 0 }, tensor);
  const { ms } = (await alternate([() => msPerCall(100, sample)]))[0]!;
  return {
    what: 'sampling one crop of 256 x 256, turned',
    figure: `${ms.toFixed(2)} ms`,
    bar: 'under 1 ms',
    reached: ms < 1,
    data: { ms },
  };
}

async function endToEnd(clip: string, folder: string): Promise<BenchRow> {
  const run = (engineName: 'mediapipe' | 'native') => async () => {
    const options = analyzeOptions(join(folder, engineName), { engineName, overlay: OVERLAY, overwrite: true });
    const record = await analyzeVideo(clip, options);
    return (record.seconds.wall * 1000) / record.frames.decoded;
  };
  const [theirs, ours] = await alternate([run('mediapipe'), run('native')], 3);
  return {
    what: 'whole run at 720p, overlay with labels, start-up included, model full: mediapipe against native',
    figure: `${(1000 / theirs!.ms).toFixed(1)} and ${(1000 / ours!.ms).toFixed(1)} frames/s: ${theirs!.ratio.toFixed(2)} times`,
    bar: '2.5 times',
    reached: theirs!.ratio >= 2.5,
    data: { theirs, ours },
  };
}

await using folder = await benchFolder();
const clip = await scaledSample(folder.path, '720p.mp4', 1280, 720, 30);
const pictures = await decodeAll(clip, FRAMES);
await printProfile(pictures);
const rows = [await sampling(pictures), await pipelineAgainstNetwork(pictures)];
for (const model of ['lite', 'full', 'heavy'] as const) rows.push(await againstMediaPipe(model, pictures));
rows.push(await endToEnd(clip, folder.path), await threads(clip, folder.path));
reportBench('engines', rows);
