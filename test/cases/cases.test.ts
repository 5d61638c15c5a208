import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTruth } from '../bench/accuracy/poses.js';
import { errorsAgainst, hashOf, missingFrames, runCase } from '../support/case-run.js';
import { readCsv } from '../support/csv.js';
import { listFrames, probeStreams, SYSTEM_FFMPEG } from '../support/ffmpeg.js';
import { fullTest, IS_FULL } from '../support/full-tests.js';
import { askPython, pythonWith } from '../support/readers.js';
import { CASES_SCRIPT, HAS_CASES, SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { runShell } from '../support/shell.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Whether the script's own requirements are present: encoders of the system's ffmpeg, and Python. */
function canMakeCases(): boolean {
  if (!IS_FULL || !HAS_CASES || SYSTEM_FFMPEG === undefined) return false;
  try {
    const encoders = execFileSync(SYSTEM_FFMPEG, ['-v', 'error', '-encoders'], { encoding: 'utf8' });
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return ['libx264', 'libx265', 'libvpx'].every(name => encoders.includes(` ${name} `));
  } catch {
    return false;
  }
}

const OPENSIM = pythonWith('opensim');
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const CAN_MAKE = canMakeCases();
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, 'cases', ...names);
const out = (name: string) => join(folder, 'out', name);
const TRACK = ['--mode', 'track'];
const FAST = [...TRACK, '--no-overlay'];
const wave = await readTruth(join(SAMPLES, 'wave.truth.json'));
/** Maximum average error of a tracked upper body of `wave.mp4`, in pixels. */
const USUAL_ERROR = 12;

/** OpenSim's view of a TRC file: its times, the rate in its header, and whether each row has a marker. */
const READ_TRC = `
import json, math, sys, opensim
opensim.Logger.setLevelString('off')
table = opensim.TimeSeriesTableVec3(sys.argv[1])
column = table.getDependentColumn(sys.argv[2])
seen = [not math.isnan(column[i][0]) for i in range(table.getNumRows())]
print(json.dumps({'times': list(table.getIndependentColumn()), 'seen': seen,
  'rate': float(table.getTableMetaDataString('DataRate'))}))`;

interface ReadTrc {
  readonly times: readonly number[];
  readonly seen: readonly boolean[];
  readonly rate: number;
}

const readTrc = (path: string, marker: string) => askPython(OPENSIM!, READ_TRC, [path, marker]) as Promise<ReadTrc>;
const ffprobeTimes = async (path: string) => (await listFrames(path, 'v:0')).map(({ time }) => Number(time));
const steps = (times: readonly number[]) => times.slice(1).map((time, i) => time - (times[i] ?? 0));
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const toMicroseconds = (times: readonly number[]) => times.map(time => Math.round(time * 1e6));

beforeAll(async () => {
  if (!CAN_MAKE) return;
  await promisify(execFile)('bash', [CASES_SCRIPT, at()], { cwd: PROJECT });
}, 600_000);

