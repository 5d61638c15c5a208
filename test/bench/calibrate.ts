/**
 * `npm run calibrate`: fits the weights that judge poses and landmarks, and writes `src/tracking/weights.ts`.
 *
 * - `--dry`: prints the tables, writes nothing
 * - `--keep FILE`: saves the examples collected from the clips
 * - `--from FILE`: fits saved examples, without analysing the clips
 *
 * The clips are listed below. The other samples and real footage are never fitted on: `bench:accuracy` and `bench:real`
 * measure there.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { degradeClip } from '../../samples/render/degrade-clip.js';
import { DEFAULT_ENGINE_OPTIONS } from '../../src/engine/pose-engine.js';
import { WorkerEngine } from '../../src/engine/worker/worker-engine.js';
import { LANDMARK_COUNT } from '../../src/model/blazepose.js';
import { LANDMARK_EVIDENCE } from '../../src/tracking/evidence.js';
import { SCORE_EVIDENCE, scoreEvidenceOf } from '../../src/tracking/judge.js';
import { SAMPLES } from '../support/reference-clips.js';
import { readTruth } from './accuracy/poses.js';
import { collect, type Example } from './calibrate/collect.js';
import { FITTED_CLIPS, type FittedClip } from './calibrate/fitted-clips.js';
import { type Examples, fitLogistic, predict } from './calibrate/logistic.js';
import { weightsFile } from './calibrate/weights-file.js';

const WEIGHTS = fileURLToPath(new URL('../../src/tracking/weights.ts', import.meta.url));
/** Weight of an unreported pose, relative to a reported one. */
const UNTOLD = 0.2;
/** Poses of one clip resemble each other: each clip counts the same. */
const EXAMPLES_OF_A_CLIP = 1000;
const PENALTY = 2e-5;
/** Evidence that engines without signals do not provide. */
const SIGNALS = ['presence', 'peak', 'offset', 'spread'];

const { values } = parseArgs({
  options: { dry: { type: 'boolean', default: false }, keep: { type: 'string' }, from: { type: 'string' } },
});

interface Group {
  readonly name: string;
  readonly examples: readonly Example[];
}

/** Every n-th clip is analysed with all attempts as well, which takes longest. */
const EXHAUSTIVE_EVERY = 3;

async function examplesOf({ clip, degradation }: FittedClip, index: number, folder: string): Promise<Group> {
  const truth = await readTruth(join(SAMPLES, `${clip}.truth.json`));
  const sample = join(SAMPLES, `${clip}.mp4`);
  const path = degradation ? await degradeClip(sample, degradation, join(folder, `${index}-${clip}.mp4`)) : sample;
  const people = Math.max(1, truth.people);
  const ways = [
    { model: 'auto', exhaustive: false },
    ...(degradation ? [] : [{ model: 'full', exhaustive: false }]),
    ...(index % EXHAUSTIVE_EVERY === 0 ? [{ model: 'auto', exhaustive: true }] : []),
  ];
  const examples: Example[] = [];
  for (const { model, exhaustive } of ways) {
    await using engine = await WorkerEngine.create('native', { ...DEFAULT_ENGINE_OPTIONS, model, people });
    examples.push(...(await collect(engine, path, truth, { people, exhaustive, hasRefiner: model === 'auto' })));
  }
  const right = examples.filter(({ isRight }) => isRight).length;
  process.stderr.write(`${clip} ${degradation ?? ''}: ${examples.length} poses judged, ${right} right\n`);
  return { name: clip, examples };
}

const folder = await mkdtemp(join(tmpdir(), 'bodyscript-calibrate-'));
const groups: Group[] = values.from ? (deserialize(await readFile(values.from)) as Group[]) : [];
const waiting = values.from ? [] : [...FITTED_CLIPS.entries()];
const work = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [index, clip] = next;
    groups[index] = await examplesOf(clip, index, folder);
  }
};
await Promise.all([work(), work()]);
await rm(folder, { recursive: true });
if (values.keep) await writeFile(values.keep, serialize(groups));

