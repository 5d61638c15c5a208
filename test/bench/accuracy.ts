/**
 * `npm run bench:accuracy [-- OPTIONS]`: how right the landmarks are, on clips whose truth is known.
 *   --clip a,b         only these clips          --kind clean,hard    only these kinds
 *   --mode a,b         modes; old: the tool that this one replaces
 *   --engine a,b       native                    --model a,b          auto
 *   --plot             an SVG for each clip
 *   --compare OLD.json shows what changed        --degrade dark:0.1   makes each clip harder first (dark, fog, blur, crush)
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLIP_KINDS } from '../../samples/render/clip.js';
import { CLIPS } from '../../samples/render/clips.js';
import { degradeClip } from '../../samples/render/degrade-clip.js';
import { ENGINE_NAMES, type EngineName } from '../../src/engine/worker/protocol.js';
import { MODE_NAMES, type ModeName } from '../../src/strategies/modes.js';
import { SAMPLES } from '../support/reference-clips.js';
import { analyzeSample, Engines } from './accuracy/analyze-sample.js';
import { analyzeTheOldWay } from './accuracy/old-way.js';
import { errorPlot } from './accuracy/plot.js';
import { readTruth } from './accuracy/poses.js';
import { type AccuracyRow, accuracyTable, reliabilityTable } from './accuracy/report.js';
import { scoreClip } from './accuracy/score-clip.js';
import { benchFolder } from './bench-clips.js';

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

const { values } = parseArgs({
  options: {
    clip: { type: 'string' },
    kind: { type: 'string' },
    mode: { type: 'string' },
    engine: { type: 'string' },
    model: { type: 'string', default: 'auto' },
    degrade: { type: 'string' },
    compare: { type: 'string' },
    plot: { type: 'boolean', default: false },
  },
});

/** The names of a list with commas, each checked; all of them without a list. */
function chosen<T extends string>(list: string | undefined, known: readonly T[], what: string): readonly T[] {
  if (list === undefined) return known;
  const names = list.split(',');
  const wrong = names.filter(name => !known.includes(name as T));
  if (wrong.length > 0) throw new TypeError(`no ${what} is called ${wrong.join(', ')}. There are: ${known.join(', ')}`);
  return names as T[];
}

const names = chosen(
  values.clip,
  CLIPS.map(clip => clip.name),
  'clip',
);
const kinds = chosen(values.kind, CLIP_KINDS, 'kind');
const modes = chosen<ModeName | 'old'>(values.mode, [...MODE_NAMES, 'old'], 'mode');
const engineNames = chosen<EngineName>(values.engine, ENGINE_NAMES, 'engine');
const models = values.model.split(',');
const clips = CLIPS.filter(clip => names.includes(clip.name) && kinds.includes(clip.kind));

const rows: AccuracyRow[] = [];
await mkdir(RESULTS, { recursive: true });
await using folder = await benchFolder();
await using engines = new Engines();
for (const { name, kind } of clips) {
  const truth = await readTruth(join(SAMPLES, `${name}.truth.json`));
  const sample = join(SAMPLES, `${name}.mp4`);
  const path = values.degrade ? await degradeClip(sample, values.degrade, join(folder.path, `${name}.mp4`)) : sample;
  const own: AccuracyRow[] = [];
  for (const engine of engineNames) {
    for (const [model, mode] of models.flatMap(each => modes.map(other => [each, other] as const))) {
      const people = Math.max(1, truth.people);
      const { frames, msPerFrame } =
        mode === 'old'
          ? await analyzeTheOldWay(await engines.get(engine, model, people), path)
          : await analyzeSample(engines, path, { engine, mode, model, people }, folder.path);
      const score = scoreClip(truth, frames);
      own.push({ clip: name, kind, engine, model, mode, score, msPerFrame });
      process.stderr.write(`${name}, ${engine} ${model} ${mode}: ${score.right} of ${score.wanted} right\n`);
    }
  }
  rows.push(...own);
  if (values.plot) await writeFile(join(RESULTS, `accuracy-${name}.svg`), errorPlot(own, truth.times));
}

const before = values.compare
  ? (JSON.parse(await readFile(values.compare, 'utf8')) as { rows: AccuracyRow[] }).rows
  : [];
const table = accuracyTable(rows, before);
process.stdout.write(`\n${table}\n\nRight poses by score\n\n${reliabilityTable(rows)}\n`);
await writeFile(join(RESULTS, 'accuracy.json'), `${JSON.stringify({ degrade: values.degrade, rows })}\n`);
await writeFile(join(RESULTS, 'accuracy.md'), `${table}\n`);