describe.runIf(CAN_MAKE)('streams', () => {
  test.each([
    ['size-changes.webm', 'frame size changes at frame 30, from 640x480 to 320x240'],
    ['format-changes.ts', 'pixel format or pixel aspect ratio changes at frame 30'],
  ])('%s: all frames are in the table, in pixels of the first size', async (name, warning) => {
    const { record, stem, stderr, times } = await runCase(at(name), out(name), FAST);
    expect(toMicroseconds(times)).toEqual(toMicroseconds(await ffprobeTimes(at(name))));
    expect([times.length, record.frames.missing, record.analysed]).toEqual([60, 0, { width: 640, height: 480 }]);
    expect(record.warnings.join()).toContain(warning);
    expect(stderr).toContain(warning);
    const errors = await errorsAgainst(`${stem}.csv`, wave);
    expect(median(errors.slice(30))).toBeLessThan(USUAL_ERROR);
  });

  test.runIf(IS_FULL)(
    'interlaced.MTS: flagged frames are deinterlaced, so that hardly any pose is missing',
    async () => {
      const { record, rows } = await runCase(at('interlaced.MTS'), out('interlaced'), ['--no-overlay']);
      expect(record.input.video).toMatchObject({ deinterlaced: 'flagged' });
      expect(record.frames.decoded).toBe((await listFrames(at('interlaced.MTS'), 'v:0')).length);
      expect(missingFrames(rows).length).toBeLessThanOrEqual(2);
    },
  );

  test('restarts.ts: falling times are reported, and rise in exports and overlay', async () => {
    const { record, stem, stderr, times } = await runCase(at('restarts.ts'), out('restarts'), [
      ...TRACK,
      '--export',
      'trc',
    ]);
    expect(toMicroseconds(times)).toEqual(toMicroseconds(await ffprobeTimes(at('restarts.ts'))));
    expect(stderr).toContain('jump back from 2.367 s to 1.4 s at frame 30');
    expect(record.warnings.join()).toContain('jump back from 2.367 s to 1.4 s at frame 30');
    const overlay = await ffprobeTimes(`${stem}.overlay.mp4`);
    expect(overlay).toHaveLength(60);
    for (const step of steps(overlay)) expect(step).toBeCloseTo(1 / 30, 3);
    if (!OPENSIM) return;
    const trc = await readTrc(`${stem}.trc`, 'nose');
    expect(trc.rate).toBeCloseTo(30, 1);
    for (const step of steps(trc.times)) expect(step).toBeCloseTo(1 / 30, 3);
  });

  fullTest('restarts.ts --start 0.5 --end 1.5: a second across the restart, as it is played', async () => {
    const flags = [...FAST, '--start', '0.5', '--end', '1.5'];
    const { rows, times } = await runCase(at('restarts.ts'), out('restarts-part'), flags);
    expect([times.length, rows[0]?.frame_id, rows.at(-1)?.frame_id]).toEqual([30, '15', '44']);
    expect(toMicroseconds(times)).toEqual(toMicroseconds((await ffprobeTimes(at('restarts.ts'))).slice(15, 45)));
  });

  test.runIf(IS_FULL)(
    "00001.MTS --start 0.5 --end 1: half a second of a camcorder's clock, counted from its first frame",
    async () => {
      const flags = [...FAST, '--start', '0.5', '--end', '1'];
      const { times } = await runCase(at('00001.MTS'), out('late'), flags);
      const all = await ffprobeTimes(at('00001.MTS'));
      const since = (time: number) => time - (all[0] ?? 0);
      expect(all[0]).toBeGreaterThan(1);
      expect(toMicroseconds(times)).toEqual(
        toMicroseconds(all.filter(time => since(time) >= 0.5 - 1e-6 && since(time) < 1 - 1e-6)),
      );
    },
  );

  fullTest('raw.h265 --fps 30: the times are those of 30 frames a second', async () => {
    const { times } = await runCase(at('raw.h265'), out('raw'), [...FAST, '--fps', '30']);
    expect(times).toHaveLength((await listFrames(at('raw.h265'), 'v:0')).length);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 30, 4);
  });

  test.runIf(IS_FULL && OPENSIM)(
    'enter.mp4 --export trc: OpenSim reads it, without markers in frames without a person',
    async () => {
      const { rows, stem } = await runCase(at('enter.mp4'), out('enter'), ['--no-overlay', '--export', 'trc']);
      const frames = (await listFrames(at('enter.mp4'), 'v:0')).length;
      const missing = new Set(missingFrames(rows));
      expect(missing.size).toBeGreaterThan(20);
      const { seen } = await readTrc(`${stem}.trc`, 'left_shoulder');
      expect(seen).toHaveLength(frames);
      expect(seen.filter((isSeen, frame) => isSeen && missing.has(frame))).toEqual([]);
      expect(seen.filter(Boolean).length).toBeGreaterThan(25);
    },
  );

  test.runIf(OPENSIM)('huge-gap.mp4 --export trc: the rate is that of the existing frames', async () => {
    const { stem } = await runCase(at('huge-gap.mp4'), out('gap'), [...FAST, '--export', 'trc']);
    const { rate, times } = await readTrc(`${stem}.trc`, 'nose');
    expect(rate).toBeCloseTo(30, 1);
    expect(toMicroseconds(times)).toEqual(toMicroseconds(await ffprobeTimes(at('huge-gap.mp4'))));
    expect(Math.max(...steps(times))).toBeGreaterThan(599);
  });
});

describe.runIf(CAN_MAKE)('pictures', () => {
  test('empty-picture/f%d.jpg: the empty picture becomes a missing frame, and is reported', async () => {
    const { record, rows, stderr, stem } = await runCase(at('empty-picture', 'f%d.jpg'), out('empty'), TRACK, 'f');
    expect([record.frames.decoded, missingFrames(rows)]).toEqual([6, [3]]);
    expect(stderr).toMatch(/f4\.jpg \(frame 3\)/);
    expect(await listFrames(`${stem}.overlay.mp4`, 'v:0')).toHaveLength(6);
  });

  test('turned/img_%03d.jpg: pictures are upright according to EXIF, and people are where they are shown', async () => {
    const { record, stem } = await runCase(at('turned', 'img_%03d.jpg'), out('turned'), TRACK, 'img');
    expect(record.analysed).toEqual({ width: 640, height: 480 });
    const errors = await errorsAgainst(`${stem}.csv`, wave);
    expect(errors).toHaveLength(6);
    expect(median(errors)).toBeLessThan(USUAL_ERROR);
    const [film] = await probeStreams(`${stem}.overlay.mp4`);
    expect([film?.width, film?.height]).toEqual([640, 480]);
  });
});

