/** `npm run bench:stages`: where the time of a frame goes, by process and by stage. Linux only. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFolder, scaledSample } from './bench-clips.js';
import { type BenchRow, reportBench } from './bench-report.js';
import { type StageTime, stageTimes } from './profile-stages.js';
import { cpuOf } from './tree-cpu.js';

const CLI = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
const LOOPS = 4;
const SAMPLE_SECONDS = 4;
const FPS = 60;
const FRAMES = LOOPS * SAMPLE_SECONDS * FPS;
/** Maximum time of the engine's thread beyond onnxruntime. */
const MOST_RATIO = 1.15;

const WAYS = {
  'track, model full, no overlay': ['--mode', 'track', '--model', 'full', '--no-overlay'],
  'track, model full, overlay': ['--mode', 'track', '--model', 'full'],
};

async function measure(clip: string, folder: string, what: string, options: readonly string[]): Promise<BenchRow[]> {
  const out = join(folder, what.replaceAll(/\W+/g, '-'));
  const profiles = `${out}-profiles`;
  const run = [CLI, 'analyze', clip, '--out', out, '--force', '--overwrite', '--quiet', '--threads', '1', ...options];
  const cpu = await cpuOf(process.execPath, run);
  await cpuOf(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', profiles, ...run]);
  const stages = stageTimes(profiles, FRAMES);
  print(what, stages, cpu.processes);
  const ratio = engineRatio(stages);
  return [
    {
      what: `${what}: the engine's thread against onnxruntime's part of it`,
      figure: `${ratio.toFixed(2)} times`,
      bar: `at most ${MOST_RATIO} times`,
      reached: ratio <= MOST_RATIO,
      data: { cpu, stages, frames: FRAMES },
    },
  ];
}

function engineRatio(stages: readonly StageTime[]): number {
  const engine = stages.filter(({ thread, stage }) => thread === 'engine' && stage !== 'waiting');
  const busy = engine.reduce((sum, { ms }) => sum + ms, 0);
  return busy / (engine.find(({ stage }) => stage === 'onnxruntime')?.ms ?? Number.NaN);
}

function print(what: string, stages: readonly StageTime[], processes: Readonly<Record<string, number>>): void {
  const ofProcesses = Object.entries(processes).map(([name, ms]) => `| ${name} | ${(ms / FRAMES).toFixed(2)} |`);
  const ofStages = stages.map(({ thread, stage, ms }) => `| ${thread}: ${stage} | ${ms.toFixed(2)} |`);
  process.stdout.write(`\n${what}, 1088x1920 at ${FPS}, ${FRAMES} frames, start-up included in the first table\n\n`);
  process.stdout.write(`| process | ms of CPU a frame |\n|---|---|\n${ofProcesses.join('\n')}\n\n`);
  process.stdout.write(`| thread and stage | ms a frame |\n|---|---|\n${ofStages.join('\n')}\n`);
}

await using folder = await benchFolder();
const clip = await scaledSample(folder.path, 'portrait.mp4', 1088, 1920, FPS, LOOPS);
const rows: BenchRow[] = [];
for (const [what, options] of Object.entries(WAYS)) rows.push(...(await measure(clip, folder.path, what, options)));
reportBench('stages', rows);
