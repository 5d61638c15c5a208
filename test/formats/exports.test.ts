import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import type { TableFrame } from '../../src/model/table-frame.js';
import { OPENSIM_COORDINATES } from '../../src/signal/opensim-coordinates.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { askPython, pythonWith } from '../support/readers.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PYARROW = pythonWith('pyarrow.parquet', 'pandas');
const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const frames: TableFrame[] = [];

/**
 * An OpenSim marker file, read according to its published format: tabs, five header lines, a blank one, and the number
 * of rows and markers stated in the header.
 */
function readTrc(text: string) {
  const lines = text.replace(/\n$/, '').split('\n');
  const [type, , head = '', names = '', axes = ''] = lines;
  expect(type).toMatch(/^PathFileType\t4\t\(X\/Y\/Z\)\t\S+\.trc$/);
  expect(lines[1]?.split('\t')).toEqual([
    'DataRate',
    'CameraRate',
    'NumFrames',
    'NumMarkers',
    'Units',
    'OrigDataRate',
    'OrigDataStartFrame',
    'OrigNumFrames',
  ]);
  const [rate, , frameCount, markerCount, units] = head.split('\t');
  const markers = names
    .split('\t')
    .slice(2)
    .filter((_, i) => i % 3 === 0);
  expect(names.split('\t').slice(0, 2)).toEqual(['Frame#', 'Time']);
  expect(axes.split('\t').slice(2)).toEqual(markers.flatMap((_, i) => [`X${i + 1}`, `Y${i + 1}`, `Z${i + 1}`]));
  expect(lines[5]).toBe('');
  const rows = lines.slice(6).map(line => line.split('\t'));
  expect(rows).toHaveLength(Number(frameCount));
  expect(markers).toHaveLength(Number(markerCount));
  for (const row of rows) expect(row).toHaveLength(2 + 3 * markers.length);
  return { rate: Number(rate), units, markers, rows };
}

beforeAll(async () => {
  // Four frames with a person, then two without.
  const clip = at('clip.mkv');
  await makeWithFfmpeg(
    ['-i', join(SAMPLES, 'wave.mp4'), '-vf', "drawbox=t=fill:color=gray:enable='gte(n,4)'", '-frames:v', '6'],
    clip,
  );
  await runCli(['analyze', clip, '-o', folder, '--mode', 'still', '--no-overlay', '-q']);
  const { code } = await runCli(['export', at('clip.csv'), '-f', 'trc,mot,openpose,coco,parquet', '-o', at('out')]);
  expect(code).toBe(0);
  for await (const frame of readLandmarks(at('clip.csv'))) frames.push(frame);
});

