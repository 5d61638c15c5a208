/**
 * `npm run bench:accuracy [-- OPTIONS]`: accuracy of the landmarks, on clips with known truth.
 *   --clip a,b         only these clips          --kind clean,hard    only these kinds
 *   --mode a,b         modes; old: the tool that this one replaces
 *   --engine a,b       native                    --model a,b          auto
 *   --way track:full,smart:auto   modes with their models, in this order, instead of --mode and --model
 *   --look-ahead 3     frames that smart and quality look ahead
 *   --people 1         finds up to this many people, whatever the clip has
 *   --fitted a,b       the clips that the confidence of joints was fitted on
 *   --plot             an SVG for each clip
 *   --compare OLD.json shows what changed --degrade dark:0.1 makes each clip harder first (dark, fog, blur, crush)
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
import {
  type AccuracyRow,
  accuracyTable,
  jointTable,
  reliabilityBy,
  reliabilityTable,
  TUNED_ON,
} from './accuracy/report.js';
import { checkRules, rulesTable } from './accuracy/rules.js';
import { scoreClip } from './accuracy/score-clip.js';
import { RIGHT_JOINT, scoreJoints } from './accuracy/score-joints.js';
import { benchFolder } from './bench-clips.js';

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

const { values } = parseArgs({
  options: {
    clip: { type: 'string' },
    kind: { type: 'string' },
    mode: { type: 'string' },
    engine: { type: 'string' },
    model: { type: 'string', default: 'auto' },
    way: { type: 'string' },
    people: { type: 'string' },
    'look-ahead': { type: 'string' },
    fitted: { type: 'string' },
    degrade: { type: 'string' },
    compare: { type: 'string' },
    plot: { type: 'boolean', default: false },
  },
});

/** The names of a list with commas, each checked; all of them by default. */
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
const ways = values.way
  ? values.way.split(',').map(way => {
      const [mode = '', model = 'auto'] = way.trim().split(':');
      return { mode: chosen<ModeName | 'old'>(mode, [...MODE_NAMES, 'old'], 'mode')[0], model };
    })
  : values.model.split(',').flatMap(model => modes.map(mode => ({ mode, model })));
const fitted = values.fitted?.split(',') ?? TUNED_ON;
const clips = CLIPS.filter(clip => names.includes(clip.name) && kinds.includes(clip.kind));

const rows: AccuracyRow[] = [];
const lookAhead = values['look-ahead'] === undefined ? undefined : Number(values['look-ahead']);
await mkdir(RESULTS, { recursive: true });
await using folder = await benchFolder();
await using engines = new Engines();
for (const { name, kind } of clips) {
  const truth = await readTruth(join(SAMPLES, `${name}.truth.json`));
  const sample = join(SAMPLES, `${name}.mp4`);
  const path = values.degrade ? await degradeClip(sample, values.degrade, join(folder.path, `${name}.mp4`)) : sample;
  const own: AccuracyRow[] = [];
  for (const engine of engineNames) {
    for (const { mode, model } of ways) {
      const people = values.people ? Number(values.people) : Math.max(1, truth.people);
      const { frames, msPerFrame, cpuMsPerFrame } =
        mode === 'old'
          ? { ...(await analyzeTheOldWay(await engines.get(engine, model, people), path)), cpuMsPerFrame: Number.NaN }
          : await analyzeSample(engines, path, { engine, mode: mode!, model, people, lookAhead }, folder.path);
      const score = scoreClip(truth, frames);
      const joints = scoreJoints(truth, frames);
      own.push({ clip: name, kind, engine, model, mode: mode!, score, msPerFrame, joints, cpuMsPerFrame });
      process.stderr.write(
        `${name}, ${engine} ${model} ${mode}: ${score.right} of ${score.wanted} poses and ${joints.jointsRight} of ${joints.jointsWanted} joints right\n`,
      );
    }
  }
  rows.push(...own);
  if (values.plot) await writeFile(join(RESULTS, `accuracy-${name}.svg`), errorPlot(own, truth.times));
}

const before = values.compare
  ? (JSON.parse(await readFile(values.compare, 'utf8')) as { rows: AccuracyRow[] }).rows
  : [];
const table = accuracyTable(rows, before);
const rules = engineNames.flatMap(engine =>
  checkRules(rows.flatMap(row => (row.engine === engine && row.joints ? [{ ...row, joints: row.joints }] : []))).map(
    result => ({ ...result, rule: engineNames.length > 1 ? `${engine}, ${result.rule}` : result.rule }),
  ),
);
const text = [
  table,
  `Joints: right within ${RIGHT_JOINT} of the torso\n\n${jointTable(rows)}`,
  `Rules: joints right\n\n${rulesTable(rules)}`,
  `Right limb joints by confidence\n\n${reliabilityBy(rows, fitted, row => row.joints?.limbReliability)}`,
  `Right landmarks, all 33, by confidence\n\n${reliabilityBy(rows, fitted, row => row.joints?.landmarkReliability)}`,
  `Right poses by score\n\n${reliabilityTable(rows)}`,
].join('\n\n');
process.stdout.write(`\n${text}\n`);
const settings = { degrade: values.degrade, people: values.people, lookAhead, fitted };
await writeFile(join(RESULTS, 'accuracy.json'), `${JSON.stringify({ ...settings, rows, rules })}\n`);
await writeFile(join(RESULTS, 'accuracy.md'), `${text}\n`);
