/**
 * `npm run bench:segments`: a long video in two segments at a time, on one core and on two, alternately, and what the
 * cuts change. `-- --minutes 20 --rounds 3` is the whole of it. Linux, with taskset.
 */
import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SEGMENT_SECONDS } from '../../src/analyze/segments/cuts.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { benchFolder } from './bench-clips.js';
import { median, reportBench } from './bench-report.js';
import { type Cost, startTimed } from './timed-run.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    fps: { type: 'string', default: '30' },
  },
});
const BIN = fileURLToPath(new URL('../../bin/bodyscript.js', import.meta.url));
/** A mode that carries a state from frame to frame: the other ones have nothing that a cut could change. */
const OPTIONS = ['--no-overlay', '--model', 'lite', '--mode', 'track', '--csv-layout', 'wide', '--threads', '1'];
/** Distance of joints in the second after a cut, in pixels. */
const CUT_PIXELS = 1.5;
const CORES = ['0', '0,1'] as const;

interface Row {
  readonly time: number;
  readonly facts: string;
  readonly pixels: readonly (readonly [number, number])[];
}

/** Rows of a wide table: what must be the same, and where the joints are. */
async function rowsOf(path: string): Promise<Row[]> {
  const [head = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const names = head.split(',');
  const column = (name: string) => names.indexOf(name);
  const joints = names
    .filter(name => name.endsWith('_x_px'))
    .map(name => [column(name), column(`${name.slice(0, -4)}y_px`)]);
  return lines.map(line => {
    const cells = line.split(',');
    const at = (name: string) => cells[column(name)] ?? '';
    return {
      time: Number(at('timestamp')),
      facts: [at('frame_id'), at('timestamp'), at('person_id')].join(),
      pixels: joints.map(([x = 0, y = 0]) => [Number(cells[x] || Number.NaN), Number(cells[y] || Number.NaN)] as const),
    };
  });
}

/** Distances of the joints of two tables in the second after each cut. */
function distancesAfterCuts(cut: readonly Row[], plain: readonly Row[]): number[] {
  return cut.flatMap(({ time, pixels }, i) => {
    if (time < SEGMENT_SECONDS || time % SEGMENT_SECONDS > 1) return [];
    return pixels
      .map(([x, y], joint) =>
        Math.hypot(x - (plain[i]?.pixels[joint]?.[0] ?? 0), y - (plain[i]?.pixels[joint]?.[1] ?? 0)),
      )
      .filter(Number.isFinite);
  });
}

if (spawnSync('taskset', ['-c', '0,1', 'true']).status !== 0) {
  process.stderr.write('bench:segments is left out: it needs taskset and two cores\n');
} else {
  await using folder = await benchFolder();
  const clip = join(folder.path, 'long.mp4');
  const seconds = Number(values.minutes) * 60;
  const filter = `fps=${values.fps},scale=320:-2`;
  const loop = [
    '-stream_loop',
    String(Math.ceil(seconds / 2)),
    '-i',
    join(SAMPLES, 'treadmill.mp4'),
    '-t',
    String(seconds),
  ];
  await makeWithFfmpeg([...loop, '-vf', filter, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-an'], clip);
  const analyze = async (cores: string, out: string, ...options: string[]): Promise<Cost> => {
    await rm(join(folder.path, out), { recursive: true, force: true });
    const args = ['analyze', clip, '-o', join(folder.path, out), '-q', '--force', ...OPTIONS, ...options];
    return startTimed(['taskset', '-c', cores, process.execPath, BIN, ...args]).finished;
  };
  await analyze('0,1', 'plain');
  const costs: Record<string, Cost[]> = { '0': [], '0,1': [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const cores of CORES) {
      const cost = await analyze(cores, `cores-${cores}`, '--segments', '2');
      costs[cores]?.push(cost);
      process.stderr.write(`${cores}: ${cost.cpuSeconds.toFixed(0)} CPU s, ${cost.wallSeconds.toFixed(0)} s\n`);
    }
  }
  const of = (cores: string, what: keyof Cost) => median((costs[cores] ?? []).map(cost => cost[what]));
  const [plain, cut] = [
    await rowsOf(join(folder.path, 'plain/long.csv')),
    await rowsOf(join(folder.path, 'cores-0,1/long.csv')),
  ];
  const same = cut.filter(({ facts }, i) => facts === plain[i]?.facts).length;
  const distances = distancesAfterCuts(cut, plain);
  const off = median(distances);
  const faster = of('0', 'wallSeconds') / of('0,1', 'wallSeconds');
  const dearer = of('0,1', 'cpuSeconds') / of('0', 'cpuSeconds');
  reportBench('segments', [
    {
      what: `${values.minutes} min at ${values.fps} frames/s in two segments: wall time on one core, by that on two`,
      figure: faster.toFixed(2),
      bar: 'at least 1.8',
      reached: faster >= 1.8,
      data: costs,
    },
    {
      what: 'CPU time on two cores, by that on one',
      figure: dearer.toFixed(2),
      bar: 'at most 1.15',
      reached: dearer <= 1.15,
      data: costs,
    },
    {
      what: 'rows with the frame, time and person of a run in one piece',
      figure: `${same} of ${plain.length}`,
      bar: 'all',
      reached: same === plain.length && cut.length === plain.length,
      data: { same, rows: plain.length, cut: cut.length },
    },
    {
      what: 'median distance of joints in the second after each cut',
      figure: `${off.toFixed(2)} px`,
      bar: `at most ${CUT_PIXELS} px`,
      reached: distances.length > 0 && off <= CUT_PIXELS,
      data: { distances: distances.length, median: off },
    },
  ]);
}