describe.runIf(CAN_MAKE)('names', () => {
  /** The hash of `wave.mp4`'s own table, which each copy of it must have. */
  let own = '';
  beforeAll(async () => {
    await runCase(at('wave.mp4'), out('wave'), FAST);
    own = await hashOf(join(out('wave'), 'wave.csv'));
  });

  test('the 244-byte name: outputs are named after its beginning, and a message says so', async () => {
    const name = `${'あ'.repeat(80)}.mp4`;
    const { code, stderr } = await runCli(['analyze', at(name), '-o', out('long'), ...FAST]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('the name is too long')]);
    const written = await readdir(out('long'));
    const table = written.find(file => file.endsWith('.csv')) ?? '';
    expect(table).toMatch(/^あ{40,}/);
    for (const file of written) expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    expect(await hashOf(join(out('long'), table))).toBe(own);
  });

  test.runIf(process.platform === 'linux')('latin/: a name that is not UTF-8 is opened by its bytes', async () => {
    const line = `bodyscript analyze latin -o '${out('latin')}' ${FAST.join(' ')}`;
    expect((await runShell(line, at())).codes).toEqual([0]);
    const [table = ''] = (await readdir(out('latin'))).filter(name => name.endsWith('.csv'));
    expect(await hashOf(join(out('latin'), table))).toBe(own);
  });

  test('--from-file list.txt: the byte order mark is skipped', async () => {
    const args = ['analyze', '--from-file', 'list.txt', '-o', out('list'), ...FAST];
    const { code, stderr } = await runCli(args, { cwd: at() });
    expect(code, stderr).toBe(0);
    expect((await readdir(out('list'))).filter(name => name.endsWith('.csv')).sort()).toEqual(['sit.csv', 'wave.csv']);
    expect(await hashOf(join(out('list'), 'wave.csv'))).toBe(own);
  });

  test.runIf(IS_FULL)(
    'cameras/: files of action cameras are videos, except the small copies, which --include adds',
    async () => {
      const include = ['--include', '*.LRV', '--include', '*.TOD'];
      const some = await runCli(['analyze', at('cameras'), '-o', out('cameras'), ...FAST, ...include]);
      expect(some.code, some.stderr).toBe(0);
      const tables = (await readdir(out('cameras'))).filter(name => name.endsWith('.csv'));
      expect(tables).toHaveLength(2);
      for (const table of tables) expect(await hashOf(join(out('cameras'), table))).toBe(own);
      const all = await runCli(['analyze', at('cameras'), '-o', out('cameras'), ...FAST, '--dry-run']);
      for (const suffix of ['INSV', '360', '264', 'MOD', 'TOD'])
        expect(all.stdout + all.stderr).toContain(`GX010001.${suffix}`);
      expect(all.stdout + all.stderr).not.toContain('GX010001.LRV:');
    },
  );
});

/** The knees in COCO's order. */
const COCO_KNEES = [13, 14];