describe('exports', () => {
  test('TRC holds the world landmarks, y up and z towards the camera, empty in frames without a person', async () => {
    const { rate, units, markers, rows } = readTrc(await readFile(at('out.trc'), 'utf8'));
    expect([rate, units, markers]).toEqual([expect.closeTo(30, 0), 'm', [...LANDMARK_NAMES]]);
    const wrist = frames[2]?.people[0]?.landmarks[16];
    expect(rows[2]?.slice(2 + 3 * 16, 5 + 3 * 16).map(Number)).toEqual([
      wrist?.worldX,
      -(wrist?.worldY ?? 0),
      -(wrist?.worldZ ?? 0),
    ]);
    expect(Number(rows[0]?.[3])).toBeGreaterThan(0.4); // The nose is above the hips.
    expect(rows[5]?.slice(2).join('')).toBe('nan'); // OpenSim drops a row's last cell where it is empty.
    expect(rows.map(row => Number(row[1]))).toEqual(frames.map(({ timestamp }) => timestamp));
  });

  test('MOT holds joint angles in degrees, with the number of rows and columns stated in its header', async () => {
    const [head = '', body = ''] = (await readFile(at('out.mot'), 'utf8')).split('endheader\n');
    expect(head).toMatch(/^\S+\.mot\nversion=1\nnRows=6\nnColumns=28\ninDegrees=yes\n/);
    const [names, ...rows] = body
      .trimEnd()
      .split('\n')
      .map(line => line.split('\t'));
    expect(names).toEqual(['time', ...OPENSIM_COORDINATES]);
    expect(rows.map(row => row.length)).toEqual(Array(6).fill(28));
    expect(Math.abs(Number(rows[0]?.[names?.indexOf('knee_angle_l') ?? 0]))).toBeLessThan(30);
    expect(new Set(rows[5]?.slice(1))).toEqual(new Set(['nan']));
  });

  test('OpenPose has one file for each frame, with 25 points of each person in pixels', async () => {
    const names = (await readdir(at('out.openpose'))).sort();
    expect(names).toHaveLength(6);
    expect(names[0]).toBe('out_000000000000_keypoints.json');
    const [first, last] = await Promise.all(
      [names[0], names[5]].map(async name => JSON.parse(await readFile(at(`out.openpose/${name}`), 'utf8'))),
    );
    expect(last.people).toEqual([]);
    const points = first.people[0].pose_keypoints_2d;
    expect(points).toHaveLength(75);
    const wrist = frames[0]?.people[0]?.landmarks[16];
    expect(points.slice(12, 15)).toEqual([wrist?.xPx, wrist?.yPx, wrist?.confidence]);
    expect(points.slice(60, 63)).toEqual([0, 0, 0]);
  });

  test("COCO follows its format, with each frame's image and each pose's annotation", async () => {
    const coco = JSON.parse(await readFile(at('out.coco.json'), 'utf8'));
    const number = { type: 'number' };
    const check = new Ajv().compile({
      type: 'object',
      required: ['images', 'annotations', 'categories'],
      properties: {
        images: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'file_name', 'width', 'height'],
            properties: { id: { type: 'integer' }, width: { const: 640 }, height: { const: 480 } },
          },
        },
        annotations: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'image_id', 'category_id', 'keypoints', 'num_keypoints', 'bbox', 'area', 'iscrowd'],
            properties: {
              keypoints: { type: 'array', items: number, minItems: 51, maxItems: 51 },
              bbox: { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 4, maxItems: 4 },
              num_keypoints: { type: 'integer', minimum: 1, maximum: 17 },
              category_id: { const: 1 },
            },
          },
        },
        categories: {
          type: 'array',
          minItems: 1,
          items: { type: 'object', required: ['id', 'name', 'keypoints', 'skeleton'] },
        },
      },
    });
    expect(check(coco) ? [] : check.errors).toEqual([]);
    expect([coco.images.length, coco.annotations.length]).toEqual([6, 4]);
    const nose = frames[1]?.people[0]?.landmarks[0];
    expect(coco.annotations[1].keypoints.slice(0, 3)).toEqual([nose?.xPx, nose?.yPx, 2]);
    expect(coco.categories[0].keypoints).toHaveLength(17);
  });

  test('Parquet has the same numbers as the table, by DuckDB', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const [csv, parquet] = [`SELECT * FROM '${at('clip.csv')}'`, `SELECT * FROM '${at('out.parquet')}'`];
    const count = async (sql: string) =>
      Number((await connection.runAndReadAll(`SELECT count(*) FROM (${sql})`)).getRows()[0]?.[0]);
    const columns =
      'frame_id, timestamp, person_id, landmark_id, landmark_name, x, y, z, visibility, x_px, y_px, world_x, world_y, world_z, status, strategy, score, confidence';
    expect(await count(parquet)).toBe(6 * 33);
    expect(await count(`(SELECT ${columns} FROM (${csv})) EXCEPT (SELECT ${columns} FROM (${parquet}))`)).toBe(0);
    expect(await count(`(SELECT ${columns} FROM (${parquet})) EXCEPT (SELECT ${columns} FROM (${csv}))`)).toBe(0);
    connection.closeSync();
    instance.closeSync();
  });

  test.skipIf(!PYARROW)('Parquet has the same numbers as the table, by pyarrow and pandas', async () => {
    const program = `
import json, sys, pandas as pd, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
made, csv = table.to_pandas(), pd.read_csv(sys.argv[2])
made = made[csv.columns]
texts = ['landmark_name', 'status', 'strategy']
numbers = [c for c in csv.columns if c not in texts]
same = ((made[numbers] == csv[numbers]) | (made[numbers].isna() & csv[numbers].isna())).all().all()
print(json.dumps({'rows': table.num_rows, 'numbers': bool(same), 'texts': bool((made[texts].fillna('') == csv[texts].fillna('')).all().all())}))`;
    const found = await askPython(PYARROW!, program, [at('out.parquet'), at('clip.csv')]);
    expect(found).toEqual({ rows: 6 * 33, numbers: true, texts: true });
  });

  test('analyze writes them with --export, and rewrites them if one is deleted', async () => {
    const args = [
      'analyze',
      at('clip.mkv'),
      '-o',
      at('by-analyze'),
      '--mode',
      'still',
      '--no-overlay',
      '--export',
      'trc,parquet',
    ];
    expect((await runCli(args)).code).toBe(0);
    expect(await readFile(at('by-analyze/clip.trc'), 'utf8')).toBe(
      (await readFile(at('out.trc'), 'utf8')).replace('out.trc', 'clip.trc'),
    );
    expect((await runCli(args)).stderr).toMatch(/done already/);
    const { rm } = await import('node:fs/promises');
    await rm(at('by-analyze/clip.parquet'));
    expect((await runCli(args)).stderr).toMatch(/clip\.mkv: done\n/);
    expect(await readdir(at('by-analyze'))).toContain('clip.parquet');
    expect((await runCli(['analyze', 'a.mp4', '--export', 'trc', '--csv', '-'])).code).toBe(2);
    expect((await runCli(['analyze', 'a.mp4', '--export', 'bvh'])).stderr).toMatch(
      /--export must be one or more of trc, mot/,
    );
  });

  test('exports made during the analysis equal those made from its table later, byte for byte', async () => {
    const clip = join(SAMPLES, 'crossing.mp4');
    const out = at('crossing');
    const formats = 'trc,mot,opensim,c3d,openpose,coco,parquet,movement,xlsx';
    const args = ['analyze', clip, '-o', out, '--people', '2', '--no-overlay', '--quality', '--export', formats];
    expect((await runCli([...args, '--person-height', '1.8', '-q'])).code).toBe(0);
    const table = join(out, 'crossing.csv');
    const later = ['export', table, '-f', formats, '--person-height', '1.8', '-o', at('later/crossing')];
    expect((await runCli(later)).code).toBe(0);
    const made = await readdir(at('later'));
    expect(made).toEqual(expect.arrayContaining(['crossing.person-1.trc', 'crossing.coco.json', 'crossing.openpose']));
    const ik = (await readdir(at('later/crossing.opensim'))).map(name => `crossing.opensim/${name}`);
    expect(ik).toContain('crossing.opensim/person-1.trc');
    for (const name of [...made.filter(other => !/\.open(pose|sim)$/.test(other)), ...ik]) {
      const [one, other] = await Promise.all([readFile(join(out, name)), readFile(join(at('later'), name))]);
      expect([name, one.equals(other)]).toEqual([name, true]);
    }
    expect(await readdir(join(out, 'crossing.openpose'))).toEqual(await readdir(at('later/crossing.openpose')));
    expect((await runCli(['quality', table])).stdout).toBe(await readFile(join(out, 'crossing.quality.json'), 'utf8'));
    const left = (await readdir(out)).filter(name => /partial|rows|annotations/.test(name));
    expect(left).toEqual([]);
  });

  test("with a person's height TRC has the picture's pixels in metres, including the path through it", async () => {
    const table = at('crossing/crossing.csv');
    const { markers, rows } = readTrc(await readFile(at('later/crossing.person-0.trc'), 'utf8'));
    const place = (row: readonly string[], name: string) => {
      const at = 2 + 3 * markers.indexOf(name);
      return row.slice(at, at + 3).map(Number) as [number, number, number];
    };
    const seen = rows.filter(row => row[2] !== '');
    const statures = seen.map(row => place(row, 'nose')[1] - place(row, 'left_heel')[1]).sort((a, b) => a - b);
    const middle = statures[statures.length >> 1]!;
    expect(middle).toBeGreaterThan(1.45); // The nose of a person of 1.80 m is some 0.15 m below that.
    expect(middle).toBeLessThan(1.8);
    const hips = seen.map(row => place(row, 'left_hip')[0]);
    expect(Math.max(...hips) - Math.min(...hips)).toBeGreaterThan(1);
    for (const args of [
      ['export', table, '-f', 'trc', '--person-height', '180'],
      ['export', table, '-f', 'mot,coco', '--person-height', '1.8'],
      ['analyze', 'a.mp4', '--person-height', '1.8'],
    ]) {
      expect((await runCli(args)).code).toBe(2);
    }
  });

  test("files with that name that are not the program's own are not overwritten", async () => {
    const out = at('capture');
    await mkdir(out);
    await writeFile(join(out, 'clip.trc'), 'from the laboratory');
    const { code, stderr } = await runCli(['analyze', at('clip.mkv'), '-o', out, '--export', 'trc', '--no-overlay']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('clip.trc: already exists')]);
    expect(await readFile(join(out, 'clip.trc'), 'utf8')).toBe('from the laboratory');
  });

  test('several people have separate OpenSim files; an unknown format is a usage error', async () => {
    const two = at('two.csv');
    await copyFile(at('clip.csv'), two);
    const text = (await readFile(two, 'utf8')).trimEnd().split('\n');
    const second = text
      .slice(1)
      .filter(line => line.split(',')[2] === '0')
      .map(line => line.replace(/^(\d+,[\d.]+),0,/, '$1,1,'));
    const byFrame = [...text.slice(1), ...second].sort((a, b) => Number(a.split(',')[0]) - Number(b.split(',')[0]));
    await writeFile(two, `${[text[0], ...byFrame].join('\n')}\n`);
    expect((await runCli(['export', two, '-f', 'trc'])).code).toBe(0);
    for (const person of [0, 1]) readTrc(await readFile(at(`two.person-${person}.trc`), 'utf8'));
    const wrong = await runCli(['export', two, '-f', 'bvh']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--format must be one or more of trc, mot'),
    ]);
  });
});

test.skipIf(process.platform === 'win32')(
  "a table's name cannot add lines to the heads of OpenSim's files",
  async () => {
    const name = 'a\nendheader\u001b[2J\tb';
    await copyFile(at('clip.csv'), at(`${name}.csv`));
    expect((await runCli(['export', at(`${name}.csv`), '-f', 'trc,mot'])).code).toBe(0);
    const [trc, mot] = await Promise.all(['trc', 'mot'].map(suffix => readFile(at(`${name}.${suffix}`), 'utf8')));
    expect(trc?.split('\n')[0]).toBe('PathFileType\t4\t(X/Y/Z)\ta\\nendheader\\x1b[2J\\tb.trc');
    expect(mot).toMatch(/^a\\nendheader\\x1b\[2J\\tb\.mot\nversion=1\n/);
  },
);
