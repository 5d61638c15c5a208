import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { readLandmarks } from '../../src/formats/read-landmarks.js';
import { LANDMARK_NAMES } from '../../src/model/blazepose.js';
import { makeWithFfmpeg } from '../support/ffmpeg.js';
import { SAMPLES } from '../support/reference-clips.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = await temporaryFolder();
const FRAMES = 6;

/** Rows of a query, as plain values. */
async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

// Two frames with a person, then one without.
const clip = join(folder, 'clip.mkv');
await makeWithFfmpeg(
  ['-i', join(SAMPLES, 'wave.mp4'), '-vf', "drawbox=t=fill:color=gray:enable='gte(n,2)'", '-frames:v', String(FRAMES)],
  clip,
);
const analyze = (out: string, ...options: string[]) =>
  runCli(['analyze', clip, '-o', join(folder, out), '--mode', 'still', '--no-overlay', '-q', ...options]);
await analyze('long', '--ndjson', 'auto');
await analyze('wide', '--csv-layout', 'wide');

test('DuckDB reads the long table without options, numbers as numbers and empty cells as NULL', async () => {
  const table = join(folder, 'long', 'clip.csv');
  const types = await query(`DESCRIBE SELECT * FROM '${table}'`);
  const typeOf = (name: string) => types.find(type => type.column_name === name)?.column_type;
  expect([typeOf('frame_id'), typeOf('timestamp'), typeOf('x'), typeOf('world_z'), typeOf('status')]).toEqual([
    'BIGINT',
    'DOUBLE',
    'DOUBLE',
    'DOUBLE',
    'VARCHAR',
  ]);
  const counts = await query(
    `SELECT status, count(*)::INT AS rows, count(x)::INT AS places, count(DISTINCT landmark_name)::INT AS names FROM '${table}' GROUP BY status ORDER BY status`,
  );
  expect(counts).toEqual([
    { status: 'detected', rows: 66, places: 66, names: 33 },
    { status: 'missing', rows: 33 * (FRAMES - 2), places: 0, names: 33 },
  ]);
});

test('the wide table has the same numbers, one row for each frame', async () => {
  const [long, wide] = [join(folder, 'long', 'clip.csv'), join(folder, 'wide', 'clip.csv')];
  const differences = LANDMARK_NAMES.flatMap(name =>
    ['x', 'y', 'z', 'visibility', 'x_px', 'y_px', 'world_x', 'world_y', 'world_z', 'confidence'].map(
      column => `sum((l.landmark_name = '${name}' AND l.${column} IS DISTINCT FROM w.${name}_${column})::INT)`,
    ),
  );
  const [row] = await query(
    `SELECT count(*)::INT AS rows, (${differences.join(' + ')})::INT AS different FROM '${long}' l JOIN '${wide}' w USING (frame_id, timestamp)`,
  );
  expect(row).toEqual({ rows: FRAMES * 33, different: 0 });
  expect(await query(`SELECT count(*)::INT AS rows FROM '${wide}'`)).toEqual([{ rows: FRAMES }]);
});

test('readLandmarks reads the three forms alike', async () => {
  const read = async (path: string) => {
    const frames = [];
    for await (const frame of readLandmarks(join(folder, path))) frames.push(frame);
    return frames;
  };
  const long = await read('long/clip.csv');
  expect(long.map(({ people }) => people.length)).toEqual([1, 1, 0, 0, 0, 0]);
  expect(await read('wide/clip.csv')).toEqual(long);
  expect(await read('long/clip.ndjson')).toEqual(long);
});
