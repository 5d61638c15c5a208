/**
 * `npm run bench:slurm`: many clips on a Slurm cluster of two nodes on this machine, whose tasks Slurm ends at their
 * time limit, again and again. `-- --clips 80 --parts 8` is the whole of it.
 */
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { SlurmCluster } from '../support/slurm.js';
import { reasonAgainstSlurm } from '../support/slurm-daemons.js';
import { benchFolder } from './bench-clips.js';
import { reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: '80' },
    parts: { type: 'string', default: '8' },
    /** Times the length of the clips. */
    length: { type: 'string', default: '1' },
  },
});
const [clips, parts] = [Number(values.clips), Number(values.parts)];
const NODES = 2;
const WITHIN_MS = 3_600_000;
const LARGEST_PART = 1.05;
/** Six attempts at each frame: most parts must reach their time limit. */
const OPTIONS = ['--no-overlay', '--mode', 'fast', '--model', 'lite', '--threads', '1'];
/** Names and lengths in seconds: parts of equal numbers would not have equal work. */
const SOURCES = [
  ['wave', 0.2],
  ['walk-across', 0.7],
  ['small', 0.4],
  ['crossing', 0.5],
  ['variable-rate', 0.3],
] as const;
/** Slurm looks at limits twice a minute, in whole minutes: the signal comes 5 to 35 seconds after the start. */
const ENDED_SOON = ['--time=1', '--signal=TERM@55'];

const reason = reasonAgainstSlurm();
if (reason !== undefined) {
  process.stderr.write(`bench:slurm is left out: ${reason}\n`);
} else {
  await using folder = await benchFolder();
  await using cluster = await SlurmCluster.start(folder.path, NODES);
  const at = (...names: string[]) => join(folder.path, ...names);
  await mkdir(at('clips'));
  for (const [name, seconds] of SOURCES)
    await makeWithFfmpeg(
      [
        '-i',
        join(SAMPLES, `${name}.mp4`),
        '-t',
        String(seconds * Number(values.length)),
        '-c:v',
        'libx264',
        '-pix_fmt',
        'yuv420p',
      ],
      at(`${name}.mp4`),
    );
  for (let i = 0; i < clips; i++) {
    const [name] = SOURCES[i % SOURCES.length]!;
    await copyFile(at(`${name}.mp4`), at('clips', `${String(i).padStart(3, '0')}.mp4`));
  }
  const calmSince = performance.now();
  const calm = await runCli(['analyze', at('clips'), '-o', at('calm'), '-q', ...OPTIONS]);
  if (calm.code !== 0) throw new Error(calm.stderr);
  const calmSeconds = (performance.now() - calmSince) / 1000;
  process.stderr.write(`one command: ${calmSeconds.toFixed(0)} s\n`);

  const planSince = performance.now();
  const planned = await runCli(['plan', at('clips'), '-o', at('results'), '--parts', String(parts), '--json']);
  const plan = JSON.parse(planned.stdout) as { largest: number };
  const planSeconds = (performance.now() - planSince) / 1000;
  const script = await cluster.writeArray(OPTIONS, ENDED_SOON);
  const outcome = await cluster.runArray(script, parts, at('results'), { withinMs: WITHIN_MS });
  const merged = await runCli(['jobs', 'merge', '-o', at('results')]);
  const { counts } = JSON.parse(await readFile(at('results', 'batch.json'), 'utf8'));
  const different: string[] = [];
  for (const name of (await readdir(at('calm'))).filter(one => one.endsWith('.csv'))) {
    const [a, b] = await Promise.all([
      readFile(at('calm', name)),
      readFile(at('results', name)).catch(() => undefined),
    ]);
    if (!b?.equals(a)) different.push(name);
  }
  const once = counts.done === clips && outcome.publishedTwice.length === 0;
  const data = {
    clips,
    parts,
    nodes: NODES,
    calmSeconds,
    planSeconds,
    ...outcome,
    counts,
    different,
    merge: merged.code,
  };
  reportBench('slurm', [
    {
      what: `videos of ${clips} that are published once, with ${outcome.requeues} requeues in ${outcome.seconds.toFixed(0)} s`,
      figure: String(counts.done - outcome.publishedTwice.length),
      bar: String(clips),
      reached: once && outcome.requeues > 0,
      data,
    },
    {
      what: 'tables that differ from those of one calm command',
      figure: String(different.length),
      bar: '0',
      reached: different.length === 0,
      data: { different },
    },
    {
      what: `work of the largest of ${parts} parts, by the mean`,
      figure: plan.largest.toFixed(3),
      bar: `at most ${LARGEST_PART}`,
      reached: plan.largest <= LARGEST_PART,
      data: { ...plan, planSeconds },
    },
  ]);
}
