/**
 * `npm run bench:opensim`: samples through `bodyscript export --format opensim` and OpenSim's own scaling and inverse
 * kinematics, against their true angles. Needs `test/support/install-readers.sh`, and Pose2Sim's model in
 * `../shared/opensim`.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type IkResult, readByOpenSim, rowsByOpenSim, runIk } from '../support/opensim.js';
import { pythonWith } from '../support/readers.js';
import { HAS_OPENSIM_MODEL, SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { type LegAngles, trueLegAngles } from '../support/true-angles.js';
import { type BenchRow, median, reportBench } from './bench-report.js';

/** Seen from the side within 45 degrees: the line through the hips points along the camera's axis. */
const SIDE_ON = ['walk-across', 'treadmill', 'push-up', 'lying-sofa', 'walk-behind-pillar', 'far-walk'];
const OTHERS = ['squat', 'sit', 'turn', 'walk-towards', 'wave', 'variable-rate', 'with-audio', 'from-behind'];
const MOST_RMS_MM = 40;
const MOST_DEGREES = 8;

const python = pythonWith('opensim');
if (python === undefined || !HAS_OPENSIM_MODEL) throw new Error('needs opensim for Python, and ../shared/opensim');
const folder = await mkdtemp(join(tmpdir(), 'bodyscript-opensim-'));

const rows: BenchRow[] = [];
for (const sample of [...SIDE_ON, ...OTHERS]) {
  const clip = join(SAMPLES, `${sample}.mp4`);
  await runCli(['analyze', clip, '-o', folder, '--no-overlay', '--export', 'opensim', '-q']);
  const own = join(folder, `${sample}.opensim`);
  const trc = await readByOpenSim(python, join(own, 'person-0.trc'));
  const result = await runIk(python, own, 'person-0');
  const truth = await trueLegAngles(sample);
  const rms = 1000 * Math.sqrt(result.rms.reduce((sum, value) => sum + value ** 2, 0) / result.rms.length);
  const [knee, hip] = [errorOf(result, truth, 'knee_angle'), errorOf(result, truth, 'hip_flexion')];
  const isSideOn = SIDE_ON.includes(sample);
  rows.push({
    what: `${sample}${isSideOn ? ', from the side' : ''}`,
    figure: `${trc.rows.length} of ${truth.length} frames, markers ${rms.toFixed(1)} mm, knee ${knee.toFixed(1)}, hip ${hip.toFixed(1)} degrees`,
    bar: isSideOn ? `${MOST_RMS_MM} mm, ${MOST_DEGREES} degrees` : `${MOST_RMS_MM} mm`,
    reached: rms <= MOST_RMS_MM && (!isSideOn || (knee <= MOST_DEGREES && hip <= MOST_DEGREES)),
    data: { sample, frames: truth.length, rows: trc.rows.length, solved: result.times.length, rms, knee, hip },
  });
}
rows.push(await readAll(python));
await rm(folder, { recursive: true });
reportBench('opensim', rows);

/** Median error of both sides in degrees. The samples have 30 frames a second, but for one whose times vary. */
function errorOf(result: IkResult, truth: readonly (LegAngles | undefined)[], name: 'knee_angle' | 'hip_flexion') {
  const isWhole = result.times.length === truth.length;
  const errors = result.times.flatMap((time, i) =>
    (['l', 'r'] as const).flatMap(side => {
      const wanted = truth[isWhole ? i : Math.round(time * 30)]?.[`${name}_${side}`];
      const found = result.coordinates[`${name}_${side}`]?.[i];
      return wanted === undefined || found === undefined ? [] : Math.abs(found - wanted);
    }),
  );
  return median(errors);
}

/** Whether OpenSim reads the exports of every sample, with up to three people, raw and filtered. */
async function readAll(reader: string): Promise<BenchRow> {
  const clips = (await readdir(SAMPLES)).filter(name => name.endsWith('.mp4'));
  const files: string[] = [];
  for (const clip of clips) {
    const stem = clip.slice(0, -'.mp4'.length);
    const own = join(folder, 'all', stem);
    await runCli(['analyze', join(SAMPLES, clip), '-o', own, '--mode', 'track', '--people', '3', '--no-overlay', '-q']);
    await runCli(['filter', join(own, `${stem}.csv`), '-o', join(own, 'filtered.csv')]);
    for (const table of [`${stem}.csv`, 'filtered.csv']) {
      await runCli(['export', join(own, table), '-f', 'trc,mot,opensim', '-o', join(own, 'exports', table)]);
    }
    const made = await readdir(join(own, 'exports'), { recursive: true }).catch(() => []);
    files.push(...made.filter(other => /\.(trc|mot)$/.test(other)).map(name => join(own, 'exports', name)));
  }
  const rowsRead = await rowsByOpenSim(reader, files);
  const refused = files.filter((_, i) => rowsRead[i] === null).map(path => basename(path));
  const frames = rowsRead.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return {
    what: `TRC and MOT of all ${clips.length} samples, filtered too`,
    figure: `${files.length - refused.length} of ${files.length} files read, ${frames} rows`,
    bar: 'all',
    reached: refused.length === 0,
    data: { files: files.length, frames, refused },
  };
}
