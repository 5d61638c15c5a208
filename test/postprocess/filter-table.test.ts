import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { filterTable } from '../../src/postprocess/filter-table.js';
import { processSeries, smooth } from '../../src/signal/process-series.js';
import { readCsv } from '../support/csv.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const GOLDEN = join(SAMPLES, 'golden', 'wave.csv');
const [head = '', ...lines] = (await readFile(GOLDEN, 'utf8')).trimEnd().split('\n');
const columns = head.split(',');

/** The golden table with some frames without people, and others changed. */
async function makeTable(
  name: string,
  missing: readonly number[],
  change: (cell: string, column: string, frame: number) => string = c => c,
) {
  const rows = lines.map((line, frame) =>
    line
      .split(',')
      .map((cell, i) =>
        missing.includes(frame) ? (i < 2 ? cell : i === 3 ? 'missing' : '') : change(cell, columns[i]!, frame),
      )
      .join(','),
  );
  await writeFile(at(name), `${[head, ...rows].join('\n')}\n`);
  return at(name);
}

async function framesOf(path: string) {
  const frames = [];
  for await (const frame of readLandmarks(path)) frames.push(frame);
  return frames;
}

const NONE = { smoothing: { kind: 'none' }, maxGap: 5, interpolation: 'cubic', rejectOutliers: false } as const;
const BUTTERWORTH = { ...NONE, smoothing: { kind: 'butterworth', order: 4, cutoffHz: 6 } } as const;