describe.runIf(CAN_MAKE)('half a body', () => {
  test('half.mp4 in the default mode: the visible half is kept', async () => {
    const { rows, stem } = await runCase(at('half.mp4'), out('half-smart'), ['--no-overlay']);
    expect(missingFrames(rows).length).toBeLessThanOrEqual(1);
    const errors = await errorsAgainst(`${stem}.csv`, wave);
    expect(median(errors)).toBeLessThan(USUAL_ERROR);
  });

  fullTest(
    'half.mp4 --export coco,mot,trc,openpose: joints outside the picture are absent from all of them',
    async () => {
      const { stem } = await runCase(at('half.mp4'), out('half'), [...FAST, '--export', 'coco,mot,trc,openpose']);
      const coco = JSON.parse(await readFile(`${stem}.coco.json`, 'utf8')) as {
        annotations: { keypoints: number[]; bbox: [number, number, number, number] }[];
      };
      expect(coco.annotations).toHaveLength(45);
      for (const { keypoints, bbox } of coco.annotations) {
        for (const knee of COCO_KNEES) expect(keypoints.slice(knee * 3, knee * 3 + 3)).toEqual([0, 0, 0]);
        const [x, y, width, height] = bbox;
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect([x + width <= 640, y + height <= 250]).toEqual([true, true]);
      }
      const mot = (await readFile(`${stem}.mot`, 'utf8')).split('endheader\n')[1]?.trim().split('\n') ?? [];
      const column = (mot[0] ?? '').split('\t').indexOf('knee_angle_l');
      expect(column).toBeGreaterThan(0);
      expect(new Set(mot.slice(1).map(line => line.split('\t')[column]))).toEqual(new Set(['nan']));
      const [first = ''] = (await readdir(`${stem}.openpose`)).sort();
      const pose = JSON.parse(await readFile(join(`${stem}.openpose`, first), 'utf8')) as {
        people: { pose_keypoints_2d: number[] }[];
      };
      // Knees and ankles in the order of BODY_25.
      for (const joint of [10, 11, 13, 14])
        expect(pose.people[0]?.pose_keypoints_2d.slice(joint * 3, joint * 3 + 3)).toEqual([0, 0, 0]);
      if (!OPENSIM) return;
      expect(new Set((await readTrc(`${stem}.trc`, 'left_knee')).seen)).toEqual(new Set([false]));
      expect(new Set((await readTrc(`${stem}.trc`, 'left_shoulder')).seen)).toEqual(new Set([true]));
    },
  );
});

describe('two people', async () => {
  const CROSSING = join(SAMPLES, 'crossing.mp4');
  const truth = await readTruth(join(SAMPLES, 'crossing.truth.json'));

  /** The truth's person whose hips are nearest to those of a person in the table. */
  function nearest(x: number, frame: number): number {
    const off = (truth.frames[frame] ?? []).map(({ image }) =>
      Math.abs(((image[23]?.[0] ?? 0) + (image[24]?.[0] ?? 0)) / 2 - x),
    );
    return off.indexOf(Math.min(...off));
  }

  /** The truth's person that each id follows, `id: person`, while the two stand a shoulder's width apart. */
  async function followed(table: string): Promise<Set<string>> {
    const rows = (await readCsv(table)).filter(row => row.landmark_id === '23' && row.x_px !== '');
    return new Set(
      rows.flatMap(row => {
        const frame = Number(row.frame_id);
        const [a = 0, b = 0] = (truth.frames[frame] ?? []).map(({ image }) => image[23]?.[0] ?? 0);
        return Math.abs(a - b) > 60 ? [`${row.person_id}: ${nearest(Number(row.x_px), frame)}`] : [];
      }),
    );
  }

  fullTest('crossing.mp4 --person 230,158 --max-size 320: the point refers to the video, like x_px', async () => {
    const [x, y] = [230, 158];
    const hips = (truth.frames[0] ?? []).map(({ image }) => image[23] ?? [0, 0]);
    const wanted = hips.indexOf(
      [...hips].sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y))[0]!,
    );
    const flags = ['--person', `${x},${y}`, '--max-size', '320', '--max-frames', '12', '--no-overlay'];
    const { stem } = await runCase(CROSSING, out('person'), flags);
    expect(await followed(`${stem}.csv`)).toEqual(new Set([`0: ${wanted}`]));
  });

  test.runIf(IS_FULL)(
    'crossing.mp4, one person: no id moves from one to the other, and another person brings a warning',
    async () => {
      const { record, stem } = await runCase(CROSSING, out('one'), ['--no-overlay']);
      const pairs = [...(await followed(`${stem}.csv`))];
      const ids = new Set(pairs.map(pair => pair.split(':')[0]));
      expect(pairs).toHaveLength(ids.size);
      expect([record.people.ids, (record.people.changes ?? 0) > 0]).toEqual([ids.size, ids.size > 1]);
      expect(record.warnings.some(warning => warning.includes('person'))).toBe(ids.size > 1);
    },
  );

  test('render crossing.csv squat.mp4: rejected by the hash in the run record, unless --any-video permits it', async () => {
    const { stem } = await runCase(CROSSING, out('render'), [...FAST, '--max-frames', '4']);
    const film = join(out('render'), 'film.mp4');
    const render = (...flags: string[]) =>
      runCli(['render', `${stem}.csv`, join(SAMPLES, 'squat.mp4'), '-o', film, ...flags]);
    const refused = await render();
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('was made from another video than')]);
    expect(existsSync(film)).toBe(false);
    expect((await render('--any-video')).code).toBe(0);
    expect(await listFrames(film, 'v:0')).toHaveLength((await listFrames(join(SAMPLES, 'squat.mp4'), 'v:0')).length);
  });
});