function landmarkExamples(chosen: readonly Group[], hasSignals: boolean): Examples {
  const width = LANDMARK_EVIDENCE.length;
  const hidden = hasSignals ? [] : SIGNALS.map(name => LANDMARK_EVIDENCE.indexOf(name as never));
  const all = chosen.flatMap(({ examples }) => {
    const total = examples.reduce((sum, { isTold }) => sum + (isTold ? 1 : UNTOLD), 0);
    return examples.map(example => ({ example, weight: ((example.isTold ? 1 : UNTOLD) * EXAMPLES_OF_A_CLIP) / total }));
  });
  const rows = new Float64Array(all.length * LANDMARK_COUNT * width);
  const labels = new Float64Array(all.length * LANDMARK_COUNT);
  const weights = new Float64Array(all.length * LANDMARK_COUNT);
  for (const [i, { example, weight }] of all.entries()) {
    rows.set(example.evidence, i * LANDMARK_COUNT * width);
    for (let id = 0; id < LANDMARK_COUNT; id++) {
      const at = i * LANDMARK_COUNT + id;
      labels[at] = example.landmarks[id]!;
      weights[at] = weight;
      for (const k of hidden) rows[at * width + k] = 0;
    }
  }
  return { width, rows, labels, weights };
}

function poseExamples(chosen: readonly Group[], landmark: Float64Array, hasSignals: boolean): Examples {
  const width = SCORE_EVIDENCE.length;
  const rows: number[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (const group of chosen) {
    const own = landmarkExamples([group], hasSignals);
    for (const [i, { pose, evidence, witness, isRight }] of group.examples.entries()) {
      const confidences = Array.from({ length: LANDMARK_COUNT }, (_, id) =>
        predict(own.rows, i * LANDMARK_COUNT + id, own.width, landmark),
      );
      rows.push(...scoreEvidenceOf(pose, evidence, confidences, witness));
      labels.push(isRight ? 1 : 0);
      weights.push(own.weights[i * LANDMARK_COUNT]!);
    }
  }
  return {
    width,
    rows: Float64Array.from(rows),
    labels: Float64Array.from(labels),
    weights: Float64Array.from(weights),
  };
}

/**
 * Mean surprise (log loss, bits) and the largest gap between predicted and true frequency, over tenths of the scale
 * that have at least a hundredth of the rows.
 */
function quality(examples: Examples, weights: Float64Array): { loss: number; gap: number; table: string } {
  const bins = Array.from({ length: 10 }, () => ({ weight: 0, said: 0, so: 0 }));
  let [loss, total] = [0, 0];
  for (let i = 0; i < examples.labels.length; i++) {
    const p = predict(examples.rows, i, examples.width, weights);
    const [label, weight] = [examples.labels[i]!, examples.weights[i]!];
    loss -= weight * Math.log2(Math.max(1e-9, label === 1 ? p : 1 - p));
    total += weight;
    const bin = bins[Math.min(9, Math.floor(p * 10))]!;
    bin.weight += weight;
    bin.said += weight * p;
    bin.so += weight * label;
  }
  const used = bins.filter(({ weight }) => weight > total / 100);
  const gap = Math.max(0, ...used.map(({ weight, said, so }) => Math.abs(said - so) / weight));
  const table = bins
    .map(({ weight, said, so }) =>
      weight > 0
        ? `${(said / weight).toFixed(2)}:${(so / weight).toFixed(2)}(${((100 * weight) / total).toFixed(0)}%)`
        : '-',
    )
    .join(' ');
  return { loss: loss / total, gap, table };
}

const learn = (chosen: readonly Group[], hasSignals: boolean) => {
  const landmark = fitLogistic(landmarkExamples(chosen, hasSignals), PENALTY);
  return { landmark, pose: fitLogistic(poseExamples(chosen, landmark, hasSignals), PENALTY) };
};

const fitted = { withSignals: learn(groups, true), withoutSignals: learn(groups, false) };
const lines: string[] = [];
for (const { name } of groups.filter((group, i) => groups.findIndex(other => other.name === group.name) === i)) {
  const [others, own] = [groups.filter(group => group.name !== name), groups.filter(group => group.name === name)];
  const { landmark, pose } = learn(others, true);
  const joints = quality(landmarkExamples(own, true), landmark);
  const poses = quality(poseExamples(own, landmark, true), pose);
  lines.push(
    `${name.padEnd(20)} joints ${joints.loss.toFixed(3)} bits, gap ${joints.gap.toFixed(2)}; poses ${poses.loss.toFixed(3)} bits, gap ${poses.gap.toFixed(2)}`,
  );
}
const all = quality(landmarkExamples(groups, true), fitted.withSignals.landmark);
process.stdout.write(
  `Each clip judged by what the others taught:\n${lines.join('\n')}\nAll, by themselves: ${all.table}\n`,
);
if (!values.dry) await writeFile(WEIGHTS, weightsFile(fitted, FITTED_CLIPS));