describe('filtering a table', () => {
  test('short gaps are filled near the truth and marked, longer ones stay, and the table itself is unchanged', async () => {
    const table = await makeTable('gaps.csv', [10, 11, 12, 30, 31, 32, 33, 34, 35, 36, 37]);
    const before = await readFile(table, 'utf8');
    const result = await filterTable(table, at('filled.csv'), NONE);
    expect(result).toMatchObject({ frames: 60, filled: 3 });
    expect(await readFile(table, 'utf8')).toBe(before);
    const [golden, filled] = [await framesOf(GOLDEN), await framesOf(at('filled.csv'))];
    expect(filled.map(({ people }) => people[0]?.status ?? 'missing').slice(9, 14)).toEqual([
      'tracked',
      'filled',
      'filled',
      'filled',
      'tracked',
    ]);
    expect(filled[33]?.people).toEqual([]);
    for (const id of [0, 11, 16, 23, 27]) {
      const [a, b] = [golden[11]?.people[0]?.landmarks[id], filled[11]?.people[0]?.landmarks[id]];
      expect(Math.hypot((a?.xPx ?? 0) - (b?.xPx ?? 0), (a?.yPx ?? 0) - (b?.yPx ?? 0))).toBeLessThan(3);
      expect(b?.visibility).toBe(0);
    }
  });

  test('a filled landmark has the lower confidence of its neighbours; existing ones are unchanged', async () => {
    const confidenceOf = (frame: number) => ((50 + frame) / 100).toFixed(4);
    const nobody = [4, 5, 20, 21, 22, 23, 24, 25, 26];
    const table = at('sure.csv');
    const body = Array.from({ length: 30 }, (_, frame) => {
      const time = (frame / 30).toFixed(6);
      if (nobody.includes(frame)) return `${frame},${time},,0,nose,,,missing,`;
      const jump = frame === 12 ? 0.4 : 0;
      const confidence = frame === 12 ? '0.0100' : frame === 3 ? '0.9000' : confidenceOf(frame);
      return `${frame},${time},0,0,nose,${0.2 + frame / 100 + jump},0.5,tracked,${confidence}`;
    });
    const columns = 'frame_id,timestamp,person_id,landmark_id,landmark_name,x,y,status,confidence';
    await writeFile(table, `${[columns, ...body].join('\n')}\n`);
    const options = { ...BUTTERWORTH, interpolation: 'linear', rejectOutliers: true } as const;
    expect(await filterTable(table, at('sure.filtered.csv'), options)).toMatchObject({ filled: 2, rejected: 1 });
    const reported = (await framesOf(at('sure.filtered.csv'))).map(({ people }) => people[0]?.landmarks[0]?.confidence);
    expect(reported.slice(0, 8)).toEqual([0.5, 0.51, 0.52, 0.9, 0.56, 0.56, 0.56, 0.57]); // 0.9 before and 0.56 after.
    expect(reported.slice(11, 14)).toEqual([0.61, 0.61, 0.63]); // The jump's own 0.01 was removed with it.
    expect(reported.slice(19, 28)).toEqual([0.69, ...Array(7).fill(undefined), 0.77]); // Too long a gap.
  });

  test('a table without depths has empty cells for them, not NaN', async () => {
    const rows = Array.from({ length: 5 }, (_, frame) => `${frame},${frame / 10},0,0,0.${frame + 1},0.5,tracked`);
    await writeFile(at('flat.csv'), ['frame_id,timestamp,person_id,landmark_id,x,y,status', ...rows, ''].join('\n'));
    await filterTable(at('flat.csv'), at('flat.filtered.csv'), NONE);
    const [first] = await readCsv(at('flat.filtered.csv'));
    expect(first).toMatchObject({ x: '0.100000', z: '', visibility: '0.0000', world_z: '', confidence: '' });
    expect(await readFile(at('flat.filtered.csv'), 'utf8')).not.toContain('NaN');
  });

  test('a table without confidences stays without them', async () => {
    await filterTable(
      await makeTable('none.csv', [10], (cell, column) => (column.endsWith('_confidence') ? '' : cell)),
      at('none.filtered.csv'),
      NONE,
    );
    const reported = (await framesOf(at('none.filtered.csv'))).flatMap(({ people }) => people[0]?.landmarks ?? []);
    expect(new Set(reported.map(({ confidence }) => confidence))).toEqual(new Set([undefined]));
  });

  test('existing values are unchanged without smoothing', async () => {
    await filterTable(GOLDEN, at('same.csv'), NONE);
    const { code, stdout } = await runCli([
      'compare',
      GOLDEN,
      at('same.csv'),
      '--tolerance',
      '0.01px',
      '--depth-tolerance',
      '0.01px',
      '--world-tolerance',
      '0.1mm',
    ]);
    expect([code, stdout.split(' ')[0]]).toEqual([0, 'same']);
  });

  test('smoothing removes noise, and a jump counts as an error', async () => {
    const noisy = await makeTable('noisy.csv', [], (cell, column, frame) =>
      column === 'left_hip_x'
        ? String(Number(cell) + (frame % 2 === 0 ? 0.004 : -0.004))
        : column === 'left_wrist_x' && frame === 25
          ? String(Number(cell) + 0.3)
          : cell,
    );
    await filterTable(noisy, at('smooth.csv'), { ...BUTTERWORTH, rejectOutliers: true });
    const [golden, smoothed] = [await framesOf(GOLDEN), await framesOf(at('smooth.csv'))];
    const x = (frames: typeof golden, frame: number, id: number) =>
      frames[frame]?.people[0]?.landmarks[id]?.x ?? Number.NaN;
    for (let frame = 5; frame < 55; frame++)
      expect(Math.abs(x(golden, frame, 23) - x(smoothed, frame, 23))).toBeLessThan(0.002);
    expect(Math.abs(x(golden, 25, 15) - x(smoothed, 25, 15))).toBeLessThan(0.01);
  });

  test("velocities and accelerations use the frames' own times", async () => {
    await writeFile(
      at('ramp.csv'),
      ['frame_id,timestamp,person_id,landmark_id,x,y,z,visibility,x_px,y_px']
        .concat([0, 0.1, 0.3, 0.4, 0.6, 0.7].map((t, i) => `${i},${t},0,0,${0.1 + t},0.5,0,1,${(0.1 + t) * 1000},250`))
        .join('\n'),
    );
    await filterTable(at('ramp.csv'), at('ramp.filtered.csv'), NONE, at('ramp.motion.csv'));
    const rows = (await readCsv(at('ramp.motion.csv'))).filter(({ landmark_id }) => landmark_id === '0');
    for (const row of rows) {
      expect(Number(row.vx_px)).toBeCloseTo(1000, 0);
      expect(Math.abs(Number(row.ax_px))).toBeLessThan(1);
    }
  });

  test('the command reports its results; an impossible cutoff is a usage error', async () => {
    const { code, stderr } = await runCli([
      'filter',
      GOLDEN,
      '-o',
      at('by-command.csv'),
      '--smooth',
      'savitzky-golay',
      '--window',
      '7',
    ]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/60 frames; Savitzky-Golay filter over 7 frames.*\n.*0 poses filled/),
    ]);
    const wrong = await runCli(['filter', GOLDEN, '-o', at('never.csv'), '--cutoff', '16']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('half the frame rate')]);
    expect((await runCli(['filter', GOLDEN, '-o', GOLDEN])).code).toBe(2);
  });
});

describe('series with a varying rate', () => {
  const uneven = Array.from({ length: 60 }, (_, i) => i / 30 + (i % 3 === 0 ? 0.008 : 0));
  const wave = uneven.map(t => Math.sin(2 * Math.PI * t));

  test.each([
    [{ kind: 'butterworth', order: 4, cutoffHz: 6 }],
    [{ kind: 'savitzky-golay', window: 7, polynomial: 3 }],
    [{ kind: 'loess', share: 0.08 }],
  ] as const)('%j keeps a slow wave where it is', smoothing => {
    const off = Array.from(smooth(uneven, Float64Array.from(wave), smoothing), (value, i) =>
      Math.abs(value - wave[i]!),
    );
    expect(Math.max(...off.slice(3, -3))).toBeLessThan(0.03);
  });

  test('each stretch between longer gaps is smoothed separately', () => {
    const values = wave.map((value, i) => (i > 20 && i < 40 ? Number.NaN : value));
    const found = processSeries(uneven, values, BUTTERWORTH);
    expect([...found].flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual(
      Array.from({ length: 19 }, (_, i) => 21 + i),
    );
  });
});
