/**
 * `npm run bench:chaos`: the results of many videos while processes are killed. `-- --clips 60 --rounds 10` is the full
 * run.
 */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInChaos, seeded } from '../support/chaos.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { benchFolder } from './bench-clips.js';
import { reportBench } from './bench-report.js';

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const KILL_EVERY_MS = [1500, 4000] as const;
const NAMES = ['wave', 'dark', 'crossing', 'variable-rate', 'with-audio', 'walk-behind-pillar'];
await using folder = await benchFolder();
const input = join(folder.path, 'in');
await mkdir(input);
for (const name of NAMES)
  await makeWithFfmpeg(
    ['-i', join(SAMPLES, `${name}.mp4`), '-t', '1.2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    join(folder.path, `${name}.mp4`),
  );
for (let i = 0; i < Number(values.clips); i++) {
  await copyFile(join(folder.path, `${NAMES[i % NAMES.length]}.mp4`), join(input, `${String(i).padStart(3, '0')}.mp4`));
}
const args = [input, '--jobs', '2'];
const calm = join(folder.path, 'calm');
const { code, stderr } = await runCli(['analyze', ...args, '-o', calm, '-q']);
if (code !== 0) throw new Error(stderr);
const rounds: object[] = [];
let [different, twice, orphans, kills, starts] = [0, 0, 0, 0, 0];
for (let round = 0; round < Number(values.rounds); round++) {
  const out = join(folder.path, `chaos-${round}`);
  const random = seeded(Number(values.seed) * 1000 + round);
  const result = await runInChaos(args, out, calm, KILL_EVERY_MS, random);
  const done = result.jobs.filter(({ state }) => state === 'done');
  const killed = Object.values(result.kills).reduce((sum, count) => sum + count, 0);
  different += result.different.length;
  twice +=
    result.jobs.length - new Set(result.jobs.map(({ path }) => path)).size + (Number(values.clips) - done.length);
  orphans += result.orphans.length;
  [kills, starts] = [kills + killed, starts + result.starts];
  rounds.push({ ...result, jobs: result.jobs.length });
  process.stderr.write(
    `round ${round}: ${JSON.stringify(result.kills)}, ${result.starts} starts, ${result.different.length} different, ${result.orphans.length} orphans\n`,
  );
  await rm(out, { recursive: true });
}
reportBench('chaos', [
  {
    what: `${values.clips} clips, ${values.rounds} rounds, ${kills} times SIGKILL, ${starts} starts of the command`,
    figure: `${different} tables differ from the calm run's, ${twice} videos missing or twice in the ledger, ${orphans} orphans`,
    bar: '0, 0, 0',
    reached: different + twice + orphans === 0,
    data: { rounds },
  },
]);
